#pragma once

#include <cstddef>
#include <span>

#include "engine/core/error.hpp"

namespace sketchscope::decode {

/// The exception for logits of which nothing can be drawn or measured, since one is not finite:
/// weights that are finite may still overflow while a model computes with them.
class BrokenLogits final : public core::Error {
 public:
  using Error::Error;
};

/// Throws BrokenLogits unless every number is finite. `tokens` is how many were fed until then.
void require_finite(std::span<const float> logits, std::size_t tokens);

}  // namespace sketchscope::decode
