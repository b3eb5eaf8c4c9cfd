#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace sketchscope {

/// The device on which the passes of steps are computed.
enum class Device : std::uint8_t { cpu, cuda };

/// Returns "cuda: not built", "cuda: built, no device" or "cuda: " and the device's name.
std::string cuda_text();

/// Parses "cpu" or "cuda". Throws Error on another name and on a device that is not available.
Device device_from(std::string_view name);

}  // namespace sketchscope
