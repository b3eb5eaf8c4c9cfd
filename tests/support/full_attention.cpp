#include "tests/support/full_attention.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace sketchscope::support {

FullAttention::FullAttention(const ModelConfig& config)
    : config_(config), layers_(static_cast<std::size_t>(config.layers)) {}

void FullAttention::attend(int layer, std::span<const float> qkv, std::span<float> output) {
  Seen& seen = layers_.at(static_cast<std::size_t>(layer));
  const auto width = static_cast<std::size_t>(config_.width);
  for (std::size_t row = 0; row * width < output.size(); ++row) {
    const float* const query = qkv.data() + row * 3 * width;
    seen.keys.insert(seen.keys.end(), query + width, query + 2 * width);
    seen.values.insert(seen.values.end(), query + 2 * width, query + 3 * width);
    for (int head = 0; head < config_.heads; ++head) {
      attend_head(seen, layer, head, query, output.data() + row * width);
    }
  }
}

void FullAttention::attend_head(const Seen& seen, int layer, int head, const float* query,
                                float* output) const {
  const auto width = static_cast<std::size_t>(config_.width);
  const auto head_width = static_cast<std::size_t>(config_.head_width);
  const std::size_t first = static_cast<std::size_t>(head) * head_width;
  const std::size_t stored = seen.keys.size() / width;
  const double scale = config_.attention_scale(layer);
  std::vector<double> weight(stored);
  double largest = -std::numeric_limits<double>::infinity();
  for (std::size_t s = 0; s < stored; ++s) {
    double dot = 0.0;
    for (std::size_t d = first; d < first + head_width; ++d) {
      dot += double{query[d]} * seen.keys[s * width + d];
    }
    weight[s] = dot * scale;
    largest = std::max(largest, weight[s]);
  }
  double sum = 0.0;
  for (double& score : weight) {
    score = std::exp(score - largest);
    sum += score;
  }
  for (std::size_t d = first; d < first + head_width; ++d) {
    double mixed = 0.0;
    for (std::size_t s = 0; s < stored; ++s) {
      mixed += weight[s] / sum * seen.values[s * width + d];
    }
    output[d] = static_cast<float>(mixed);
  }
}

}  // namespace sketchscope::support
