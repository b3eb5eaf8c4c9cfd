#pragma once

#include <cstddef>
#include <vector>

#include "kernels/attention.hpp"

namespace sketchscope {

/// What the attention kernel is asked for in one layer, by lane and table, so that all of it is
/// computed side by side.
class AttentionBatch {
 public:
  /// `result` names where the answer goes; it has to last until run().
  void add(const DecodeAttention& input, const AttentionResult& result) {
    inputs_.push_back(input);
    results_.push_back(result);
  }

  void clear() {
    inputs_.clear();
    results_.clear();
  }

  /// Answers everything that was added.
  void run(ThreadPool& pool) const { decode_attention(pool, inputs_, results_); }
  /// The same, one after the other.
  void run() const {
    for (std::size_t i = 0; i < inputs_.size(); ++i) decode_attention(inputs_[i], results_[i]);
  }

 private:
  std::vector<DecodeAttention> inputs_;
  std::vector<AttentionResult> results_;
};

}  // namespace sketchscope
