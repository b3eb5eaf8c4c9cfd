#include "engine/core/program.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <limits>
#include <string>

#include "engine/core/error.hpp"
#include "kernels/cpu/instruction_set.hpp"
#include "kernels/cuda_device.hpp"

namespace sketchscope::core {

std::string_view program_version() {
  return SKETCHSCOPE_VERSION;
}

std::string cuda_text() {
  return kernels::cuda_status();
}

std::string instructions_text() {
  return "instructions: " +
         std::string(kernels::cpu::name_of(kernels::cpu::supported_instruction_sets().back()));
}

Device device_from(std::string_view name) {
  if (name == "cpu") return Device::cpu;
  if (name == "cuda" && kernels::cuda_device()) return Device::cuda;
  throw Error({.what = "device " + std::string(name),
               .found = cuda_text(),
               .expected = "cpu, or cuda where a GPU answers",
               .remedy = "Leave the flag out or give --device cpu"});
}

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

std::size_t available_memory() {
  std::ifstream lines("/proc/meminfo");
  std::string key;
  std::size_t kilobytes = 0;
  while (lines >> key >> kilobytes) {
    if (key == "MemAvailable:") return kilobytes * 1024;
    lines.ignore(std::numeric_limits<std::streamsize>::max(), '\n');
  }
  return static_cast<std::size_t>(sysconf(_SC_AVPHYS_PAGES)) *
         static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

}  // namespace sketchscope::core
