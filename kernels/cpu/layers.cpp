#include "kernels/layers.hpp"

#include <algorithm>
#include <cstddef>

#include "kernels/cpu/kernel_set.hpp"
#include "kernels/cpu/linear_slice.hpp"
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
    const int tiles = (rows + kernels.rows_per_tile - 1) / kernels.rows_per_tile;
    if (weights == WeightType::int8) {
      const std::size_t shorts = padded(inputs, kernels.shorts_per_step) * sizeof(std::int16_t);
      const auto count = static_cast<std::size_t>(rows);
      std::byte* const room = pool.room(count * (shorts + sizeof(float))).data();
      const cpu::ShortPacking packing{.input = input.data(),
                                      .rows = rows,
                                      .inputs = inputs,
                                      .packed = reinterpret_cast<std::int16_t*>(room),
                                      .scales = reinterpret_cast<float*>(room + count * shorts)};
      numbers_ = packing.packed;
      scales_ = packing.scales;
      pool.run(tiles, [&](int tile) { kernels.pack_shorts(packing, tile); });
    } else {
      const std::size_t floats = padded(inputs, kernels.vector_width) * sizeof(float);
      std::byte* const room = pool.room(static_cast<std::size_t>(rows) * floats).data();
      const cpu::RowPacking packing{.input = input.data(),
                                    .rows = rows,
                                    .inputs = inputs,
                                    .packed = reinterpret_cast<float*>(room)};
      numbers_ = packing.packed;
      pool.run(tiles, [&](int tile) { kernels.pack_rows(packing, tile); });
    }
  }

  [[nodiscard]] const void* numbers() const { return numbers_; }
  [[nodiscard]] const float* scales() const { return scales_; }

 private:
  static std::size_t padded(int inputs, int step) {
    return static_cast<std::size_t>((inputs + step - 1) / step * step);
  }

  const void* numbers_ = nullptr;
  const float* scales_ = nullptr;
};

/// All rows of an input, packed for weights in blocks, in the pool's workspace.
class BlockInput {
 public:
  BlockInput(const cpu::KernelSet& kernels, ThreadPool& pool, std::span<const float> input,
             int rows) {
    if (rows == 0) return;
    const std::size_t numbers = input.size();
    const std::size_t blocks = numbers / kWeightsPerBlock;
    const std::size_t short_bytes = numbers * sizeof(std::int16_t);
    std::byte* const room = pool.room(short_bytes + 2 * blocks * sizeof(float)).data();
    auto* const floats = reinterpret_cast<float*>(room + short_bytes);
    packing_ = {.input = input.data(),
                .rows = rows,
                .inputs = static_cast<int>(numbers) / rows,
                .packed = reinterpret_cast<std::int16_t*>(room),
                .scales = floats,
                .sums = floats + blocks};
    const int tiles = (rows + kernels.rows_per_panel_tile - 1) / kernels.rows_per_panel_tile;
    pool.run(tiles, [&](int tile) { kernels.pack_blocks(packing_, tile); });
  }

  [[nodiscard]] const cpu::BlockPacking& packing() const { return packing_; }

 private:
  cpu::BlockPacking packing_;
};

void linear_in_blocks(ThreadPool& pool, const Linear& layer, std::span<const float> input, int rows,
                      std::span<float> output, const cpu::KernelSet& kernels) {
  const BlockInput blocks(kernels, pool, input, rows);
  const cpu::BlockPacking& packing = blocks.packing();
  const int parts = parts_of(layer, rows, pool.threads());
  const auto panels = static_cast<std::int64_t>(panel_count(layer.outputs));
  pool.run(parts, [&](int part) {
    kernels.block_panels({.layer = &layer,
                          .packed = packing.packed,
                          .scales = packing.scales,
                          .sums = packing.sums,
                          .rows = rows,
                          .first = static_cast<int>(panels * part / parts),
                          .last = static_cast<int>(panels * (part + 1) / parts),
                          .output = output.data()});
  });
}

}  // namespace

void linear(ThreadPool& pool, const Linear& layer, std::span<const float> input, int rows,
            std::span<float> output, const cpu::KernelSet& kernels) {
  check_linear(layer, input, rows, output);
  if (in_blocks(layer.type)) {
    return linear_in_blocks(pool, layer, input, rows, output, kernels);
  }
  const int parts = parts_of(layer, rows, pool.threads());
  const PackedInput packed(kernels, pool, layer.type, input, rows);
  const int tiles = (layer.outputs + cpu::kOutputsPerTile - 1) / cpu::kOutputsPerTile;
  const auto boundary = [&](int part) {
    const auto tile = static_cast<int>(std::int64_t{tiles} * part / parts);
    return std::min(tile * cpu::kOutputsPerTile, layer.outputs);
  };
  pool.run(parts, [&](int part) {
    kernels.linear({.layer = &layer,
                    .packed = packed.numbers(),
                    .scales = packed.scales(),
                    .rows = rows,
                    .first = boundary(part),
                    .last = boundary(part + 1),
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
