#include "kernels/linear.hpp"

#include <algorithm>
#include <memory>

#include "kernels/cpu/linear_slice.hpp"
#include "kernels/cpu/operations.hpp"
#include "kernels/shape_check.hpp"

namespace sketchscope {
namespace {

// Below this many products the hand-over to other threads costs more than it saves.
constexpr std::int64_t kProductsWorthSharing = 65536;
// A thread that was held up leaves its share to the others.
constexpr int kPartsPerThread = 4;

int parts_of(const Linear& layer, int rows, int threads) {
  const std::int64_t products = std::int64_t{layer.inputs} * layer.outputs * rows;
  if (threads == 1 || products < kProductsWorthSharing) return 1;
  return threads * kPartsPerThread;
}

/// All rows of an input, as the inner loops for this type of weights take them.
class PackedInput {
 public:
  PackedInput(const cpu::KernelSet& kernels, ThreadPool& pool, WeightType weights,
              std::span<const float> input, int rows) {
    if (rows == 0) return;
    const int inputs = static_cast<int>(input.size()) / rows;
    const int tiles = (rows + kernels.rows_per_tile - 1) / kernels.rows_per_tile;
    if (weights == WeightType::int8) {
      shorts_ = room<std::int16_t>(rows, inputs, kernels.shorts_per_step);
      scales_ = std::make_unique_for_overwrite<float[]>(static_cast<std::size_t>(rows));
      pool.run(tiles, [&](int tile) {
        kernels.pack_shorts({.input = input.data(),
                             .rows = rows,
                             .inputs = inputs,
                             .tile = tile,
                             .packed = shorts_.get(),
                             .scales = scales_.get()});
      });
    } else {
      floats_ = room<float>(rows, inputs, kernels.vector_width);
      pool.run(tiles, [&](int tile) {
        kernels.pack_rows({.input = input.data(),
                           .rows = rows,
                           .inputs = inputs,
                           .tile = tile,
                           .packed = floats_.get()});
      });
    }
  }

  [[nodiscard]] const void* numbers() const {
    return shorts_ ? static_cast<const void*>(shorts_.get()) : floats_.get();
  }
  [[nodiscard]] const float* scales() const { return scales_.get(); }

 private:
  template <class T>
  static std::unique_ptr<T[]> room(int rows, int inputs, int step) {
    const int padded = (inputs + step - 1) / step * step;
    return std::make_unique_for_overwrite<T[]>(static_cast<std::size_t>(rows) *
                                               static_cast<std::size_t>(padded));
  }

  std::unique_ptr<float[]> floats_;
  std::unique_ptr<std::int16_t[]> shorts_;
  std::unique_ptr<float[]> scales_;
};

}  // namespace

void cpu::linear(const KernelSet& kernels, ThreadPool& pool, const Linear& layer,
                 std::span<const float> input, int rows, std::span<float> output) {
  check_linear(layer, input, rows, output);
  const int parts = parts_of(layer, rows, pool.threads());
  const PackedInput packed(kernels, pool, layer.type, input, rows);
  const int tiles = (layer.outputs + kOutputsPerTile - 1) / kOutputsPerTile;
  const auto boundary = [&](int part) {
    const auto tile = static_cast<int>(std::int64_t{tiles} * part / parts);
    return std::min(tile * kOutputsPerTile, layer.outputs);
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

void linear(ThreadPool& pool, const Linear& layer, std::span<const float> input, int rows,
            std::span<float> output) {
  cpu::linear(cpu::best_kernels(), pool, layer, input, rows, output);
}

}  // namespace sketchscope
