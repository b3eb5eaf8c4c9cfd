#pragma once

#include <vector>

#include "engine/model/model.hpp"

namespace sketchscope::support {

/// Plain causal attention over everything seen so far, in double: rows are the next positions of
/// one sequence. Independent of the engine's caches and kernels.
class FullAttention final : public model::AttentionLayer {
 public:
  explicit FullAttention(const model::ModelConfig& config);
  void attend(int layer, const model::AttentionInput& input, std::span<float> output) override;

 private:
  struct Seen {
    std::vector<float> keys;    // (S, K · D)
    std::vector<float> values;  // (S, K · D)
  };
  void attend_head(const Seen& seen, int layer, int head, const float* query, float* output) const;

  model::ModelConfig config_;
  std::vector<Seen> layers_;
};

}  // namespace sketchscope::support
