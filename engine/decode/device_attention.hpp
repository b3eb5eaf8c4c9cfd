#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "engine/cache/device_pages.hpp"
#include "engine/decode/lane.hpp"
#include "engine/decode/read_phase.hpp"
#include "engine/model/attention_layer.hpp"
#include "kernels/cuda/launch.hpp"

namespace sketchscope {

/// Attention of one step on the GPU. Which slots every table of every layer writes and reads is
/// planned before the pass, sent as a whole, and carried out layer by layer; what the pass found is
/// fetched after it.
class DeviceAttention final : public AttentionLayer {
 public:
  DeviceAttention(const ModelConfig& config, cuda::Stream stream);

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
  void plan_row(const LaneState& lane, const SlotSelection& selection, const AttentionInput& input,
                std::span<float> output);
  void send();

  void attend(int layer, const AttentionInput& input, std::span<float> output) override;

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
    cuda::Decode decode;
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
    std::vector<cuda::KvWrite> writes;
    std::vector<PlannedRead> reads;
    std::vector<cuda::Decode> decodes;  // of the reads
    std::vector<PageView> views;
    std::vector<int> slots;       // of reads of some slots
    std::vector<MassOf> mass_of;  // (L, B)
    std::size_t mass_size = 0;
  };
  /// On the device.
  struct Arrays {
    cuda::DeviceArray<cuda::KvWrite> writes;  // (L, tables, 2)
    cuda::DeviceArray<cuda::Decode> reads;    // (L, tables)
    cuda::DeviceArray<PageView> views;        // by layer and table
    cuda::DeviceArray<int> slots;             // of reads of some slots
    cuda::DeviceArray<float> mass;            // by layer and row (H, S)
    cuda::DeviceArray<float> log_sum_exp;     // (L, B, H)
  };
  /// Results that the last pass left on the device, fetched.
  struct Results {
    std::vector<float> mass;         // by layer and row (H, S)
    std::vector<float> log_sum_exp;  // (L, B, H)
  };

  void plan_write(const CacheTable& table, const float* key, const float* value);
  [[nodiscard]] std::size_t first_table(int layer) const;

  const ModelConfig& config_;
  cuda::Stream stream_;
  DevicePages pages_;
  Shape shape_;
  Plan plan_;
  Arrays arrays_;
  Results results_;
};

}  // namespace sketchscope
