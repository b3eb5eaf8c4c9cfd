// One block per head: a warp per slot for the scores, their softmax in place, then a thread per
// column of the output, which adds the values in slot order.
#include "kernels/cuda/launch.hpp"
#include "kernels/cuda/memory.hpp"
#include "kernels/cuda/reduce.cuh"

namespace sketchscope::cuda {
namespace {

__device__ const float* slot_of(const float* page, int head, int slot, int width) {
  return page + (static_cast<std::size_t>(head) * kSlotsPerPage + slot % kSlotsPerPage) * width;
}

__global__ void decode_attention_kernel(Decode decode) {
  const int head = blockIdx.x;
  const int width = decode.head_width;
  const float* query = decode.query + static_cast<std::size_t>(head) * width;
  float* mass = decode.mass + static_cast<std::size_t>(head) * decode.stored;
  float* output = decode.output + static_cast<std::size_t>(head) * width;

  for (int slot = threadIdx.x / kWarp; slot < decode.stored; slot += kThreads / kWarp) {
    const float* key = slot_of(decode.pages[slot / kSlotsPerPage].keys, head, slot, width);
    float sum = 0.0F;
    for (int d = threadIdx.x % kWarp; d < width; d += kWarp) sum = fmaf(query[d], key[d], sum);
    sum = warp_sum(sum);
    if (threadIdx.x % kWarp == 0) mass[slot] = sum * decode.scale;
  }
  __syncthreads();
  const double log_sum_exp = block_softmax(mass, decode.stored, mass);
  if (threadIdx.x == 0) decode.log_sum_exp[head] = static_cast<float>(log_sum_exp);
  __syncthreads();

  for (int d = threadIdx.x; d < width; d += kThreads) {
    float sum = 0.0F;
    for (int slot = 0; slot < decode.stored; ++slot) {
      const float* value = slot_of(decode.pages[slot / kSlotsPerPage].values, head, slot, width);
      sum = fmaf(mass[slot], value[d], sum);
    }
    output[d] = sum;
  }
}

}  // namespace

void launch_decode_attention(const Decode& decode, cudaStream_t stream) {
  if (decode.heads == 0) return;
  decode_attention_kernel<<<decode.heads, kThreads, 0, stream>>>(decode);
  check(cudaGetLastError(), "decode attention");
}

}  // namespace sketchscope::cuda
