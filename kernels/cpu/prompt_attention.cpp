#include <vector>

#include "kernels/cpu/operations.hpp"
#include "kernels/cpu/prompt_head.hpp"
#include "kernels/cpu/vector_plain.hpp"
#include "kernels/shape_check.hpp"

namespace sketchscope {

void cpu::prompt_attention(const KernelSet& kernels, const PromptAttention& input, int head,
                           std::span<float> output, std::span<float> mass) {
  check_prompt_attention(input, head, output, mass);
  const int row = input.heads * input.head_width;
  // The scratch is cut up alike for every vector type.
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
