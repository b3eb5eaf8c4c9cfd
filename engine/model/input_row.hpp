#pragma once

namespace sketchscope::model {

/// One row of a forward pass: a token and its absolute position.
struct InputRow {
  int token = 0;
  int position = 0;
  /// Whether a rotary model rotates its queries and keys by the position; if not, the attention
  /// layer gets them as they are, and the position may lie beyond the model's context.
  bool rotated = true;
};

}  // namespace sketchscope::model
