#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "engine/model/model.hpp"

namespace sketchscope {

/// Where one head looks under full attention: mean masses over the queries that have such a
/// position.
struct HeadStructure {
  int layer = 0;
  int head = 0;
  double sink = 0;       ///< on position 0, in a text
  double previous = 0;   ///< on the token before the query, in the same text
  double induction = 0;  ///< on the token after the query's previous occurrence, in repeated tokens
};

struct HeadStructureOptions {
  std::vector<std::vector<int>> texts;  ///< token ids of each; those of one token count for nothing
  int repeated_tokens = 200;            ///< drawn at random, then said once more
  int repetitions = 4;                  ///< such sequences
  std::uint64_t seed = 1;
  int threads = 1;
};

/// Every head of the model, by layer. Repeated tokens tell a head that finds and continues an
/// earlier occurrence from one that only knows the language (Olsson et al., In-context Learning and
/// Induction Heads, 2022). Throws Error when a text or repetition does not fit the context.
std::vector<HeadStructure> measure_heads(std::shared_ptr<const Model> model,
                                         const HeadStructureOptions& options);

/// `count` random tokens of `vocabulary`, twice.
std::vector<int> repeated_random_tokens(int count, int vocabulary, std::uint64_t seed);

}  // namespace sketchscope
