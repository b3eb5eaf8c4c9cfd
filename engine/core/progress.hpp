#pragma once

#include <functional>

#include "engine/core/error.hpp"

namespace sketchscope {

/// A callback for the progress of a long operation, as a share of the whole. It throws Cancelled to
/// end the operation; an empty sink is ignored.
using ProgressSink = std::function<void(double share)>;

/// The exception that ends an operation because its cancellation was requested.
class Cancelled final : public Error {
 public:
  using Error::Error;
};

}  // namespace sketchscope
