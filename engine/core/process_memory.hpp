#pragma once

#include <cstddef>

namespace sketchscope {

/// The resident set of this process in bytes, as the kernel counts it.
struct ProcessMemory {
  std::size_t resident = 0;
  std::size_t peak = 0;
};
ProcessMemory process_memory();

/// Returns the bytes of memory that are still available to programs, as the kernel estimates them.
std::size_t available_memory();

}  // namespace sketchscope
