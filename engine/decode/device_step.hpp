#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "engine/cache/slot_table.hpp"
#include "engine/decode/cached_attention.hpp"
#include "engine/decode/lane.hpp"
#include "engine/decode/phases.hpp"
#include "engine/model/attention_layer.hpp"
#include "engine/model/device_backend.hpp"
#include "kernels/cuda/launch.hpp"
#include "kernels/cuda/runtime.hpp"

namespace sketchscope::decode {

/// Copies of cache pages on the GPU. The pages in the program's memory are what counts: forks,
/// copies on write and cuts happen there, and a page that changed is copied again before it is
/// read. A new token's slot, which both sides write, is no change.
class DevicePages {
 public:
  explicit DevicePages(kernels::cuda::Stream stream) : stream_(stream) {}

  /// Copies what changed of a table's pages since they were copied last, and adds where each page
  /// lies on the device, in order.
  void bring(const cache::SlotTable& table, std::vector<kernels::PageView>& views);
  /// Where `slot` of a table that was brought lies on the device: its first head's key and value.
  struct Slot {
    std::byte* key = nullptr;
    std::byte* value = nullptr;
  };
  [[nodiscard]] Slot at(const cache::SlotTable& table, int slot);
  /// The device has written this slot too, so the page's copy is up to date.
  void accept(const cache::SlotTable& table, int slot);

 private:
  struct Copies {
    std::vector<kernels::cuda::DeviceArray<std::byte>> slabs;
    std::vector<std::uint64_t> versions;  // by page; 0 where none was copied
  };
  [[nodiscard]] std::byte* copy_of(const cache::PagePool& pool, cache::PagePool::PageId page);

  kernels::cuda::Stream stream_;
  std::map<const cache::PagePool*, Copies> copies_;
};

/// Attention of one step on the GPU. Which slots every table of every layer writes and reads is
/// planned before the pass, sent as a whole, and carried out layer by layer; what the pass found is
/// fetched after it.
class DeviceAttention final : public model::AttentionLayer {
 public:
  DeviceAttention(const model::ModelConfig& config, kernels::cuda::Stream stream);

  /// What stays the same as long as the same lanes take part.
  struct Shape {
    int rows = 0;        // B
    int tables = 0;      // of all rows, in one layer
    int most_heads = 0;  // of a table
    friend bool operator==(const Shape&, const Shape&) = default;
  };
  [[nodiscard]] static Shape shape_of(std::span<Lane* const> lanes);

  /// Starts a plan for lanes of this shape.
  void begin(const Shape& shape);
  /// Plans the next row; rows come layer by layer. Each table of `lane` has a slot for the incoming
  /// token and reads those selected. input and output lie on the device.
  void plan_row(const LaneState& lane, const SlotSelection& selection,
                const model::AttentionInput& input, std::span<float> output);
  void send();

  void attend(int layer, const model::AttentionInput& input, std::span<float> output) override;

  void fetch();
  /// What the pass found for a row whose incoming token is stored by now.
  struct RowResult {
    std::span<float> mass;               // (H, S)
    std::span<const float> log_sum_exp;  // (H)
  };
  [[nodiscard]] RowResult receive_row(int layer, std::size_t row, const LaneState& lane);

 private:
  // A read whose arrays have no place on the device yet.
  struct PlannedRead {
    kernels::cuda::Decode decode;
    std::size_t first_view = 0;
    std::size_t first_slot = 0;
    std::size_t first_mass = 0;
  };
  struct MassOf {
    std::size_t first = 0;   // of Results::mass
    std::size_t stored = 0;  // S
  };
  /// What a step does, by layer, row and table.
  struct Plan {
    std::vector<kernels::cuda::KvWrite> writes;
    std::vector<PlannedRead> reads;
    std::vector<kernels::cuda::Decode> decodes;  // of the reads
    std::vector<kernels::PageView> views;
    std::vector<int> slots;       // of reads of some slots
    std::vector<MassOf> mass_of;  // (L, B)
    std::size_t mass_size = 0;
  };
  /// On the device.
  struct Arrays {
    kernels::cuda::DeviceArray<kernels::cuda::KvWrite> writes;  // (L, tables, 2)
    kernels::cuda::DeviceArray<kernels::cuda::Decode> reads;    // (L, tables)
    kernels::cuda::DeviceArray<kernels::PageView> views;        // by layer and table
    kernels::cuda::DeviceArray<int> slots;                      // of reads of some slots
    kernels::cuda::DeviceArray<float> mass;                     // by layer and row (H, S)
    kernels::cuda::DeviceArray<float> log_sum_exp;              // (L, B, H)
  };
  /// Results that the last pass left on the device, fetched.
  struct Results {
    std::vector<float> mass;         // by layer and row (H, S)
    std::vector<float> log_sum_exp;  // (L, B, H)
  };

  void plan_write(const CacheTable& table, const float* key, const float* value);
  [[nodiscard]] std::size_t first_table(int layer) const;

  const model::ModelConfig& config_;
  kernels::cuda::Stream stream_;
  DevicePages pages_;
  Shape shape_;
  Plan plan_;
  Arrays arrays_;
  Results results_;
};

/// A step on the GPU, one CUDA graph from tokens to logits. Which slot each token takes follows
/// from what was counted before the step, so all of them are chosen first; what the step gives
/// (mass, keys, outputs) is fetched once, and counted after it. The forward pass is recorded again
/// only when lanes come or go.
class DeviceStep {
 public:
  /// `weights` lie on the device.
  DeviceStep(const model::ModelConfig& config, const model::DecoderView& weights);

  /// logits (B, V). Throws UsageError on a lane whose read adds a summary of evicted positions, and
  /// DeviceError where the device fails.
  void run(kernels::ThreadPool& pool, const StepRows& rows, std::span<float> logits);

  /// Returns the times of the last run by phase; total and linear are not known here.
  [[nodiscard]] const record::PhaseTimes& times() const { return times_; }

 private:
  void take_shape(const DeviceAttention::Shape& shape);
  void plan(const StepRows& rows);
  void run_pass(std::span<const model::InputRow> inputs, std::span<float> logits);
  void update(kernels::ThreadPool& pool, const StepRows& rows);
  [[nodiscard]] LayerAttention receive_row(int layer, std::size_t row, LaneState& lane,
                                           LaneWorkspace& workspace);
  /// Returns queries, keys and values of the last pass in a layer, (B, …).
  [[nodiscard]] model::AttentionInput fetched_input(int layer) const;

  const model::ModelConfig& config_;
  const model::DecoderView& weights_;
  kernels::cuda::Queue queue_;
  model::DeviceBackend backend_;
  DeviceAttention attention_;
  DeviceAttention::Shape shape_;
  kernels::cuda::Recording recording_;
  record::PhaseTimes times_;
  std::vector<Placement> placements_;     // (L, B)
  std::vector<LayerAttention> received_;  // (B), of the layer at hand
  std::vector<float> qkv_;                // (L, B, (H + 2 K) · D), fetched
  std::vector<float> attended_;           // (L, B, H · D), fetched
};

}  // namespace sketchscope::decode
