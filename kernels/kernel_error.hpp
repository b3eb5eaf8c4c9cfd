#pragma once

#include <stdexcept>

namespace sketchscope::kernels {

/// Reports shapes that do not fit together: an error in the program, never a user's mistake.
class KernelError final : public std::invalid_argument {
 public:
  using std::invalid_argument::invalid_argument;
};

/// Reports a device that is absent, out of memory or broken.
class DeviceError final : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace sketchscope::kernels
