#pragma once

#include <stdexcept>

namespace sketchscope {

/// A shape that does not fit: the caller's mistake, never a user's.
class KernelError final : public std::invalid_argument {
 public:
  using std::invalid_argument::invalid_argument;
};

/// A device that is absent, out of memory or broken.
class DeviceError final : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace sketchscope
