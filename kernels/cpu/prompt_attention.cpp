#include <vector>

#include "kernels/cpu/operations.hpp"
#include "kernels/cpu/prompt_head.hpp"
#include "kernels/cpu/shape_check.hpp"
#include "kernels/cpu/vector_plain.hpp"

namespace sketchscope {

void cpu::prompt_attention(const KernelSet& kernels, const PromptAttention& input, int head,
                           std::span<float> output, std::span<float> mass) {
  const auto tokens = static_cast<std::size_t>(input.tokens);
  const int row = input.heads * input.head_width;
  expect_size("prompt_attention: qkv", input.qkv.size(), tokens * 3 * row);
  expect_size("prompt_attention: output", output.size(), tokens * row);
  if (!mass.empty()) expect_size("prompt_attention: mass", mass.size(), tokens);
  if (head < 0 || head >= input.heads) {
    throw KernelError("prompt_attention: head " + std::to_string(head) + " of " +
                      std::to_string(input.heads));
  }
  std::vector<float> scratch(PromptScratch<Plain>::size(input.tokens, input.head_width));
  const float* query = input.qkv.data() + static_cast<std::size_t>(head) * input.head_width;
  kernels.prompt_attention(
      {.query = query,
       .key = query + row,
       .value = query + 2 * row,
       .tokens = input.tokens,
       .width = input.head_width,
       .stride = 3 * row,
       .scale = input.scale,
       .output = output.data() + static_cast<std::size_t>(head) * input.head_width,
       .output_stride = row,
       .mass = mass.empty() ? nullptr : mass.data(),
       .scratch = scratch.data()});
}

void prompt_attention(const PromptAttention& input, int head, std::span<float> output,
                      std::span<float> mass) {
  cpu::prompt_attention(cpu::best_kernels(), input, head, output, mass);
}

}  // namespace sketchscope
