// Victim search, with one block per table: it finds the lowest key, then the lowest key above that.
#include "kernels/cuda/launch.hpp"
#include "kernels/cuda/launch_kernel.cuh"

namespace sketchscope::cuda {
namespace {

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

void launch_lowest_slots(const SlotChoice& choice, Stream stream) {
  launch_kernel(lowest_slots_kernel, {}, stream, "lowest_slots", choice);
}

}  // namespace sketchscope::cuda
