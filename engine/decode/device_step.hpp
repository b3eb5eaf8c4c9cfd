#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "engine/decode/cached_attention.hpp"
#include "engine/decode/device_attention.hpp"
#include "engine/model/device_backend.hpp"
#include "kernels/cuda/runtime.hpp"

namespace sketchscope {

/// A step on the GPU, one CUDA graph from tokens to logits. Which slot each token takes follows
/// from what was counted before the step, so all of them are chosen first; what the step gives
/// (mass, keys, outputs) is fetched once, and counted after it. The forward pass is recorded again
/// only when lanes come or go.
class DeviceStep {
 public:
  /// `weights` lie on the device.
  DeviceStep(const ModelConfig& config, const DecoderView& weights);

  /// logits (B, V). Throws UsageError on a lane whose read adds a summary of evicted positions, and
  /// DeviceError where the device fails.
  void run(ThreadPool& pool, const StepRows& rows, std::span<float> logits);

  /// Returns the times of the last run by phase; total and linear are not known here.
  [[nodiscard]] const PhaseTimes& times() const { return times_; }

 private:
  void take_shape(const DeviceAttention::Shape& shape);
  void plan(const StepRows& rows);
  void run_pass(std::span<const InputRow> inputs, std::span<float> logits);
  void update(ThreadPool& pool, const StepRows& rows);
  [[nodiscard]] LayerAttention receive_row(int layer, std::size_t row, LaneState& lane,
                                           LaneWorkspace& workspace);
  /// Returns queries, keys and values of the last pass in a layer, (B, …).
  [[nodiscard]] AttentionInput fetched_input(int layer) const;

  const ModelConfig& config_;
  const DecoderView& weights_;
  cuda::Queue queue_;
  DeviceBackend backend_;
  DeviceAttention attention_;
  DeviceAttention::Shape shape_;
  cuda::Recording recording_;
  PhaseTimes times_;
  std::vector<Placement> placements_;     // (L, B)
  std::vector<LayerAttention> received_;  // (B), of the layer at hand
  std::vector<float> qkv_;                // (L, B, (H + 2 K) · D), fetched
  std::vector<float> attended_;           // (L, B, H · D), fetched
};

}  // namespace sketchscope
