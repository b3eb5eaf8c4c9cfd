#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "engine/decode/cached_attention.hpp"
#include "engine/decode/device_spans.hpp"
#include "engine/decode/lane.hpp"
#include "engine/model/attention_layer.hpp"
#include "engine/model/device_backend.hpp"
#include "kernels/cuda/launch.hpp"
#include "kernels/cuda/runtime.hpp"

namespace sketchscope::decode {

/// Attention of a prompt on the GPU. Behind each part its queries, keys and values are fetched, and
/// behind a layer the mass, for the lanes, whose tables lie in the program's memory. So the GPU
/// holds the queries, keys and values of one layer alone, and waits while lanes store.
class DevicePromptAttention final : public model::AttentionLayer {
 public:
  DevicePromptAttention(const model::ModelConfig& config, const kernels::cuda::Queue& queue);

  /// Starts a prompt of `tokens` tokens, of which at most `rows_at_once` come together, for lanes
  /// that `workspace` serves. The observer, which may be null, notes the operations of the GPU.
  void begin(PromptLanes& lanes, int tokens, int rows_at_once, PromptWorkspace& workspace,
             trace::SpanObserver* observer);

  void attend(int layer, const model::AttentionInput& input, std::span<float> output) override;

  /// Returns the milliseconds that the lanes have taken since begin().
  [[nodiscard]] double policy_ms() const { return policy_ms_; }

 private:
  /// Queues the attention of the tokens [first, taken_).
  void launch(int first, int layer, const model::AttentionInput& input, std::span<float> output);
  /// Waits for the queries, keys and values of these tokens, and for the mass if they are the last.
  [[nodiscard]] model::AttentionInput fetch(int first, int layer,
                                            const model::AttentionInput& input);

  const model::ModelConfig& config_;
  const kernels::cuda::Queue& queue_;
  PromptLanes* lanes_ = nullptr;
  PromptWorkspace* workspace_ = nullptr;
  trace::SpanObserver* observer_ = nullptr;
  int tokens_ = 0;                 // N
  int taken_ = 0;                  // rows of the current layer received so far
  const float* keys_ = nullptr;    // of the current layer, on the device
  const float* values_ = nullptr;  // of the current layer, on the device
  double policy_ms_ = 0.0;
  kernels::cuda::DeviceArray<float> mass_;                           // (H, N)
  kernels::cuda::DeviceArray<kernels::cuda::QuerySoftmax> softmax_;  // (H, M)
  std::vector<float> qkv_;                                           // (M, (H + 2 K) · D), fetched
};

/// A prompt in one pass on the GPU, which computes all of the model; what policies, statistics and
/// audit do with it happens on the processor, layer by layer.
class DevicePrompt {
 public:
  /// `weights` are in device memory; the queue must outlive this object.
  DevicePrompt(const model::ModelConfig& config, const model::DecoderView& weights,
               const kernels::cuda::Queue& queue);

  /// A prompt for empty lanes, none of which stores keys unrotated.
  struct Input {
    std::span<Lane* const> lanes;
    std::span<const int> tokens;  // (N)
    int rows_at_once = 0;         // rows that go through a block together
    PromptWorkspace& workspace;
  };
  /// Puts the prompt into the lanes and writes the `logits` (V) of its last token. They, and what
  /// the lanes keep, do not depend on `rows_at_once`. Throws Error on a token or position outside
  /// the model's range, DeviceError if the device fails.
  void run(const Input& input, std::span<float> logits);

  /// Returns the times of the last run by phase, of which only policy is measured here.
  [[nodiscard]] record::PhaseTimes times() const { return {.policy_ms = attention_.policy_ms()}; }

 private:
  void run_pass(int rows, int rows_at_once, trace::Recorder* recorder);

  const model::ModelConfig& config_;
  const model::DecoderView& weights_;
  const kernels::cuda::Queue& queue_;
  model::DeviceBackend backend_;
  DevicePromptAttention attention_;
  DeviceSpans spans_;
};

}  // namespace sketchscope::decode
