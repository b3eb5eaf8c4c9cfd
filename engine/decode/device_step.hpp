#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "engine/cache/device_pages.hpp"
#include "engine/decode/cached_attention.hpp"
#include "engine/model/device_weights.hpp"
#include "kernels/cuda/launch.hpp"
#include "kernels/cuda/queue.hpp"

namespace sketchscope {

/// A step on the GPU, from tokens to logits without a word from the processor. Which slot each
/// token takes follows from what was counted before the step, so all of them are chosen first; what
/// the step teaches (mass, keys, outputs) is read back once, and counted after it. The launches are
/// recorded as one graph and recorded again only when lanes come or go.
class DeviceStep {
 public:
  DeviceStep(const ModelConfig& config, const DeviceWeights& weights);

  /// logits (B, V). Throws UsageError on a lane whose read adds a summary of evicted positions, and
  /// DeviceError where the device fails.
  void run(ThreadPool& pool, const CachedAttention::Rows& rows, std::span<float> logits);

  /// Of the last run, by phase; total and linear are not known here.
  [[nodiscard]] const PhaseTimes& times() const { return times_; }

 private:
  // What a recording holds for good.
  struct Shape {
    int rows = 0;        // B
    int tables = 0;      // of all rows, in one layer
    int most_heads = 0;  // of a table
    friend bool operator==(const Shape&, const Shape&) = default;
  };
  /// On the device.
  struct Buffers {
    cuda::DeviceArray<cuda::TokenAt> tokens;  // (B)
    cuda::DeviceArray<float> residual;        // (B, C)
    cuda::DeviceArray<float> normalised;      // (B, C)
    cuda::DeviceArray<float> qkv;             // (L, B, 3, C)
    cuda::DeviceArray<float> attended;        // (L, B, C)
    cuda::DeviceArray<float> inner;           // (B, inner_width)
    cuda::DeviceArray<float> projected;       // (B, C)
    cuda::DeviceArray<float> logits;          // (B, V)
    cuda::DeviceArray<float> log_sum_exp;     // (L, B, H)
    cuda::DeviceArray<cuda::KvWrite> writes;  // (L, tables, 2)
    cuda::DeviceArray<cuda::Decode> reads;    // (L, tables)
    cuda::DeviceArray<float> mass;            // by layer and row (H, S)
    cuda::DeviceArray<PageView> views;        // by layer and table
    cuda::DeviceArray<int> slots;             // of narrowed reads
  };
  struct MassOf {
    std::size_t first = 0;   // in mass_
    std::size_t stored = 0;  // S
  };
  // A read whose arrays have no place on the device yet.
  struct PlannedRead {
    cuda::Decode decode;
    std::size_t first_view = 0;
    std::size_t first_slot = 0;
    std::size_t first_mass = 0;
  };

  [[nodiscard]] Shape shape_of(const CachedAttention::Rows& rows) const;
  void make_buffers(const Shape& shape);
  void plan(const CachedAttention::Rows& rows);
  void narrow(int layer, const Lane& lane, LaneScratch& scratch);
  void plan_row(int layer, std::size_t row, const Lane& lane, const LaneScratch& scratch);
  void send_plan();
  void launch_pass(cuda::Stream stream);
  void launch_attention(int layer, cuda::Stream stream);
  void launch_inner(int layer, cuda::Stream stream);
  void launch_norm(const DeviceWeights::LayerNorm& norm, cuda::Stream stream);
  void launch_projection(const Linear& layer, const float* input, cuda::Stream stream);
  void fetch(std::span<float> logits);
  void learn(ThreadPool& pool, const CachedAttention::Rows& rows);
  void receive_row(int layer, std::size_t row, Lane& lane, LaneScratch& scratch);
  [[nodiscard]] std::size_t row_width() const { return static_cast<std::size_t>(config_.width); }

  const ModelConfig& config_;
  const DeviceWeights& weights_;
  cuda::Queue queue_;
  DevicePages pages_;
  Buffers on_device_;
  Shape shape_;
  cuda::Recording recording_;
  PhaseTimes times_;

  // The plan of a step, by layer, row and table.
  std::vector<cuda::TokenAt> tokens_;  // (B)
  std::vector<cuda::KvWrite> writes_;
  std::vector<PlannedRead> reads_;
  std::vector<cuda::Decode> decodes_;
  std::vector<PageView> views_;
  std::vector<int> slots_;
  std::vector<MassOf> mass_of_;  // (L, B)
  std::size_t mass_size_ = 0;
  std::vector<DecodeAttention> narrowed_;

  // What comes back.
  std::vector<float> mass_;         // by layer and row (H, S)
  std::vector<float> qkv_;          // (L, B, 3, C)
  std::vector<float> attended_;     // (L, B, C)
  std::vector<float> log_sum_exp_;  // (L, B, H)
};

}  // namespace sketchscope
