#pragma once

namespace sketchscope::model {

/// One row of a forward pass: a token and its absolute position.
struct InputRow {
  int token = 0;
  int position = 0;
};

}  // namespace sketchscope::model
