#pragma once

#include <optional>
#include <vector>

namespace sketchscope::model {

/// The weights of one transformer block, in the order of the computation. `Norm` and `Matrix` are
/// the representation of a weight: its name in a checkpoint, its numbers, or their address in the
/// memory of a backend.
template <class Norm, class Matrix>
struct BlockParts {
  Norm attention_norm;
  Matrix qkv;                      // (H · D + 2 · K · D, C): queries, then keys, then values
  std::optional<Norm> query_norm;  // (D), of each head's query
  std::optional<Norm> key_norm;    // (D), of each head's key
  Matrix attention_output;         // (C, H · D)
  Norm inner_norm;
  Matrix up_projection;    // (F, C); of a gated layer (2 F, C): gates, then values
  Matrix down_projection;  // (C, F)
};

/// The weights of a decoder, described once for all code that names, loads, copies or runs them.
template <class Norm, class Matrix, class Table>
struct DecoderParts {
  Matrix tokens;                   // (V, C), also the head if that is tied
  std::optional<Table> positions;  // (T, C), where positions are learned
  std::vector<BlockParts<Norm, Matrix>> blocks;
  Norm final_norm;
  std::optional<Matrix> own_head;  // (V, C), absent where the head is tied

  /// The matrix of the head, which is the token embedding where the head is tied.
  [[nodiscard]] const Matrix& head() const { return own_head ? *own_head : tokens; }
};

/// Calls visit(part) for every weight.
template <class Norm, class Matrix, class Table, class Visit>
void for_each_part(const DecoderParts<Norm, Matrix, Table>& decoder, Visit&& visit) {
  const auto visit_if_there = [&](const auto& part) {
    if (part) visit(*part);
  };
  visit(decoder.tokens);
  visit_if_there(decoder.positions);
  for (const auto& block : decoder.blocks) {
    visit(block.attention_norm);
    visit(block.qkv);
    visit_if_there(block.query_norm);
    visit_if_there(block.key_norm);
    visit(block.attention_output);
    visit(block.inner_norm);
    visit(block.up_projection);
    visit(block.down_projection);
  }
  visit(decoder.final_norm);
  visit_if_there(decoder.own_head);
}

/// Returns a decoder with map(part) in place of every part; `map` is called in the order of
/// for_each_part().
template <class Norm, class Matrix, class Table, class Map>
auto map_parts(const DecoderParts<Norm, Matrix, Table>& from, Map&& map) {
  using MappedNorm = decltype(map(from.final_norm));
  using MappedMatrix = decltype(map(from.tokens));
  using MappedTable = decltype(map(*from.positions));
  const auto map_if_there = [&](const auto& part) {
    std::optional<decltype(map(*part))> mapped;
    if (part) mapped.emplace(map(*part));
    return mapped;
  };
  DecoderParts<MappedNorm, MappedMatrix, MappedTable> to{.tokens = map(from.tokens),
                                                         .positions = map_if_there(from.positions)};
  to.blocks.reserve(from.blocks.size());
  for (const auto& block : from.blocks) {
    to.blocks.push_back({.attention_norm = map(block.attention_norm),
                         .qkv = map(block.qkv),
                         .query_norm = map_if_there(block.query_norm),
                         .key_norm = map_if_there(block.key_norm),
                         .attention_output = map(block.attention_output),
                         .inner_norm = map(block.inner_norm),
                         .up_projection = map(block.up_projection),
                         .down_projection = map(block.down_projection)});
  }
  to.final_norm = map(from.final_norm);
  to.own_head = map_if_there(from.own_head);
  return to;
}

}  // namespace sketchscope::model
