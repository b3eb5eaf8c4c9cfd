#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace sketchscope::core {

/// Returns the version of this program, such as "0.1.0", for the files that state which version
/// wrote them.
std::string_view program_version();

/// The device on which the passes of steps are computed.
enum class Device : std::uint8_t { cpu, cuda };

/// Returns "cuda: not built", "cuda: built, no device" or "cuda: " and the device's name.
std::string cuda_text();

/// Returns "instructions: " and the fastest set of the processor's instructions that kernels are
/// compiled for and this one has.
std::string instructions_text();

/// Parses "cpu" or "cuda". Throws Error on another name and on a device that is not available.
Device device_from(std::string_view name);

/// The resident set of this process in bytes, as the kernel counts it.
struct ProcessMemory {
  std::size_t resident = 0;
  std::size_t peak = 0;
};
ProcessMemory process_memory();

/// Returns the bytes of memory that are still available to programs, as the kernel estimates them.
std::size_t available_memory();

}  // namespace sketchscope::core
