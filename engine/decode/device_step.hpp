#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "engine/cache/slot_table.hpp"
#include "engine/decode/cached_attention.hpp"
#include "engine/decode/device_prompt.hpp"
#include "engine/decode/device_spans.hpp"
#include "engine/decode/lane.hpp"
#include "engine/decode/phases.hpp"
#include "engine/model/attention_layer.hpp"
#include "engine/model/device_backend.hpp"
#include "kernels/cuda/launch.hpp"
#include "kernels/cuda/runtime.hpp"

namespace sketchscope::decode {

/// Copies of cache pages on the GPU. The pages in the program's memory are the originals: forks,
/// copies on write and cuts happen there, and a page that changed is copied again before it is
/// read. A new token's slot does not count as a change, since both sides write it.
class DevicePages {
 public:
  explicit DevicePages(kernels::cuda::Stream stream) : stream_(stream) {}

  /// Copies the pages of a table that changed since they were copied last, and appends the address
  /// of each page on the device to `views`, in order. Returns the bytes that it copied.
  std::size_t bring(const cache::SlotTable& table, std::vector<kernels::PageView>& views);
  /// The addresses of a slot on the device: its first head's key and value.
  struct Slot {
    std::byte* key = nullptr;
    std::byte* value = nullptr;
  };
  [[nodiscard]] Slot at(const cache::SlotTable& table, int slot);
  /// Notes that the device has written this slot too, so that its page is not copied again.
  void accept(const cache::SlotTable& table, int slot);

 private:
  struct Copies {
    std::vector<kernels::cuda::DeviceArray<std::byte>> slabs;
    std::vector<std::uint64_t> versions;  // by page; 0 if the page was not copied
  };
  [[nodiscard]] std::byte* copy_of(const cache::PagePool& pool, cache::PagePool::PageId page);

  kernels::cuda::Stream stream_;
  std::map<const cache::PagePool*, Copies> copies_;
};

/// Attention of one step on the GPU. Which slots every table of every layer writes and reads is
/// planned before the pass, sent as a whole, and carried out layer by layer; the results are
/// fetched after the pass. So the processor waits for the GPU once per step and not once per layer.
class DeviceAttention final : public model::AttentionLayer {
 public:
  DeviceAttention(const model::ModelConfig& config, kernels::cuda::Stream stream);

  /// The sizes that stay the same as long as the same lanes take part.
  struct Shape {
    int rows = 0;        // B, lanes of the step
    int tables = 0;      // tables of all rows in one layer
    int most_heads = 0;  // largest number of heads of a table
    friend bool operator==(const Shape&, const Shape&) = default;
  };
  [[nodiscard]] static Shape shape_of(std::span<Lane* const> lanes);

  /// Starts a plan for lanes of this shape.
  void begin(const Shape& shape);
  /// Plans the next row; rows come layer by layer. Each table of `lane` already has a slot for the
  /// incoming token and reads the slots in `selection`. `input` and `output` are in device memory.
  /// Returns the bytes of the pages that had to be copied.
  std::size_t plan_row(const LaneState& lane, const SlotSelection& selection,
                       const model::AttentionInput& input, std::span<float> output);
  /// Copies the plan to the device and returns its bytes.
  std::size_t send();

  /// Lets an observer, which may be null, note the operations of later passes.
  void trace_to(trace::SpanObserver* observer) { observer_ = observer; }
  void attend(int layer, const model::AttentionInput& input, std::span<float> output) override;

  /// Copies the results from the device and returns their bytes.
  std::size_t fetch();
  /// The results of a row whose incoming token is stored.
  struct RowResult {
    std::span<float> mass;               // (H, S)
    std::span<const float> log_sum_exp;  // (H)
  };
  [[nodiscard]] RowResult receive_row(int layer, std::size_t row, const LaneState& lane);

