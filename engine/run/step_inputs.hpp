#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace sketchscope::run {

/// The tokens that a run was fed, by step: in the first one all of a prompt that ran in one pass,
/// else one.
class StepInputs {
 public:
  /// Adds the tokens of a step, of which only the first may feed several.
  void append(std::span<const int> tokens) {
    if (tokens_.empty()) first_ = tokens.size();
    tokens_.insert(tokens_.end(), tokens.begin(), tokens.end());
  }
  /// Forgets all steps after the first `steps`.
  void cut_to(std::size_t steps) { tokens_.resize(steps == 0 ? 0 : first_ + steps - 1); }

  [[nodiscard]] std::size_t steps() const {
    return tokens_.empty() ? 0 : tokens_.size() - first_ + 1;
  }
  /// Returns the first token of a step.
  [[nodiscard]] int first_of(std::size_t step) const {
    return step == 0 ? tokens_.front() : tokens_[first_ + step - 1];
  }
  /// Returns the number of tokens that the first step fed, or will feed if it feeds `next` tokens.
  [[nodiscard]] std::size_t first_pass(std::size_t next) const {
    return tokens_.empty() ? next : first_;
  }

 private:
  std::vector<int> tokens_;
  std::size_t first_ = 0;  // number of tokens that the first step fed
};

}  // namespace sketchscope::run
