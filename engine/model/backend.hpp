#pragma once

#include <span>

#include "engine/model/model_weights.hpp"
#include "kernels/layers.hpp"

namespace sketchscope::model {

/// The buffers of the rows of a pass while a layer runs, in the memory of the backend.
struct PassBuffers {
  std::span<float> residual;    // (B, C)
  std::span<float> normalised;  // (B, C)
  std::span<float> qkv;         // (B, (H + 2 K) · D)
  std::span<float> attended;    // (B, H · D)
  std::span<float> gates;       // (B, 2 F) of a gated inner layer, else empty
  std::span<float> inner;       // (B, F)
  std::span<float> projected;   // (B, C)
  std::span<float> logits;      // (n, V): logits of the last n rows; may be empty
};

/// The operations of a forward pass over the rows that the backend was given. Arrays and weights
/// lie in one memory, that of the host or of a device; on a device the work is queued in the order
/// of the calls.
class Backend {
 public:
  virtual ~Backend() = default;

  /// Returns the buffers for `layer`; they may be the same for all layers.
  [[nodiscard]] virtual PassBuffers buffers(int layer) = 0;

  /// Writes the embedding of each row's token, plus that of its position where positions are
  /// learned, to output (B, C).
  virtual void embed(const DecoderView& weights, std::span<float> output) = 0;
  /// Applies a norm to the rows of input (rows, C); output has the same shape.
  virtual void normalise(const NormView& norm, float epsilon, std::span<const float> input,
                         std::span<float> output) = 0;
  /// Applies norms over head widths to each head's query and key in `qkv`, in place.
  virtual void normalise_heads(const NormView& query, const NormView& key, float epsilon,
                               std::span<float> qkv) = 0;
  /// Turns each row's queries and keys in `qkv` by the rotary positions of its token, in place.
  virtual void rotate(std::span<float> qkv) = 0;
  /// Applies a linear layer to input (rows, K); output is (rows, N). The contract is that of
  /// linear().
  virtual void multiply(const kernels::Linear& layer, std::span<const float> input,
                        std::span<float> output) = 0;
  /// Applies the function to `rows` (rows, width) in place.
  virtual void activate(kernels::Activation function, int width, std::span<float> rows) = 0;
  /// Writes function(gate) · value to output (rows, width) from input (rows, 2 · width), as the
  /// kernel of this name does.
  virtual void gate(kernels::Activation function, int width, std::span<const float> input,
                    std::span<float> output) = 0;
  /// Adds `summand` to `sum` element by element.
  virtual void add(std::span<const float> summand, std::span<float> sum) = 0;
};

}  // namespace sketchscope::model