 private:
  // A read whose arrays have no address on the device yet.
  struct PlannedRead {
    kernels::cuda::Decode decode;
    std::size_t first_view = 0;
    std::size_t first_slot = 0;
    std::size_t first_mass = 0;
  };
  struct MassOf {
    std::size_t first = 0;    // index in Results::mass
    std::size_t numbers = 0;  // LayerCache::mass_numbers()
  };
  /// The writes and reads of a step by layer, row and table.
  struct Plan {
    std::vector<kernels::cuda::KvWrite> writes;
    std::vector<PlannedRead> reads;
    std::vector<kernels::cuda::Decode> decodes;  // the same reads as the kernel takes them
    std::vector<kernels::PageView> views;
    std::vector<int> slots;       // slots of the reads that do not take all
    std::vector<MassOf> mass_of;  // (L, B)
    std::size_t mass_size = 0;
  };
  /// The arrays on the device that the plan is sent to and the results come from.
  struct Arrays {
    kernels::cuda::DeviceArray<kernels::cuda::KvWrite> writes;  // (L, tables, 2)
    kernels::cuda::DeviceArray<kernels::cuda::Decode> reads;    // (L, tables)
    kernels::cuda::DeviceArray<kernels::PageView> views;        // by layer and table
    kernels::cuda::DeviceArray<int> slots;          // slots of the reads that do not take all
    kernels::cuda::DeviceArray<float> mass;         // by layer and row (H, S)
    kernels::cuda::DeviceArray<float> log_sum_exp;  // (L, B, H)
  };
  /// The results of the last pass after fetch().
  struct Results {
    std::vector<float> mass;         // by layer and row (H, S)
    std::vector<float> log_sum_exp;  // (L, B, H)
  };

  void plan_write(const CacheTable& table, const float* key, const float* value);
  [[nodiscard]] std::size_t first_table(int layer) const;

  const model::ModelConfig& config_;
  kernels::cuda::Stream stream_;
  DevicePages pages_;
  trace::SpanObserver* observer_ = nullptr;
  Shape shape_;
  Plan plan_;
  Arrays arrays_;
  Results results_;
};

/// A step on the GPU as one CUDA graph from tokens to logits. The slot that each token takes
/// depends only on what was counted before the step, so all slots are chosen first; the results of
/// the step (mass, keys, outputs) are fetched once and counted after it. The forward pass is
/// recorded again only when lanes come or go, or when its operations are to be timed.
class DeviceStep {
 public:
  /// `weights` are in device memory.
  DeviceStep(const model::ModelConfig& config, const model::DecoderView& weights);

  /// Runs one step and writes `logits` (B, V). Throws UsageError on a lane with `positions cache`,
  /// with a read that selects pages or adds a summary, or with a read by scores that need the
  /// incoming token's key; DeviceError if the device fails.
  void run(kernels::ThreadPool& pool, const StepRows& rows, std::span<float> logits);

  /// Puts a prompt into lanes, as DevicePrompt::run() does, and writes the `logits` (V) of its last
  /// token. Refuses what run() does.
  void run_prompt(const DevicePrompt::Input& input, std::span<float> logits);

  /// Returns the times of the last run by phase. Only policy and audit are measured here, since the
  /// GPU computes attention and linear layers in one graph.
  [[nodiscard]] const record::PhaseTimes& times() const { return times_; }

 private:
  void take_shape(const DeviceAttention::Shape& shape);
  void plan(const StepRows& rows);
  void run_pass(trace::Recorder* recorder, std::span<const model::InputRow> inputs,
                std::span<float> logits);
  /// Records the forward pass; `observer` may be null.
  [[nodiscard]] kernels::cuda::Recording record_pass(trace::SpanObserver* observer);
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
  DevicePrompt prompt_;
  DeviceAttention::Shape shape_;
  /// The pass as it is, and with the events that tell when each operation ran.
  struct Recordings {
    kernels::cuda::Recording plain;
    kernels::cuda::Recording timed;
  };
  Recordings recordings_;
  DeviceSpans spans_;
  record::PhaseTimes times_;
  std::vector<Placement> placements_;     // (L, B)
  std::vector<LayerAttention> received_;  // (B), in the present layer
  std::vector<float> qkv_;                // (L, B, (H + 2 K) · D), fetched
  std::vector<float> attended_;           // (L, B, H · D), fetched
};

}  // namespace sketchscope::decode
