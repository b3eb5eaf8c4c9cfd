#pragma once

#include <string>
#include <string_view>

namespace sketchscope {

/// "cuda: not built", "cuda: built, no device" or "cuda: " and the device's name.
std::string cuda_text();

/// Throws Error on a device that this program cannot compute on: anything but "cpu" for now, since
/// a step's caches live in the program's own memory.
void check_device(std::string_view name);

}  // namespace sketchscope
