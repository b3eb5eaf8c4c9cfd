#include "kernels/layers.hpp"

#include <algorithm>
#include <cstddef>

#include "kernels/cpu/kernel_set.hpp"
#include "kernels/shape_check.hpp"
#include "kernels/weight_panels.hpp"

namespace sketchscope::kernels {
namespace {

// Below this number of products, handing parts to other threads costs more than it saves.
constexpr std::int64_t kProductsWorthSharing = 65536;
// Several parts per thread let the others take over the share of a delayed thread.
constexpr int kPartsPerThread = 4;

int parts_of(const Linear& layer, int rows, int threads) {
  const std::int64_t products = std::int64_t{layer.inputs} * layer.outputs * rows;
  if (threads == 1 || products < kProductsWorthSharing) return 1;
  return threads * kPartsPerThread;
}

/// All rows of an input, packed for the inner loops of one weight type, in the pool's workspace.
class PackedInput {
 public:
  PackedInput(const cpu::KernelSet& kernels, ThreadPool& pool, WeightType weights,
              std::span<const float> input, int rows) {
    if (rows == 0) return;
    const int inputs = static_cast<int>(input.size()) / rows;
    if (is_coded(weights)) {
      const auto blocks = static_cast<std::size_t>(rows) * block_count(inputs);
      const std::size_t short_bytes = blocks * kWeightsPerBlock * sizeof(std::int16_t);
      std::byte* const room = pool.room(short_bytes + 2 * blocks * sizeof(float)).data();
      auto* const floats = reinterpret_cast<float*>(room + short_bytes);
      const cpu::BlockPacking packing{.input = input.data(),
                                      .rows = rows,
                                      .inputs = inputs,
                                      .packed = reinterpret_cast<std::int16_t*>(room),
                                      .scales = floats,
                                      .sums = floats + blocks};
      numbers_ = room;
      scales_ = packing.scales;
      sums_ = packing.sums;
      pool.run(tiles_of(rows, kernels.short_lanes),
               [&](int tile) { kernels.pack_blocks(packing, tile); });
    } else {
      std::byte* const room = pool.room(input.size_bytes()).data();
      const cpu::RowPacking packing{.input = input.data(),
                                    .rows = rows,
                                    .inputs = inputs,
                                    .packed = reinterpret_cast<float*>(room)};
      numbers_ = room;
      pool.run(tiles_of(rows, kernels.float_lanes),
               [&](int tile) { kernels.pack_rows(packing, tile); });
    }
  }

  [[nodiscard]] const void* numbers() const { return numbers_; }
  [[nodiscard]] const float* scales() const { return scales_; }
  [[nodiscard]] const float* sums() const { return sums_; }

 private:
  static int tiles_of(int rows, int lanes) { return (rows + lanes - 1) / lanes; }

  const void* numbers_ = nullptr;
  const float* scales_ = nullptr;
  const float* sums_ = nullptr;
};

}  // namespace

void linear(ThreadPool& pool, const Linear& layer, std::span<const float> input, int rows,
            std::span<float> output, const cpu::KernelSet& kernels) {
  check_linear(layer, input, rows, output);
  const int parts = parts_of(layer, rows, pool.threads());
  const PackedInput packed(kernels, pool, layer.type, input, rows);
  const auto panels = static_cast<std::int64_t>(panel_count(layer.outputs));
  pool.run(parts, [&](int part) {
    kernels.linear({.layer = &layer,
                    .packed = packed.numbers(),
                    .scales = packed.scales(),
                    .sums = packed.sums(),
                    .rows = rows,
                    .first = static_cast<int>(panels * part / parts),
                    .last = static_cast<int>(panels * (part + 1) / parts),
                    .output = output.data()});
  });
}

void layer_norm(std::span<const float> input, std::span<const float> scale,
                std::span<const float> bias, float epsilon, std::span<float> output,
                const cpu::KernelSet& kernels) {
  check_layer_norm(input, scale, bias, output);
  const std::size_t width = scale.size();
  for (std::size_t start = 0; start < input.size(); start += width) {
    kernels.layer_norm({.input = input.data() + start,
                        .scale = scale.data(),
                        .bias = bias.data(),
                        .width = static_cast<int>(width),
                        .epsilon = epsilon,
                        .output = output.data() + start});
  }
}

void activate(Activation function, std::span<float> values, const cpu::KernelSet& kernels) {
  kernels.activate(function, values.data(), static_cast<int>(values.size()));
}

}  // namespace sketchscope::kernels
