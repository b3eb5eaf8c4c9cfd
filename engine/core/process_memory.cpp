#include "engine/core/process_memory.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>

namespace sketchscope {

ProcessMemory process_memory() {
  ProcessMemory memory;
  std::size_t virtual_pages = 0;
  std::size_t resident_pages = 0;
  std::ifstream("/proc/self/statm") >> virtual_pages >> resident_pages;
  memory.resident = resident_pages * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));

  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  memory.peak = std::max(static_cast<std::size_t>(usage.ru_maxrss) * 1024, memory.resident);
  return memory;
}

}  // namespace sketchscope
