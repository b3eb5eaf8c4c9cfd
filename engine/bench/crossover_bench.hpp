#pragma once

#include <stop_token>
#include <vector>

#include "engine/bench/bench_row.hpp"
#include "engine/model/prompt_gemm.hpp"

namespace sketchscope {

/// Options of bench_crossover().
struct CrossoverOptions {
  const PromptGemm& gemm;
  WeightType type = WeightType::f32;
  std::vector<int> tokens = {32, 64, 128, 192, 256, 384, 512};
  int rounds = 5;
  int threads = 1;
};

/// Times one linear layer of the 124M shape (768 × 3072) for prompts of every length, alternating
/// between our kernels and the library's GEMM. kFewestGemmRows should be the length at which the
/// GEMM becomes faster.
std::vector<BenchRow> bench_crossover(const CrossoverOptions& options, MachineProbe& machine,
                                      const std::stop_token& stop);

}  // namespace sketchscope
