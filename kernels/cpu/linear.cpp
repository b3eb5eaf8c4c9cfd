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

std::unique_ptr<float[]> packed_rows(const cpu::KernelSet& kernels, ThreadPool& pool,
                                     std::span<const float> input, int rows) {
  if (input.empty()) return nullptr;
  const int inputs = static_cast<int>(input.size()) / rows;
  const int vectors = (inputs + kernels.vector_width - 1) / kernels.vector_width;
  auto packed = std::make_unique_for_overwrite<float[]>(static_cast<std::size_t>(rows) * vectors *
                                                        kernels.vector_width);
  const int tiles = (rows + kernels.rows_per_tile - 1) / kernels.rows_per_tile;
  pool.run(tiles, [&](int tile) {
    kernels.pack_rows({.input = input.data(),
                       .rows = rows,
                       .inputs = inputs,
                       .tile = tile,
                       .packed = packed.get()});
  });
  return packed;
}

}  // namespace

void cpu::linear(const KernelSet& kernels, ThreadPool& pool, const Linear& layer,
                 std::span<const float> input, int rows, std::span<float> output) {
  check_linear(layer, input, rows, output);
  const int parts = parts_of(layer, rows, pool.threads());
  const auto packed = packed_rows(kernels, pool, input, rows);
  const int tiles = (layer.outputs + kOutputsPerTile - 1) / kOutputsPerTile;
  const auto boundary = [&](int part) {
    const auto tile = static_cast<int>(std::int64_t{tiles} * part / parts);
    return std::min(tile * kOutputsPerTile, layer.outputs);
  };
  pool.run(parts, [&](int part) {
    kernels.linear({.layer = &layer,
                    .packed = packed.get(),
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
