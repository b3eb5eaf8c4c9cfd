#pragma once

#include <cstddef>

namespace sketchscope {

/// Resident bytes of this process, as the kernel counts them.
struct ProcessMemory {
  std::size_t resident = 0;
  std::size_t peak = 0;
};
ProcessMemory process_memory();

/// Bytes of the machine's memory that a program may still take, as the kernel estimates them.
std::size_t available_memory();

}  // namespace sketchscope
