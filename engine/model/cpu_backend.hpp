#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "engine/model/backend.hpp"
#include "engine/model/input_row.hpp"
#include "engine/model/model_config.hpp"
#include "engine/model/prompt_gemm.hpp"
#include "kernels/parallel.hpp"

namespace sketchscope::model {

/// The buffers of forward passes on the processor, which grow with the number of rows and never
/// shrink.
class Activations {
 public:
  /// Grows the buffers for `rows` rows of a model of this shape.
  void reserve(const ModelConfig& config, int rows);
  /// Bytes that the buffers take.
  [[nodiscard]] std::size_t bytes() const;

  std::vector<float> residual;    // (B, C)
  std::vector<float> normalised;  // (B, C)
  std::vector<float> qkv;         // (B, H + 2 K, D)
  std::vector<float> attended;    // (B, H, D)
  std::vector<float> gates;       // (B, 2 F), where the inner layer is gated
  std::vector<float> inner;       // (B, F)
  std::vector<float> projected;   // (B, C)
  std::vector<float> turns;       // (B, 2, R / 2), of rotary positions
};

/// The input rows of one pass and the target of their logits.
struct PassRows {
  std::span<const InputRow> inputs;  // (B)
  std::span<float> logits;           // (n, V): of the last n rows
};

/// A backend for one pass on the processor. All layers share the same buffers.
class CpuBackend final : public Backend {
 public:
  /// `gemm` computes products of kFewestGemmRows rows or more. If it is null, the program's own
  /// kernels compute all.
  CpuBackend(const ModelConfig& config, kernels::ThreadPool& pool, Activations& activations,
             const PassRows& rows, const PromptGemm* gemm);

  [[nodiscard]] PassBuffers buffers(int layer) override;
  void embed(const DecoderView& weights, std::span<float> output) override;
  void normalise(const NormView& norm, float epsilon, std::span<const float> input,
                 std::span<float> output) override;
  void normalise_heads(const NormView& query, const NormView& key, float epsilon,
                       std::span<float> qkv) override;
  void rotate(std::span<float> qkv) override;
  void multiply(const kernels::Linear& layer, std::span<const float> input,
                std::span<float> output) override;
  void activate(kernels::Activation function, int width, std::span<float> rows) override;
  void gate(kernels::Activation function, int width, std::span<const float> input,
            std::span<float> output) override;
  void add(std::span<const float> summand, std::span<float> sum) override;

 private:
  /// Calls work(row, qkv of that row) for every row of the pass, on all threads if there are many.
  template <class Work>
  void for_each_row(std::span<float> qkv, const Work& work);

  const ModelConfig& config_;
  kernels::ThreadPool& pool_;
  Activations& activations_;
  PassRows rows_;
  const PromptGemm* gemm_;
};

}  // namespace sketchscope::model
