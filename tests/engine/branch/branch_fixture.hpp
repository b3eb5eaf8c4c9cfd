#pragma once

#include <memory>
#include <vector>

#include "engine/branch/branch_run.hpp"
#include "engine/core/random.hpp"
#include "tests/support/tiny_model.hpp"

namespace sketchscope::support {

inline std::shared_ptr<const model::Model> model_of_context(int positions) {
  TinyModelOptions options;
  options.config.positions = positions;
  return make_tiny_model(options);
}

inline std::vector<int> random_tokens(std::uint64_t seed, int count) {
  core::SplitMix64 random(seed);
  std::vector<int> tokens;
  for (int i = 0; i < count; ++i) tokens.push_back(static_cast<int>(random.below(259)));
  return tokens;
}

inline branch::BranchOptions options_for_a_test() {
  return {.knobs = {.policy = "full", .temperature = 1, .threshold = 0.5, .max_paths = 8},
          .prompt = random_tokens(1, 13),
          .max_new_tokens = 20};
}

inline void finish(branch::BranchRun& run) {
  while (!run.finished()) run.step();
}

}  // namespace sketchscope::support
