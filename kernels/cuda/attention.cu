// Attention of a step, and the softmax of a whole row.
#include "kernels/cuda/kv_vector.cuh"
#include "kernels/cuda/launch.hpp"
#include "kernels/cuda/launch_kernel.cuh"

namespace sketchscope::kernels::cuda {
namespace {

/// Reads the keys and values of one key/value head by slot.
struct SlotReader {
  const Decode& decode;
  int kv_head;

  __device__ const std::byte* key(int slot) const { return vector(page(slot).keys, slot); }
  __device__ const std::byte* value(int slot) const { return vector(page(slot).values, slot); }

 private:
  __device__ const PageView& page(int slot) const { return decode.pages[slot / kSlotsPerPage]; }
  __device__ const std::byte* vector(const void* half, int slot) const {
    const std::size_t place =
        static_cast<std::size_t>(kv_head) * kSlotsPerPage + slot % kSlotsPerPage;
    return static_cast<const std::byte*>(half) + place * decode.vector_bytes;
  }
};

/// Runs one block per table and query head: a warp per slot for the scores, their softmax in place,
/// then a thread per column of the output, which adds the values in slot order.
__global__ void decode_attention_kernel(const Decode* tables) {
  const Decode decode = tables[blockIdx.y];
  const int head = blockIdx.x;
  if (head >= decode.heads) return;
  const int width = decode.head_width;
  const int read = decode.slots == nullptr ? decode.stored : decode.listed;
  const auto slot_at = [&](int i) { return decode.slots == nullptr ? i : decode.slots[i]; };
  const SlotReader slots{decode, head / (decode.heads / decode.kv_heads)};
  const float* query = decode.query + static_cast<std::size_t>(head) * width;
  float* mass = decode.mass + static_cast<std::size_t>(head) * decode.stored;
  float* output = decode.output + static_cast<std::size_t>(head) * width;

  // A slot that is not read keeps a score whose softmax is 0.
  for (int slot = threadIdx.x; slot < decode.stored; slot += kThreads) mass[slot] = -INFINITY;
  __syncthreads();
  for (int i = threadIdx.x / kWarp; i < read; i += kThreads / kWarp) {
    const std::byte* key = slots.key(slot_at(i));
    float sum = 0.0F;
    for (int d = threadIdx.x % kWarp; d < width; d += kWarp) {
      sum = fmaf(query[d], stored_number(decode.format, key, d), sum);
    }
    sum = warp_sum(sum);
    if (threadIdx.x % kWarp == 0) mass[slot_at(i)] = sum * decode.scale;
  }
  __syncthreads();
  const double log_sum_exp = block_softmax(mass, decode.stored, mass);
  if (threadIdx.x == 0) decode.log_sum_exp[head] = static_cast<float>(log_sum_exp);
  __syncthreads();

  for (int d = threadIdx.x; d < width; d += kThreads) {
    float sum = 0.0F;
    for (int i = 0; i < read; ++i) {
      const int slot = slot_at(i);
      sum = fmaf(mass[slot], stored_number(decode.format, slots.value(slot), d), sum);
    }
    output[d] = sum;
  }
}

/// Runs one block for the whole row.
__global__ void softmax_kernel(const float* logits, int count, float* probability,
                               double* log_sum_exp) {
  const double result = block_softmax(logits, count, probability);
  if (threadIdx.x == 0) *log_sum_exp = result;
}

}  // namespace

void launch_decode_attention(const Decode* tables, int count, int most_heads, Stream stream) {
  if (count == 0 || most_heads == 0) return;
  const dim3 blocks(static_cast<unsigned>(most_heads), static_cast<unsigned>(count));
  launch_kernel(decode_attention_kernel, {.blocks = blocks}, stream, "decode attention", tables);
}

void launch_softmax(const float* logits, int count, float* probability, double* log_sum_exp,
                    Stream stream) {
  launch_kernel(softmax_kernel, {}, stream, "softmax", logits, count, probability, log_sum_exp);
}

}  // namespace sketchscope::kernels::cuda
