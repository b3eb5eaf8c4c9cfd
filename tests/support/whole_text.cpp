#include "tests/support/whole_text.hpp"

#include <algorithm>
#include <cmath>

#include "tests/support/full_attention.hpp"

namespace sketchscope::support {

std::vector<float> logits_of(const model::Model& model, const std::vector<int>& tokens) {
  std::vector<model::InputRow> rows;
  for (const int token : tokens) {
    rows.push_back({token, static_cast<int>(rows.size())});
  }
  std::vector<float> logits(tokens.size() * static_cast<std::size_t>(model.config().vocabulary));
  kernels::ThreadPool pool(2);
  model::Activations activations;
  FullAttention attention(model.config());
  model.forward(pool, {.rows = rows, .logits = logits}, attention, activations);
  return logits;
}

std::vector<int> greedy_continuation(const model::Model& model, std::vector<int> tokens,
                                     std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    const std::vector<float> logits = logits_of(model, tokens);
    const auto last = logits.end() - model.config().vocabulary;
    tokens.push_back(static_cast<int>(std::max_element(last, logits.end()) - last));
  }
  return {tokens.end() - static_cast<std::ptrdiff_t>(count), tokens.end()};
}

float relative_difference(std::span<const float> found, std::span<const float> expected) {
  float largest = 0.0F;
  float difference = 0.0F;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    largest = std::max(largest, std::abs(expected[i]));
    difference = std::max(difference, std::abs(found[i] - expected[i]));
  }
  return difference / largest;
}

}  // namespace sketchscope::support
