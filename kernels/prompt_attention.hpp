#pragma once

#include <cstddef>
#include <span>

#include "kernels/cpu/instruction_set.hpp"
#include "kernels/parallel.hpp"

namespace sketchscope::kernels {

/// Vectors of one width that lie `stride` numbers apart: some columns of each row of a matrix.
struct StridedRows {
  std::span<const float> numbers;  // from the first number of the first vector on
  std::size_t width = 0;
  std::size_t stride = 0;  // numbers from one vector to the next, at least `width`

  /// Returns vector `index`.
  [[nodiscard]] std::span<const float> row(std::size_t index) const {
    return numbers.subspan(index * stride, width);
  }
};

/// Causal attention inside a prompt, of its tokens [first, N) over all tokens before them and
/// themselves: query i is that of token first + i and sees keys 0 … first + i. Query head h reads
/// key/value head h / (H / K). Queries of one prompt may come in several calls: each has the same
/// result in whichever call it comes.
struct PromptAttention {
  int tokens = 0;        // N
  int first = 0;         // 0 … N; there are M = N − first queries
  int heads = 0;         // H
  int kv_heads = heads;  // K, divides H
  int head_width = 0;    // D
  float scale = 1.0F;
  StridedRows query;  // (M, H · D)
  StridedRows key;    // (N, K · D)
  StridedRows value;  // (N, K · D)
};

/// Fills query head `head` of `output` (M, H, D). mass (N) gains the probability of each key under
/// this head, query by query; it may be empty. Throws KernelError on shapes that do not fit.
void prompt_attention(const PromptAttention& input, int head, std::span<float> output,
                      std::span<float> mass, const cpu::KernelSet& kernels = cpu::best_kernels());

/// Fills all heads of `output` (M, H, D) in parallel, and adds to mass (H, T), of which each head's
/// first N <= T are those of its keys: the same numbers as head by head.
void prompt_attention(ThreadPool& pool, const PromptAttention& input, std::span<float> output,
                      std::span<float> mass, const cpu::KernelSet& kernels = cpu::best_kernels());

}  // namespace sketchscope::kernels
