// Embedding and residual addition, with one thread per number.
#include "kernels/cuda/launch.hpp"
#include "kernels/cuda/launch_kernel.cuh"
#include "kernels/cuda/weight_value.cuh"

namespace sketchscope::cuda {
namespace {

template <class T>
__global__ void embed_kernel(Embedding embedding) {
  const int c = blockIdx.x * kThreads + threadIdx.x;
  const int width = embedding.tokens.inputs;
  if (c >= width) return;
  const int row = blockIdx.y;
  const auto token = static_cast<std::size_t>(embedding.rows[row].token);
  const auto position = static_cast<std::size_t>(embedding.rows[row].position);
  const float* scale = embedding.tokens.scale;
  const float weight =
      weight_value(static_cast<const T*>(embedding.tokens.weight)[token * width + c]);
  const float scaled = scale == nullptr ? weight : scale[token] * weight;
  embedding.output[static_cast<std::size_t>(row) * width + c] =
      embedding.positions == nullptr ? scaled : scaled + embedding.positions[position * width + c];
}

__global__ void add_numbers_kernel(float* sum, const float* summand, std::size_t count) {
  const std::size_t i = static_cast<std::size_t>(blockIdx.x) * kThreads + threadIdx.x;
  if (i < count) sum[i] += summand[i];
}

}  // namespace

void launch_embed(const Embedding& embedding, int rows, Stream stream) {
  if (rows == 0) return;
  const dim3 blocks(blocks_for(static_cast<std::size_t>(embedding.tokens.inputs)),
                    static_cast<unsigned>(rows));
  with_weight_type(embedding.tokens.type, [&](auto weight) {
    launch_kernel(embed_kernel<decltype(weight)>, {.blocks = blocks}, stream, "embedding",
                  embedding);
  });
}

void launch_add(float* sum, const float* summand, std::size_t count, Stream stream) {
  if (count == 0) return;
  launch_kernel(add_numbers_kernel, {.blocks = blocks_for(count)}, stream, "addition", sum, summand,
                count);
}

}  // namespace sketchscope::cuda
