#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "engine/model/backend.hpp"
#include "engine/model/input_row.hpp"
#include "engine/model/model_config.hpp"
#include "kernels/parallel.hpp"

namespace sketchscope::model {

/// The buffers of forward passes on the processor, which grow with the number of rows and never
/// shrink. What a row needs from layer to layer is there for all B rows of a pass, the rest for the
/// M rows that advance at once.
class Activations {
 public:
  /// Grows the buffers for passes of a model of this shape.
  void reserve(const ModelConfig& config, int rows, int rows_at_once);
  /// Bytes that the buffers take.
  [[nodiscard]] std::size_t bytes() const;

  std::vector<float> residual;    // (B, C)
  std::vector<float> rotations;   // (B, 2, R / 2), of rotary positions
  std::vector<float> normalised;  // (M, C)
  std::vector<float> qkv;         // (M, H + 2 K, D)
  std::vector<float> attended;    // (M, H, D)
  std::vector<float> gates;       // (M, 2 F), where the inner layer is gated
  std::vector<float> inner;       // (M, F)
  std::vector<float> projected;   // (M, C)
};

/// The input rows of one pass and the target of their logits.
struct PassRows {
  std::span<const InputRow> inputs;  // (B)
  std::span<float> logits;           // (n, V): of the last n rows
  int rows_at_once = 0;              // M, 1 … B
};

/// A backend for one pass on the processor. All layers share the same buffers, and so do all ranges
/// of rows but for the residual.
class CpuBackend final : public Backend {
 public:
  CpuBackend(const ModelConfig& config, kernels::ThreadPool& pool, Activations& activations,
             const PassRows& rows);

  [[nodiscard]] PassBuffers buffers(int layer, const RowRange& rows) override;
  void embed(const DecoderView& weights, int first, std::span<float> output) override;
  void normalise(const NormView& norm, float epsilon, std::span<const float> input,
                 std::span<float> output) override;
  void normalise_heads(const NormView& query, const NormView& key, float epsilon,
                       std::span<float> qkv) override;
  void rotate(int first, std::span<float> qkv) override;
  void multiply(const kernels::Linear& layer, std::span<const float> input,
                std::span<float> output) override;
  void activate(kernels::Activation function, int width, std::span<float> rows) override;
  void gate(kernels::Activation function, int width, std::span<const float> input,
            std::span<float> output) override;
  void add(std::span<const float> summand, std::span<float> sum) override;

 private:
  /// Calls work(row, qkv of that row) for every row of `qkv`, on all threads if there are many.
  template <class Work>
  void for_each_row(std::span<float> qkv, const Work& work);

  const ModelConfig& config_;
  kernels::ThreadPool& pool_;
  Activations& activations_;
  PassRows rows_;
};

}  // namespace sketchscope::model
