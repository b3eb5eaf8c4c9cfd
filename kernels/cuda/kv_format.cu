// Encoding and decoding, with one warp per vector: its threads reduce the range, then each writes
// the codes of its own numbers.
#include "kernels/cuda/kv_vector.cuh"
#include "kernels/cuda/launch.hpp"
#include "kernels/cuda/launch_kernel.cuh"

namespace sketchscope::kernels::cuda {
namespace {

constexpr int kVectorsPerBlock = kThreads / kWarp;

__device__ float within_halves(float x) {
  return fmaxf(fminf(x, 65504.0F), -65504.0F);
}

/// Divides with IEEE 754 rounding, so that the bytes equal those of the processor.
__device__ int code_of(float x, float step, float lowest, float highest) {
  if (step == 0.0F) return 0;
  return __float2int_rn(fmaxf(fminf(__fdiv_rn(x, step), highest), lowest));
}

__device__ void encode_int8(const float* vector, int width, std::byte* out) {
  const int thread = threadIdx.x % kWarp;
  float magnitude = 0.0F;
  for (int d = thread; d < width; d += kWarp) magnitude = fmaxf(magnitude, fabsf(vector[d]));
  const float scale = __fdiv_rn(warp_largest(magnitude), 127.0F);
  if (thread == 0) *reinterpret_cast<float*>(out) = scale;
  auto* codes = reinterpret_cast<signed char*>(out + kCodesAt);
  for (int d = thread; d < width; d += kWarp) {
    codes[d] = static_cast<signed char>(code_of(vector[d], scale, -127.0F, 127.0F));
  }
}

__device__ void encode_int4(const float* vector, int width, std::byte* out) {
  const int thread = threadIdx.x % kWarp;
  for (int first = 0; first < width; first += kInt4Group) {
    const int d = first + thread;
    const float x = d < width ? vector[d] : vector[first];
    const __half lowest = __float2half_rn(within_halves(-warp_largest(-x)));
    const float span = fminf(warp_largest(x), 65504.0F) - __half2float(lowest);
    const __half step = __float2half_rn(within_halves(span > 0.0F ? __fdiv_rn(span, 15.0F) : 0.0F));
    const int code = code_of(x - __half2float(lowest), __half2float(step), 0.0F, 15.0F);
    const int next = __shfl_down_sync(kWholeWarp, code, 1);
    std::byte* group = out + first / kInt4Group * kInt4GroupBytes;
    if (thread == 0) {
      auto* range = reinterpret_cast<__half*>(group);
      range[0] = lowest;
      range[1] = step;
    }
    if (d < width && thread % 2 == 0) {
      group[kCodesAt + thread / 2] = static_cast<std::byte>(code | next << 4);
    }
  }
}

// All threads of a warp call this together.
__device__ void encode_vector(KvFormat format, const float* vector, int width, std::byte* out) {
  const int thread = threadIdx.x % kWarp;
  switch (format) {
    case KvFormat::f32:
      for (int d = thread; d < width; d += kWarp) reinterpret_cast<float*>(out)[d] = vector[d];
      break;
    case KvFormat::f16:
      for (int d = thread; d < width; d += kWarp) {
        reinterpret_cast<__half*>(out)[d] = __float2half_rn(within_halves(vector[d]));
      }
      break;
    case KvFormat::int8:
      encode_int8(vector, width, out);
      break;
    case KvFormat::int4:
      encode_int4(vector, width, out);
      break;
  }
}

__device__ void encode_nth(const KvWrite& write, int index) {
  if (index >= write.layout.count) return;
  const float* vector = write.vectors + static_cast<std::size_t>(index) * write.layout.width;
  encode_vector(write.layout.format, vector, write.layout.width,
                write.encoded + index * write.layout.stride);
}

__global__ void encode_kv_kernel(KvWrite write) {
  encode_nth(write, blockIdx.x * kVectorsPerBlock + threadIdx.x / kWarp);
}

__global__ void write_kv_kernel(const KvWrite* writes) {
  encode_nth(writes[blockIdx.y], blockIdx.x * kVectorsPerBlock + threadIdx.x / kWarp);
}

__global__ void decode_kv_kernel(KvLayout layout, const std::byte* encoded, float* vectors) {
  const int index = blockIdx.x * kVectorsPerBlock + threadIdx.x / kWarp;
  if (index >= layout.count) return;
  for (int d = threadIdx.x % kWarp; d < layout.width; d += kWarp) {
    vectors[static_cast<std::size_t>(index) * layout.width + d] =
        stored_number(layout.format, encoded + index * layout.stride, d);
  }
}

Grid grid_for(const KvLayout& layout) {
  return {.blocks = blocks_for(static_cast<std::size_t>(layout.count), kVectorsPerBlock)};
}

}  // namespace

void launch_encode_kv(const KvLayout& layout, const float* vectors, std::byte* encoded,
                      Stream stream) {
  if (layout.count == 0) return;
  launch_kernel(encode_kv_kernel, grid_for(layout), stream, "encoding of keys and values",
                KvWrite{layout, vectors, encoded});
}

void launch_write_kv(const KvWrite* writes, int count, int most_vectors, Stream stream) {
  if (count == 0 || most_vectors == 0) return;
  const dim3 blocks(blocks_for(static_cast<std::size_t>(most_vectors), kVectorsPerBlock),
                    static_cast<unsigned>(count));
  launch_kernel(write_kv_kernel, {.blocks = blocks}, stream, "writing of keys and values", writes);
}

void launch_decode_kv(const KvLayout& layout, const std::byte* encoded, float* vectors,
                      Stream stream) {
  if (layout.count == 0) return;
  launch_kernel(decode_kv_kernel, grid_for(layout), stream, "decoding of keys and values", layout,
                encoded, vectors);
}

}  // namespace sketchscope::kernels::cuda
