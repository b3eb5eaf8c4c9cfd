#include <vector>

#include "kernels/cpu/operations.hpp"
#include "kernels/cpu/prompt_head.hpp"
#include "kernels/cpu/vector_plain.hpp"
#include "kernels/shape_check.hpp"

namespace sketchscope {

void cpu::prompt_attention(const KernelSet& kernels, const PromptAttention& input, int head,
                           std::span<float> output, std::span<float> mass) {
  check_prompt_attention(input, head, output, mass);
  const auto width = static_cast<std::size_t>(input.head_width);
  const std::size_t first = static_cast<std::size_t>(head) * width;
  const auto kv_head = static_cast<std::size_t>(head / (input.heads / input.kv_heads));
  // The scratch has the same layout for every vector type.
  std::vector<float> scratch(PromptScratch<Plain>::size(input.tokens, input.head_width));
  kernels.prompt_attention({.query = input.query.numbers.data() + first,
                            .key = input.key.numbers.data() + kv_head * width,
                            .value = input.value.numbers.data() + kv_head * width,
                            .tokens = input.tokens,
                            .width = input.head_width,
                            .query_stride = input.query.stride,
                            .key_stride = input.key.stride,
                            .value_stride = input.value.stride,
                            .scale = input.scale,
                            .output = output.data() + first,
                            .output_stride = input.heads * input.head_width,
                            .mass = mass.empty() ? nullptr : mass.data(),
                            .scratch = scratch.data()});
}

void prompt_attention(const PromptAttention& input, int head, std::span<float> output,
                      std::span<float> mass) {
  cpu::prompt_attention(cpu::best_kernels(), input, head, output, mass);
}

}  // namespace sketchscope
