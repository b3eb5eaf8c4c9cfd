#pragma once

#include <span>

#include "engine/model/model_weights.hpp"
#include "kernels/layers.hpp"

namespace sketchscope::model {

/// The rows [first, first + count) of a pass.
struct RowRange {
  int first = 0;
  int count = 0;
};

/// The buffers of some rows of a pass while a layer runs, in the memory of the backend.
struct PassBuffers {
  std::span<float> residual;    // (B, C)
  std::span<float> normalised;  // (B, C)
  std::span<float> qkv;         // (B, (H + 2 K) · D)
  std::span<float> attended;    // (B, H · D)
  std::span<float> gates;       // (B, 2 F) of a gated inner layer, else empty
  std::span<float> inner;       // (B, F)
  std::span<float> projected;   // (B, C)
  std::span<float> logits;      // (n, V): logits of the pass's last n rows; may be empty
};

/// The operations of a forward pass over the rows that the backend was given. Arrays and weights
/// lie in one memory, that of the host or of a device; on a device the work is queued in the order
/// of the calls.
class Backend {
 public:
  virtual ~Backend() = default;

  /// Returns the buffers of these rows, no more than the pass takes at once, for `layer`. The
  /// residual of each row is its own and stays; the other buffers may be the same for all layers
  /// and rows.
  [[nodiscard]] virtual PassBuffers buffers(int layer, const RowRange& rows) = 0;

  /// Writes the embeddings of the tokens of the rows from `first` on, plus those of their positions
  /// where positions are learned, to output (rows, C).
  virtual void embed(const DecoderView& weights, int first, std::span<float> output) = 0;
  /// Applies a norm to the rows of input (rows, C); output has the same shape.
  virtual void normalise(const NormView& norm, float epsilon, std::span<const float> input,
                         std::span<float> output) = 0;
  /// Applies norms over head widths to each head's query and key in `qkv`, in place.
  virtual void normalise_heads(const NormView& query, const NormView& key, float epsilon,
                               std::span<float> qkv) = 0;
  /// Rotates each row's queries and keys in `qkv` by the rotary positions of its token, in place;
  /// `first` is the row of the pass that comes first in `qkv`.
  virtual void rotate(int first, std::span<float> qkv) = 0;
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
