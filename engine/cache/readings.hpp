#pragma once

#include <vector>

#include "kernels/decode_attention.hpp"

namespace sketchscope {

/// What the attention kernel is asked for in one layer, by lane and table.
struct Readings {
  std::vector<DecodeAttention> inputs;
  std::vector<AttentionResult> results;

  void add(const DecodeAttention& input, const AttentionResult& result) {
    inputs.push_back(input);
    results.push_back(result);
  }
  void clear() {
    inputs.clear();
    results.clear();
  }
};

}  // namespace sketchscope
