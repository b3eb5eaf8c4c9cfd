#include "tests/support/full_attention.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace sketchscope::support {

FullAttention::FullAttention(const model::ModelConfig& config)
    : config_(config), layers_(static_cast<std::size_t>(config.layers)) {}

void FullAttention::attend(int layer, const model::AttentionInput& input, std::span<float> output) {
  Seen& seen = layers_.at(static_cast<std::size_t>(layer));
  const auto width = static_cast<std::size_t>(config_.query_width());
  for (std::size_t row = 0; row * width < output.size(); ++row) {
    const std::span<const float> key = input.key.row(row);
    const std::span<const float> value = input.value.row(row);
    seen.keys.insert(seen.keys.end(), key.begin(), key.end());
    seen.values.insert(seen.values.end(), value.begin(), value.end());
    for (int head = 0; head < config_.heads; ++head) {
      attend_head(seen, layer, head, input.query.row(row).data(), output.data() + row * width);
    }
  }
}

void FullAttention::attend_head(const Seen& seen, int layer, int head, const float* query,
                                float* output) const {
  const auto kv_width = static_cast<std::size_t>(config_.kv_width());
  const auto width = static_cast<std::size_t>(config_.head_width);
  const std::size_t first = static_cast<std::size_t>(head) * width;
  const std::size_t kv_first = static_cast<std::size_t>(config_.kv_head_of(head)) * width;
  const std::size_t stored = seen.keys.size() / kv_width;
  const double scale = config_.attention_scale(layer);
  std::vector<double> weight(stored);
  double largest = -std::numeric_limits<double>::infinity();
  for (std::size_t s = 0; s < stored; ++s) {
    double dot = 0.0;
    for (std::size_t d = 0; d < width; ++d) {
      dot += double{query[first + d]} * seen.keys[s * kv_width + kv_first + d];
    }
    weight[s] = dot * scale;
    largest = std::max(largest, weight[s]);
  }
  double sum = 0.0;
  for (double& score : weight) {
    score = std::exp(score - largest);
    sum += score;
  }
  for (std::size_t d = 0; d < width; ++d) {
    double mixed = 0.0;
    for (std::size_t s = 0; s < stored; ++s) {
      mixed += weight[s] / sum * seen.values[s * kv_width + kv_first + d];
    }
    output[first + d] = static_cast<float>(mixed);
  }
}

}  // namespace sketchscope::support
