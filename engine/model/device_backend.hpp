#pragma once

#include <algorithm>
#include <span>
#include <vector>

#include "engine/model/backend.hpp"
#include "engine/model/input_row.hpp"
#include "engine/model/model_config.hpp"
#include "kernels/cuda/launch.hpp"
#include "kernels/cuda/runtime.hpp"

namespace sketchscope::model {

/// Grows an array to at least `size` elements; growing loses its contents.
template <class T>
void grow_device_array(kernels::cuda::DeviceArray<T>& array, std::size_t size) {
  if (array.size() < size) array = kernels::cuda::DeviceArray<T>(std::max(size, 2 * array.size()));
}

/// A backend for passes on the GPU: every operation is queued on a stream, where it may be
/// recorded. Each layer has its own arrays for attention's inputs and outputs, so that all of them
/// can be fetched after the pass.
class DeviceBackend final : public Backend {
 public:
  DeviceBackend(const ModelConfig& config, kernels::cuda::Stream stream);

  /// Sets the number of rows of the next passes and grows the arrays, which may move.
  void set_row_count(int rows);
  /// Uploads the rows of the next pass, as many as set_row_count() set.
  void send(std::span<const InputRow> rows);

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

  /// Downloads qkv (L, B, (H + 2 K) · D) and attended (L, B, H · D) of all layers, and the logits
  /// (B, V).
  void fetch(std::span<float> qkv, std::span<float> attended, std::span<float> logits) const;

 private:
  void normalise_rms(const NormView& norm, float epsilon, const kernels::cuda::GroupedRows& rows,
                     const float* input, float* output);

  struct Arrays {
    kernels::cuda::DeviceArray<kernels::cuda::TokenAt> tokens;  // (B)
    kernels::cuda::DeviceArray<float> rotations;   // (B, 2, R / 2), of rotary positions
    kernels::cuda::DeviceArray<float> residual;    // (B, C)
    kernels::cuda::DeviceArray<float> normalised;  // (B, C)
    kernels::cuda::DeviceArray<float> qkv;         // (L, B, (H + 2 K) · D)
    kernels::cuda::DeviceArray<float> attended;    // (L, B, H · D)
    kernels::cuda::DeviceArray<float> gates;       // (B, 2 F), where the inner layer is gated
    kernels::cuda::DeviceArray<float> inner;       // (B, F)
    kernels::cuda::DeviceArray<float> projected;   // (B, C)
    kernels::cuda::DeviceArray<float> logits;      // (B, V)
  };

  const ModelConfig& config_;
  kernels::cuda::Stream stream_;
  int rows_ = 0;
  std::vector<kernels::cuda::TokenAt> tokens_;  // (B)
  std::vector<float> rotations_;                // (B, 2, R / 2)
  Arrays arrays_;
};

}  // namespace sketchscope::model
