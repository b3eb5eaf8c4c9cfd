// A warp per vector: the threads agree on its range, then each writes the codes of its numbers.
#include "kernels/cuda/kv_vector.cuh"
#include "kernels/cuda/launch.hpp"
#include "kernels/cuda/memory.hpp"
#include "kernels/cuda/reduce.cuh"

namespace sketchscope::cuda {
namespace {

constexpr int kVectorsPerBlock = kThreads / kWarp;

__device__ float within_halves(float x) {
  return fmaxf(fminf(x, 65504.0F), -65504.0F);
}

/// Divisions round as IEEE 754 says, so that the bytes are those of the processor.
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

__global__ void encode_kv_kernel(KvLayout layout, const float* vectors, std::byte* encoded) {
  const int index = blockIdx.x * kVectorsPerBlock + threadIdx.x / kWarp;
  if (index >= layout.count) return;
  const float* vector = vectors + static_cast<std::size_t>(index) * layout.width;
  std::byte* out = encoded + index * layout.stride;
  const int thread = threadIdx.x % kWarp;
  switch (layout.format) {
    case KvFormat::f32:
      for (int d = thread; d < layout.width; d += kWarp) {
        reinterpret_cast<float*>(out)[d] = vector[d];
      }
      break;
    case KvFormat::f16:
      for (int d = thread; d < layout.width; d += kWarp) {
        reinterpret_cast<__half*>(out)[d] = __float2half_rn(within_halves(vector[d]));
      }
      break;
    case KvFormat::int8:
      encode_int8(vector, layout.width, out);
      break;
    case KvFormat::int4:
      encode_int4(vector, layout.width, out);
      break;
  }
}

__global__ void decode_kv_kernel(KvLayout layout, const std::byte* encoded, float* vectors) {
  const int index = blockIdx.x * kVectorsPerBlock + threadIdx.x / kWarp;
  if (index >= layout.count) return;
  for (int d = threadIdx.x % kWarp; d < layout.width; d += kWarp) {
    vectors[static_cast<std::size_t>(index) * layout.width + d] =
        stored_number(layout.format, encoded + index * layout.stride, d);
  }
}

int blocks_for(int vectors) {
  return (vectors + kVectorsPerBlock - 1) / kVectorsPerBlock;
}

}  // namespace

void launch_encode_kv(const KvLayout& layout, const float* vectors, std::byte* encoded,
                      cudaStream_t stream) {
  if (layout.count == 0) return;
  encode_kv_kernel<<<blocks_for(layout.count), kThreads, 0, stream>>>(layout, vectors, encoded);
  check(cudaGetLastError(), "encoding of keys and values");
}

void launch_decode_kv(const KvLayout& layout, const std::byte* encoded, float* vectors,
                      cudaStream_t stream) {
  if (layout.count == 0) return;
  decode_kv_kernel<<<blocks_for(layout.count), kThreads, 0, stream>>>(layout, encoded, vectors);
  check(cudaGetLastError(), "decoding of keys and values");
}

}  // namespace sketchscope::cuda
