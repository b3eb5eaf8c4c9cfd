#pragma once

#include <optional>
#include <vector>

namespace sketchscope {

/// The weights of one transformer block, in the order of the computation. `Norm` and `Matrix` are
/// the representation of a weight: its name in a checkpoint, its numbers, or their address in the
/// memory of a backend.
template <class Norm, class Matrix>
struct BlockParts {
  Norm attention_norm;
  Matrix qkv;               // (H · D + 2 · K · D, C): queries, then keys, then values
  Matrix attention_output;  // (C, H · D)
  Norm inner_norm;
  Matrix up_projection;    // (F, C)
  Matrix down_projection;  // (C, F)
};

/// The weights of a decoder, described once for all code that names, loads, copies or runs them.
template <class Norm, class Matrix, class Table>
struct DecoderParts {
  Matrix tokens;    // (V, C), also the head if that is tied
  Table positions;  // (T, C)
  std::vector<BlockParts<Norm, Matrix>> blocks;
  Norm final_norm;
  std::optional<Matrix> own_head;  // (V, C), absent where the head is tied

  /// The matrix of the head, which is the token embedding where the head is tied.
  [[nodiscard]] const Matrix& head() const { return own_head ? *own_head : tokens; }
};

/// Calls visit(part) for every weight.
template <class Norm, class Matrix, class Table, class Visit>
void for_each_part(const DecoderParts<Norm, Matrix, Table>& decoder, Visit&& visit) {
  visit(decoder.tokens);
  visit(decoder.positions);
  for (const auto& block : decoder.blocks) {
    visit(block.attention_norm);
    visit(block.qkv);
    visit(block.attention_output);
    visit(block.inner_norm);
    visit(block.up_projection);
    visit(block.down_projection);
  }
  visit(decoder.final_norm);
  if (decoder.own_head) visit(*decoder.own_head);
}

/// Returns a decoder with map(part) in place of every part; `map` is called in the order of
/// for_each_part().
template <class Norm, class Matrix, class Table, class Map>
auto map_parts(const DecoderParts<Norm, Matrix, Table>& from, Map&& map) {
  using MappedNorm = decltype(map(from.final_norm));
  using MappedMatrix = decltype(map(from.tokens));
  using MappedTable = decltype(map(from.positions));
  DecoderParts<MappedNorm, MappedMatrix, MappedTable> to{.tokens = map(from.tokens),
                                                         .positions = map(from.positions)};
  to.blocks.reserve(from.blocks.size());
  for (const auto& block : from.blocks) {
    to.blocks.push_back({.attention_norm = map(block.attention_norm),
                         .qkv = map(block.qkv),
                         .attention_output = map(block.attention_output),
                         .inner_norm = map(block.inner_norm),
                         .up_projection = map(block.up_projection),
                         .down_projection = map(block.down_projection)});
  }
  to.final_norm = map(from.final_norm);
  if (from.own_head) to.own_head.emplace(map(*from.own_head));
  return to;
}

}  // namespace sketchscope
