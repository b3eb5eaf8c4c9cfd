#pragma once

#include <algorithm>
#include <span>
#include <vector>

#include "engine/model/backend.hpp"
#include "engine/model/input_row.hpp"
#include "engine/model/model_config.hpp"
#include "kernels/cuda/launch.hpp"
#include "kernels/cuda/memory.hpp"

namespace sketchscope {

/// At least `size` elements on the device; what was in the array is gone where it grows.
template <class T>
void grow_device_array(cuda::DeviceArray<T>& array, std::size_t size) {
  if (array.size() < size) array = cuda::DeviceArray<T>(std::max(size, 2 * array.size()));
}

/// A pass on the GPU: every operation is queued on a stream, and may be recorded there. Each layer
/// has arrays of its own for attention's inputs and outputs, so that all of them can be fetched
/// after the pass.
class DeviceBackend final : public Backend {
 public:
  DeviceBackend(const ModelConfig& config, cuda::Stream stream);

  /// Makes room for passes of this many rows. The arrays may move.
  void set_row_count(int rows);
  /// The rows of the next pass, as many as were set.
  void send(std::span<const InputRow> rows);

  [[nodiscard]] PassBuffers buffers(int layer) override;
  void embed(const DecoderView& weights, std::span<float> output) override;
  void normalise(const NormView& norm, float epsilon, std::span<const float> input,
                 std::span<float> output) override;
  void multiply(const Linear& layer, std::span<const float> input,
                std::span<float> output) override;
  void activate(Activation function, int width, std::span<float> rows) override;
  void add(std::span<const float> summand, std::span<float> sum) override;

  /// Of all layers: qkv (L, B, (H + 2 K) · D), attended (L, B, H · D).
  void fetch(std::span<float> qkv, std::span<float> attended, std::span<float> logits) const;

 private:
  struct Arrays {
    cuda::DeviceArray<cuda::TokenAt> tokens;  // (B)
    cuda::DeviceArray<float> residual;        // (B, C)
    cuda::DeviceArray<float> normalised;      // (B, C)
    cuda::DeviceArray<float> qkv;             // (L, B, (H + 2 K) · D)
    cuda::DeviceArray<float> attended;        // (L, B, H · D)
    cuda::DeviceArray<float> inner;           // (B, F)
    cuda::DeviceArray<float> projected;       // (B, C)
    cuda::DeviceArray<float> logits;          // (B, V)
  };

  const ModelConfig& config_;
  cuda::Stream stream_;
  int rows_ = 0;
  std::vector<cuda::TokenAt> tokens_;  // (B)
  Arrays arrays_;
};

}  // namespace sketchscope
