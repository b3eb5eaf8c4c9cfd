// What eviction policies compute: sketches and the slot that leaves first.
#include "kernels/cuda/launch.hpp"
#include "kernels/cuda/launch_kernel.cuh"

namespace sketchscope::kernels::cuda {
namespace {

__device__ std::uint64_t hash_of_input(SketchHash hash, std::uint64_t input) {
  return (hash.a * input + hash.b) % SketchHash::kPrime;
}

// Returns the item, or the first output of SplitMix64 started at it, mod P.
__device__ std::uint64_t input_of(SketchInput input, std::uint32_t id) {
  if (input == SketchInput::plain) return id;
  std::uint64_t mixed = id + 0x9E3779B97F4A7C15ULL;
  mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9ULL;
  mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBULL;
  return (mixed ^ (mixed >> 31)) % SketchHash::kPrime;
}

__device__ float* cell_of(const SketchTable& table, int row, std::uint32_t id) {
  const std::size_t column =
      hash_of_input(table.buckets[row], input_of(table.input, id)) % table.width;
  return table.cells + static_cast<std::size_t>(row) * table.width + column;
}

__device__ float sign_of(const SketchTable& table, int row, std::uint32_t id) {
  return hash_of_input(table.signs[row], input_of(table.input, id)) % 2 == 0 ? 1.0F : -1.0F;
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

/// Adds in one block, since a batch is small and its sums have an order: with one thread per row,
/// so that a cell gains the masses of its items in their order.
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

constexpr long long kNoKey = 0x7FFFFFFFFFFFFFFF;

// Returns an integer that orders slots by score, then by position; kNoKey outside the range.
__device__ long long slot_key(int position, float score, PositionRange range) {
  if (position < range.first || position >= range.end) return kNoKey;
  constexpr int kMagnitude = 0x7FFFFFFF;
  const int bits = __float_as_int(isnan(score) ? -INFINITY : score + 0.0F);  // −0 becomes 0
  // The bits of negative floats order in reverse.
  const int rank = bits < 0 ? bits ^ kMagnitude : bits;
  return static_cast<long long>(rank) * (1LL << 32) + position;
}

// Finds the slot with the lowest key above `floor`; every thread receives the slot, or −1, and its
// key.
__device__ int lowest_above(const SlotChoice& choice, long long floor, long long& lowest) {
  __shared__ int slot_found;
  if (threadIdx.x == 0) slot_found = -1;
  lowest = kNoKey;
  for (int slot = threadIdx.x; slot < choice.count; slot += kThreads) {
    const long long key = slot_key(choice.positions[slot], choice.scores[slot], choice.range);
    if (key > floor && key < lowest) lowest = key;
  }
  lowest = block_combine(lowest, [](long long a, long long b) { return a < b ? a : b; });
  for (int slot = threadIdx.x; slot < choice.count; slot += kThreads) {
    const long long key = slot_key(choice.positions[slot], choice.scores[slot], choice.range);
    if (lowest != kNoKey && key == lowest) slot_found = slot;
  }
  __syncthreads();
  const int result = slot_found;
  __syncthreads();  // before the next call writes
  return result;
}

/// Runs one block per table, which finds the lowest key, then the lowest key above that.
__global__ void lowest_slots_kernel(SlotChoice choice) {
  int candidates = 0;
  for (int slot = threadIdx.x; slot < choice.count; slot += kThreads) {
    const int position = choice.positions[slot];
    if (position >= choice.range.first && position < choice.range.end) ++candidates;
  }
  candidates = block_sum(candidates);
  long long key = 0;
  const int lowest = lowest_above(choice, -kNoKey - 1, key);
  const int next = lowest_above(choice, key, key);
  if (threadIdx.x == 0) *choice.found = {lowest, next, candidates};
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

void launch_lowest_slots(const SlotChoice& choice, Stream stream) {
  launch_kernel(lowest_slots_kernel, {}, stream, "lowest_slots", choice);
}

}  // namespace sketchscope::kernels::cuda
