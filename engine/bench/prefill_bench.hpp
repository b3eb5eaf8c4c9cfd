#pragma once

#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/bench/bench_row.hpp"
#include "engine/core/timing.hpp"
#include "engine/model/model.hpp"
#include "engine/model/prompt_gemm.hpp"

namespace sketchscope::bench {

/// Options of bench_prefill().
struct PrefillBenchOptions {
  std::string what = "prefill";
  std::shared_ptr<const model::Model> model;
  std::vector<int> tokens = {64, 128, 256, 512};
  int rounds = 5;
  int threads = 1;
  core::Trace* trace = nullptr;
};

/// Times the prefill of prompts of every length. Each round times every length once, so that a
/// change in the machine's load falls on all of them. A stop ends the rounds after the first.
/// Throws Error on a length beyond the model's context.
std::vector<BenchRow> bench_prefill(const PrefillBenchOptions& options, MachineProbe& machine,
                                    const std::stop_token& stop);

/// Options of bench_crossover().
struct CrossoverOptions {
  const model::PromptGemm& gemm;
  kernels::WeightType type = kernels::WeightType::f32;
  std::vector<int> tokens = {32, 64, 128, 192, 256, 384, 512};
  int rounds = 5;
  int threads = 1;
};

/// Times one linear layer of GPT-2 with 124M parameters (768 × 3072) for prompts of every length,
/// alternating between the program's own kernels and the library's GEMM (model::PromptGemm). The
/// length from which on the GEMM is faster is the best value of model::kFewestGemmRows. A stop ends
/// the rounds after the first.
std::vector<BenchRow> bench_crossover(const CrossoverOptions& options, MachineProbe& machine,
                                      const std::stop_token& stop);

}  // namespace sketchscope::bench
