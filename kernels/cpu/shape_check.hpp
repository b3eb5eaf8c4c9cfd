#pragma once

#include <cstddef>
#include <string>

#include "kernels/kernel_error.hpp"

namespace sketchscope::cpu {

/// Throws KernelError unless a span has the size that the shapes beside it imply.
inline void expect_size(const char* what, std::size_t found, std::size_t expected) {
  if (found == expected) return;
  throw KernelError(std::string(what) + " has " + std::to_string(found) + " elements; expected " +
                    std::to_string(expected));
}

}  // namespace sketchscope::cpu
