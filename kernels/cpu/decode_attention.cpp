#include "kernels/decode_attention.hpp"

#include <algorithm>

#include "kernels/cpu/operations.hpp"
#include "kernels/shape_check.hpp"

namespace sketchscope {
namespace {

cpu::DecodeHead head_of(const DecodeAttention& input, const AttentionResult& result, int head) {
  const auto index = static_cast<std::size_t>(head);
  const auto stored = static_cast<std::size_t>(input.stored);
  const auto start = index * static_cast<std::size_t>(input.head_width);
  return {.pages = input.pages.data(),
          .format = input.format,
          .vector_bytes = static_cast<long>(kv_vector_bytes(input.format, input.head_width)),
          .stored = input.stored,
          .slots = input.slots.empty() ? nullptr : input.slots.data(),
          .listed = static_cast<int>(input.slots.size()),
          .head = head,
          .width = input.head_width,
          .scale = input.scale,
          .query = input.query.data() + start,
          .output = result.output.data() + start,
          .mass = result.mass.empty() ? nullptr : result.mass.data() + index * stored,
          .log_sum_exp = result.log_sum_exp.empty() ? nullptr : result.log_sum_exp.data() + index};
}

}  // namespace

void cpu::decode_attention(const KernelSet& kernels, const DecodeAttention& input,
                           const AttentionResult& result) {
  check_decode_attention(input, result);
  for (int head = 0; head < input.heads; ++head) {
    kernels.decode_attention(head_of(input, result, head));
  }
}

void cpu::decode_attention(const KernelSet& kernels, ThreadPool& pool,
                           std::span<const DecodeAttention> inputs,
                           std::span<const AttentionResult> results) {
  expect_size("decode_attention: results", results.size(), inputs.size());
  if (inputs.empty()) return;
  int most_heads = 0;
  for (std::size_t table = 0; table < inputs.size(); ++table) {
    check_decode_attention(inputs[table], results[table]);
    most_heads = std::max(most_heads, inputs[table].heads);
  }
  pool.run(static_cast<int>(inputs.size()) * most_heads, [&](int part) {
    const auto table = static_cast<std::size_t>(part / most_heads);
    const int head = part % most_heads;
    if (head >= inputs[table].heads) return;
    kernels.decode_attention(head_of(inputs[table], results[table], head));
  });
}

void decode_attention(const DecodeAttention& input, const AttentionResult& result) {
  cpu::decode_attention(cpu::best_kernels(), input, result);
}

void decode_attention(ThreadPool& pool, std::span<const DecodeAttention> inputs,
                      std::span<const AttentionResult> results) {
  cpu::decode_attention(cpu::best_kernels(), pool, inputs, results);
}

}  // namespace sketchscope
