#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "kernels/attention.hpp"
#include "kernels/eviction.hpp"
#include "kernels/kernel_error.hpp"
#include "kernels/kv_format.hpp"
#include "kernels/layers.hpp"
#include "kernels/prompt_attention.hpp"
#include "kernels/rotary.hpp"

// The checks of arguments that all implementations share; each throws KernelError.
namespace sketchscope::kernels {

/// Throws KernelError unless `found` is `expected`; `what` names the operation and its array.
inline void expect_size(const char* what, std::size_t found, std::size_t expected) {
  if (found == expected) return;
  throw KernelError(std::string(what) + " has " + std::to_string(found) + " elements; expected " +
                    std::to_string(expected));
}

inline void check_linear(const Linear& layer, std::span<const float> input, int rows,
                         std::span<float> output) {
  const auto count = static_cast<std::size_t>(rows);
  expect_size("linear: input", input.size(), count * static_cast<std::size_t>(layer.inputs));
  expect_size("linear: output", output.size(), count * static_cast<std::size_t>(layer.outputs));
  if (layer.type == WeightType::int8 && layer.scale == nullptr && layer.outputs > 0) {
    throw KernelError("linear: int8 weights without a scale per row");
  }
  if (in_blocks(layer.type) && layer.inputs % kWeightsPerBlock != 0) {
    throw KernelError("linear: " + std::to_string(layer.inputs) +
                      " inputs are no whole blocks of " + std::to_string(kWeightsPerBlock));
  }
}

inline void check_layer_norm(std::span<const float> input, std::span<const float> scale,
                             std::span<const float> bias, std::span<float> output) {
  expect_size("layer_norm: bias", bias.size(), scale.size());
  expect_size("layer_norm: output", output.size(), input.size());
  const bool whole_rows = scale.empty() ? input.empty() : input.size() % scale.size() == 0;
  if (!whole_rows) {
    throw KernelError("layer_norm: " + std::to_string(input.size()) +
                      " inputs are no whole rows of " + std::to_string(scale.size()));
  }
}

inline void check_rms_norm(std::span<const float> input, std::span<const float> scale,
                           std::span<float> output) {
  expect_size("rms_norm: output", output.size(), input.size());
  const bool whole_rows = scale.empty() ? input.empty() : input.size() % scale.size() == 0;
  if (!whole_rows) {
    throw KernelError("rms_norm: " + std::to_string(input.size()) +
                      " inputs are no whole rows of " + std::to_string(scale.size()));
  }
}

inline void check_rotation(const Rotation& rotation, int head_width, std::span<float> vectors) {
  expect_size("rotate: sines", rotation.sine.size(), rotation.cosine.size());
  const auto width = static_cast<std::size_t>(head_width);
  if (head_width < 1 || 2 * rotation.cosine.size() > width || vectors.size() % width != 0) {
    throw KernelError("rotate: " + std::to_string(rotation.cosine.size()) + " pairs of " +
                      std::to_string(vectors.size()) + " numbers in vectors of " +
                      std::to_string(head_width));
  }
}

inline void check_gate(int width, std::span<const float> input, std::span<float> output) {
  expect_size("gate: input", input.size(), 2 * output.size());
  if (width < 1 || output.size() % static_cast<std::size_t>(width) != 0) {
    throw KernelError("gate: " + std::to_string(output.size()) + " outputs are no whole rows of " +
                      std::to_string(width));
  }
}

inline void check_head_counts(const char* what, int heads, int kv_heads) {
  if (kv_heads >= 1 && heads >= 1 && heads % kv_heads == 0) return;
  throw KernelError(std::string(what) + ": " + std::to_string(heads) +
                    " query heads cannot share " + std::to_string(kv_heads) +
                    " key/value heads; expected a divisor");
}

inline void check_slot_rotations(const DecodeAttention& input) {
  const auto& [ranks, rotations, pairs] = input.rotations;
  if (ranks.empty()) return;
  expect_size("decode_attention: ranks", ranks.size(), static_cast<std::size_t>(input.stored));
  if (input.head_width > kWidestRotatedHead || pairs < 1 || 2 * pairs > input.head_width) {
    throw KernelError("decode_attention: " + std::to_string(pairs) +
                      " pairs to rotate in keys of width " + std::to_string(input.head_width) +
                      "; expected at most half of it, and a width of at most " +
                      std::to_string(kWidestRotatedHead));
  }
  const std::size_t known = rotations.size() / (2 * static_cast<std::size_t>(input.head_width));
  for (const int rank : ranks) {
    if (rank >= 0 && static_cast<std::size_t>(rank) < known) continue;
    throw KernelError("decode_attention: rotation " + std::to_string(rank) + " of " +
                      std::to_string(known));
  }
}

inline void check_decode_attention(const DecodeAttention& input, const AttentionResult& result) {
  const auto heads = static_cast<std::size_t>(input.heads);
  const auto stored = static_cast<std::size_t>(input.stored);
  const auto width = static_cast<std::size_t>(input.head_width);
  check_head_counts("decode_attention", input.heads, input.kv_heads);
  if (input.format == KvFormat::int4 && width % 2 != 0) {
    throw KernelError("decode_attention: int4 takes an even head width, not " +
                      std::to_string(width));
  }
  expect_size("decode_attention: query", input.query.size(), heads * width);
  expect_size("decode_attention: output", result.output.size(), heads * width);
  if (!result.mass.empty()) {
    expect_size("decode_attention: mass", result.mass.size(), heads * stored);
  }
  if (!result.log_sum_exp.empty()) {
    expect_size("decode_attention: log_sum_exp", result.log_sum_exp.size(), heads);
  }
  if (input.pages.size() * kSlotsPerPage < stored) {
    throw KernelError("decode_attention: " + std::to_string(input.pages.size()) +
                      " pages cannot hold " + std::to_string(stored) + " slots");
  }
  check_slot_rotations(input);
  int previous = -1;
  for (const int slot : input.slots) {
    if (slot <= previous || slot >= input.stored) {
      throw KernelError("decode_attention: slot " + std::to_string(slot) + " to read, of " +
                        std::to_string(stored) + " stored; expected ascending stored slots");
    }
    previous = slot;
  }
}

inline void check_kv(const KvLayout& layout, std::size_t numbers, std::size_t bytes) {
  const auto count = static_cast<std::size_t>(layout.count);
  const std::size_t vector = kv_vector_bytes(layout.format, layout.width);
  expect_size("stored vectors: numbers", numbers, count * static_cast<std::size_t>(layout.width));
  if (layout.format == KvFormat::int4 && layout.width % 2 != 0) {
    throw KernelError("int4 takes vectors of an even width, not " + std::to_string(layout.width));
  }
  if (count == 0) return;
  if (layout.stride < vector || bytes < (count - 1) * layout.stride + vector) {
    throw KernelError("stored vectors: " + std::to_string(count) + " of " + std::to_string(vector) +
                      " bytes, " + std::to_string(layout.stride) + " apart, do not fit into " +
                      std::to_string(bytes) + " bytes");
  }
}

inline void check_rows(const char* what, const StridedRows& rows, std::size_t count,
                       std::size_t width) {
  expect_size(what, rows.width, width);
  if (count == 0) return;
  const std::size_t least = (count - 1) * rows.stride + width;
  if (rows.stride >= width && rows.numbers.size() >= least) return;
  throw KernelError(std::string(what) + ": " + std::to_string(count) + " vectors of " +
                    std::to_string(width) + " numbers, " + std::to_string(rows.stride) +
                    " apart, do not fit into " + std::to_string(rows.numbers.size()));
}

inline void check_prompt_vectors(const PromptAttention& input, std::span<float> output) {
  if (input.first < 0 || input.first > input.tokens) {
    throw KernelError("prompt_attention: first query " + std::to_string(input.first) + " of " +
                      std::to_string(input.tokens) + " tokens");
  }
  const auto tokens = static_cast<std::size_t>(input.tokens);
  const auto queries = static_cast<std::size_t>(input.tokens - input.first);
  const auto width = static_cast<std::size_t>(input.head_width);
  const std::size_t query_width = static_cast<std::size_t>(input.heads) * width;
  const std::size_t kv_width = static_cast<std::size_t>(input.kv_heads) * width;
  check_head_counts("prompt_attention", input.heads, input.kv_heads);
  check_rows("prompt_attention: query", input.query, queries, query_width);
  check_rows("prompt_attention: key", input.key, tokens, kv_width);
  check_rows("prompt_attention: value", input.value, tokens, kv_width);
  expect_size("prompt_attention: output", output.size(), queries * query_width);
}

inline void check_prompt_attention(const PromptAttention& input, int head, std::span<float> output,
                                   std::span<float> mass) {
  check_prompt_vectors(input, output);
  if (!mass.empty()) {
    expect_size("prompt_attention: mass", mass.size(), static_cast<std::size_t>(input.tokens));
  }
  if (head < 0 || head >= input.heads) {
    throw KernelError("prompt_attention: head " + std::to_string(head) + " of " +
                      std::to_string(input.heads));
  }
}

/// Checks the attention of all heads of a prompt.
inline void check_prompt_attention(const PromptAttention& input, std::span<float> output,
                                   std::span<float> mass) {
  check_prompt_vectors(input, output);
  const auto heads = static_cast<std::size_t>(input.heads);
  const bool fits =
      mass.size() % heads == 0 && mass.size() / heads >= static_cast<std::size_t>(input.tokens);
  if (mass.empty() || fits) return;
  throw KernelError("prompt_attention: mass of " + std::to_string(mass.size()) +
                    " numbers; expected as many for each of " + std::to_string(heads) +
                    " heads, at least " + std::to_string(input.tokens));
}

inline void check_softmax(std::span<const float> logits, std::span<float> probability) {
  expect_size("softmax: probabilities", probability.size(), logits.size());
  if (logits.empty()) throw KernelError("a distribution over no entries was asked for");
}

inline void check_sketch(const SketchRows& rows, std::size_t cells, bool wants_signs) {
  const std::size_t depth = rows.buckets.size();
  if (depth < 1 || depth > kMostSketchRows || rows.width < 1 || rows.width > SketchHash::kPrime) {
    throw KernelError("sketch: " + std::to_string(depth) + " rows of " +
                      std::to_string(rows.width) + " cells");
  }
  expect_size("sketch: cells", cells, depth * rows.width);
  if (wants_signs) expect_size("sketch: signs", rows.signs.size(), depth);
}

inline void check_sketch_query(const SketchRows& rows, SketchQuery query, std::size_t cells,
                               std::size_t ids, std::size_t estimates) {
  check_sketch(rows, cells, query == SketchQuery::signed_median);
  expect_size("sketch: estimates", estimates, ids);
}

inline void check_sketch_update(const SketchRows& rows, SketchUpdate update, std::size_t cells,
                                std::size_t items, std::size_t room) {
  check_sketch(rows, cells, update == SketchUpdate::add_signed);
  expect_size("sketch: room", room, items);
}

inline void check_lowest_slots(std::span<const int> positions, std::span<const float> scores) {
  expect_size("lowest_slots: scores", scores.size(), positions.size());
}

}  // namespace sketchscope::kernels
