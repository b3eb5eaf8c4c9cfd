#pragma once

#include <functional>

#include "engine/core/error.hpp"

namespace sketchscope {

/// Hears how far a long piece of work has come, as a share of all of it. Throws Cancelled to end it
/// there. Empty where nobody listens.
using ProgressSink = std::function<void(double share)>;

/// Ends a piece of work because somebody asked for that.
class Cancelled final : public Error {
 public:
  using Error::Error;
};

}  // namespace sketchscope
