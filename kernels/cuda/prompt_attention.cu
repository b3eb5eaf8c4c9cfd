// Prompt attention, with one block per query for the probabilities and the output; then one thread
// per key adds its probabilities in query order.
#include "kernels/cuda/launch.hpp"
#include "kernels/cuda/launch_kernel.cuh"

namespace sketchscope::cuda {
namespace {

__device__ const float* vector_of(const PromptRows& rows, int token, int first) {
  return rows.first + static_cast<std::size_t>(token) * rows.stride + first;
}

__global__ void attend_kernel(Prompt prompt) {
  const int token = blockIdx.x;
  const int visible = token + 1;
  const int width = prompt.head_width;
  const float* query = vector_of(prompt.query, token, prompt.head * width);
  const int kv_first = prompt.head / (prompt.heads / prompt.kv_heads) * width;
  float* probability = prompt.probability + static_cast<std::size_t>(token) * prompt.tokens;

  for (int key = threadIdx.x / kWarp; key < visible; key += kThreads / kWarp) {
    const float* vector = vector_of(prompt.key, key, kv_first);
    float sum = 0.0F;
    for (int d = threadIdx.x % kWarp; d < width; d += kWarp) sum = fmaf(query[d], vector[d], sum);
    sum = warp_sum(sum);
    if (threadIdx.x % kWarp == 0) probability[key] = sum * prompt.scale;
  }
  __syncthreads();
  block_softmax(probability, visible, probability);
  __syncthreads();

  float* output =
      prompt.output + (static_cast<std::size_t>(token) * prompt.heads + prompt.head) * width;
  for (int d = threadIdx.x; d < width; d += kThreads) {
    float sum = 0.0F;
    for (int key = 0; key < visible; ++key) {
      sum = fmaf(probability[key], vector_of(prompt.value, key, kv_first)[d], sum);
    }
    output[d] = sum;
  }
}

__global__ void sum_mass_kernel(Prompt prompt) {
  const int key = blockIdx.x * kThreads + threadIdx.x;
  if (key >= prompt.tokens) return;
  float sum = 0.0F;
  for (int token = key; token < prompt.tokens; ++token) {
    sum += prompt.probability[static_cast<std::size_t>(token) * prompt.tokens + key];
  }
  prompt.mass[key] = sum;
}

}  // namespace

void launch_prompt_attention(const Prompt& prompt, Stream stream) {
  if (prompt.tokens == 0) return;
  const auto tokens = static_cast<unsigned>(prompt.tokens);
  launch_kernel(attend_kernel, {.blocks = tokens}, stream, "prompt attention", prompt);
  launch_kernel(sum_mass_kernel, {.blocks = blocks_for(tokens)}, stream, "mass of a prompt",
                prompt);
}

}  // namespace sketchscope::cuda
