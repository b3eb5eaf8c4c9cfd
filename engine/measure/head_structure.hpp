#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "engine/model/model.hpp"

namespace sketchscope {

/// Mean attention masses that characterise one head under full attention. Each mean is over the
/// queries for which its position exists.
struct HeadStructure {
  int layer = 0;
  int head = 0;
  double sink = 0;       ///< on position 0 of a text
  double previous = 0;   ///< on the token before the query, in a text
  double induction = 0;  ///< after the query token's previous occurrence, in repeats
};

/// Options of measure_heads().
struct HeadStructureOptions {
  std::vector<std::vector<int>> texts;  ///< token ids; a text of one token is ignored
  int repeated_tokens = 200;            ///< random tokens, which are then repeated once
  int repetitions = 4;                  ///< number of repeated sequences
  std::uint64_t seed = 1;
  int threads = 1;
};

/// Measures every head of the model, by layer. Repeated random tokens distinguish induction heads,
/// which continue an earlier occurrence, from heads that only know the language (Olsson et al.,
/// In-context Learning and Induction Heads, 2022). Throws Error when a text or repetition does not
/// fit the context.
std::vector<HeadStructure> measure_heads(std::shared_ptr<const Model> model,
                                         const HeadStructureOptions& options);

/// Returns `count` random tokens below `vocabulary`, followed by the same tokens again.
std::vector<int> repeated_random_tokens(int count, int vocabulary, std::uint64_t seed);

}  // namespace sketchscope
