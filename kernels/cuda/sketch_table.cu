// Sketch tables. An update runs in one block for the whole table, since a batch is small and its
// sums have an order.
#include "kernels/cuda/launch.hpp"
#include "kernels/cuda/launch_kernel.cuh"

namespace sketchscope::cuda {
namespace {

__device__ std::uint64_t hash_item(SketchHash hash, std::uint32_t id) {
  return (hash.a * id + hash.b) % SketchHash::kPrime;
}

__device__ float* cell_of(const SketchTable& table, int row, std::uint32_t id) {
  const std::size_t column = hash_item(table.buckets[row], id) % table.width;
  return table.cells + static_cast<std::size_t>(row) * table.width + column;
}

__device__ float sign_of(const SketchTable& table, int row, std::uint32_t id) {
  return hash_item(table.signs[row], id) % 2 == 0 ? 1.0F : -1.0F;
}

__device__ float min_cell(const SketchTable& table, std::uint32_t id) {
  float smallest = *cell_of(table, 0, id);
  for (int row = 1; row < table.depth; ++row) smallest = fminf(smallest, *cell_of(table, row, id));
  return smallest;
}

__device__ float mean_cell(const SketchTable& table, std::uint32_t id) {
  double sum = 0;
  for (int row = 0; row < table.depth; ++row) sum += *cell_of(table, row, id);
  return static_cast<float>(sum / table.depth);
}

__device__ float signed_median(const SketchTable& table, std::uint32_t id) {
  float values[kMostSketchRows];
  for (int row = 0; row < table.depth; ++row) {
    const float value = sign_of(table, row, id) * *cell_of(table, row, id);
    int place = row;
    for (; place > 0 && values[place - 1] > value; --place) values[place] = values[place - 1];
    values[place] = value;
  }
  const int upper = table.depth / 2;
  return table.depth % 2 == 1 ? values[upper] : (values[upper - 1] + values[upper]) / 2;
}

__global__ void query_kernel(SketchTable table, SketchQuery query, const std::uint32_t* ids,
                             int count, float* estimates) {
  const int item = blockIdx.x * kThreads + threadIdx.x;
  if (item >= count) return;
  switch (query) {
    case SketchQuery::min:
      estimates[item] = min_cell(table, ids[item]);
      break;
    case SketchQuery::signed_median:
      estimates[item] = signed_median(table, ids[item]);
      break;
    case SketchQuery::mean:
      estimates[item] = mean_cell(table, ids[item]);
      break;
  }
}

// Adds with one thread per row, so that a cell gains the masses of its items in their order.
__global__ void add_kernel(SketchTable table, bool with_signs, const SketchItem* items, int count) {
  const int row = threadIdx.x;
  if (row >= table.depth) return;
  for (int item = 0; item < count; ++item) {
    const SketchItem added = items[item];
    const float sign = with_signs ? sign_of(table, row, added.id) : 1.0F;
    *cell_of(table, row, added.id) += sign * added.mass;
  }
}

// No new value of a cell is negative, so their bits order as the floats do, and a maximum does not
// depend on the order of items.
__global__ void conservative_kernel(SketchTable table, const SketchItem* items, int count) {
  for (int item = threadIdx.x; item < count; item += kThreads) {
    table.room[item] = min_cell(table, items[item].id) + items[item].mass;
  }
  __syncthreads();
  for (int item = threadIdx.x; item < count; item += kThreads) {
    for (int row = 0; row < table.depth; ++row) {
      atomicMax(reinterpret_cast<int*>(cell_of(table, row, items[item].id)),
                __float_as_int(table.room[item]));
    }
  }
}

}  // namespace

void launch_query_sketch(const SketchTable& table, SketchQuery query, const std::uint32_t* ids,
                         int count, float* estimates, Stream stream) {
  if (count == 0) return;
  const unsigned blocks = blocks_for(static_cast<std::size_t>(count));
  launch_kernel(query_kernel, {.blocks = blocks}, stream, "query_sketch", table, query, ids, count,
                estimates);
}

void launch_update_sketch(const SketchTable& table, SketchUpdate update, const SketchItem* items,
                          int count, Stream stream) {
  if (count == 0) return;
  if (update == SketchUpdate::conservative) {
    launch_kernel(conservative_kernel, {}, stream, "update_sketch", table, items, count);
  } else {
    const bool with_signs = update == SketchUpdate::add_signed;
    launch_kernel(add_kernel, {.threads = kMostSketchRows}, stream, "update_sketch", table,
                  with_signs, items, count);
  }
}

}  // namespace sketchscope::cuda
