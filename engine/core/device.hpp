#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace sketchscope {

/// Where steps are computed.
enum class Device : std::uint8_t { cpu, cuda };

/// "cuda: not built", "cuda: built, no device" or "cuda: " and the device's name.
std::string cuda_text();

/// The device named "cpu" or "cuda". Throws Error where it is not there.
Device device_from(std::string_view name);

}  // namespace sketchscope
