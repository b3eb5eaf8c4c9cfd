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

/// The sizes of passes on the GPU.
struct DevicePassSize {
  int rows = 0;              ///< B
  int rows_at_once = 0;      ///< M, rows that go through a block together, 1 … B
  int rows_with_logits = 0;  ///< n, the last ones
  /// Whether each layer has arrays of its own for attention's inputs and outputs, so that those of
  /// all layers can be fetched after the pass. All rows then go through a block together.
  bool keeps_layers = false;
};

/// A backend for passes on the GPU: every operation is queued on a stream, where it may be
/// recorded.
class DeviceBackend final : public Backend {
 public:
  DeviceBackend(const ModelConfig& config, kernels::cuda::Stream stream);

  /// Sets the sizes of the next passes and grows the arrays, which may move.
  void take_size(const DevicePassSize& size);
  /// Uploads the rows of the next pass, as many as take_size() set.
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

  /// Downloads the logits (n, V).
  void fetch(std::span<float> logits) const;
  /// Downloads qkv (L, B, (H + 2 K) · D) and attended (L, B, H · D) of all layers, which were kept.
  void fetch_layers(std::span<float> qkv, std::span<float> attended) const;

 private:
  void normalise_rms(const NormView& norm, float epsilon, const kernels::cuda::GroupedRows& rows,
                     const float* input, float* output);

  struct Arrays {
    kernels::cuda::DeviceArray<kernels::cuda::TokenAt> tokens;  // (B)
    kernels::cuda::DeviceArray<float> rotations;   // (B, 2, R / 2), of rotary positions
    kernels::cuda::DeviceArray<float> residual;    // (B, C)
    kernels::cuda::DeviceArray<float> normalised;  // (M, C)
    kernels::cuda::DeviceArray<float> qkv;         // (B, (H + 2 K) · D), of one layer or of all
    kernels::cuda::DeviceArray<float> attended;    // (M, H · D), of one layer or of all
    kernels::cuda::DeviceArray<float> gates;       // (M, 2 F), where the inner layer is gated
    kernels::cuda::DeviceArray<float> inner;       // (M, F)
    kernels::cuda::DeviceArray<float> projected;   // (M, C)
    kernels::cuda::DeviceArray<float> logits;      // (n, V)
  };

  const ModelConfig& config_;
  kernels::cuda::Stream stream_;
  DevicePassSize size_;
  std::vector<kernels::cuda::TokenAt> tokens_;  // (B)
  std::vector<float> rotations_;                // (B, 2, R / 2)
  Arrays arrays_;
};

}  // namespace sketchscope::model
