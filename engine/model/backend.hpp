#pragma once

#include <span>

#include "engine/model/model_weights.hpp"
#include "kernels/activation.hpp"

namespace sketchscope {

/// Where the rows of a pass lie while a layer runs, in the memory of the backend.
struct PassBuffers {
  std::span<float> residual;    // (B, C)
  std::span<float> normalised;  // (B, C)
  std::span<float> qkv;         // (B, (H + 2 K) · D)
  std::span<float> attended;    // (B, H · D)
  std::span<float> inner;       // (B, F)
  std::span<float> projected;   // (B, C)
  std::span<float> logits;      // (rows that have logits, V): those of the last rows, or none
};

/// The operations of a forward pass on rows that it was given. Arrays and weights lie in one
/// memory, the processor's or a device's; there the work is queued in the order of the calls.
class Backend {
 public:
  virtual ~Backend() = default;

  [[nodiscard]] virtual PassBuffers buffers(int layer) = 0;

  /// output (B, C): the embedding of each row's token plus that of its position.
  virtual void embed(const DecoderView& weights, std::span<float> output) = 0;
  /// input and output (rows, C).
  virtual void normalise(const NormView& norm, float epsilon, std::span<const float> input,
                         std::span<float> output) = 0;
  /// input (rows, K), output (rows, N), as linear().
  virtual void multiply(const Linear& layer, std::span<const float> input,
                        std::span<float> output) = 0;
  /// In place; rows (rows, width).
  virtual void activate(Activation function, int width, std::span<float> rows) = 0;
  virtual void add(std::span<const float> summand, std::span<float> sum) = 0;
};

}  // namespace sketchscope
