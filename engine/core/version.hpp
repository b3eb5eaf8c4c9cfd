#pragma once

#include <string_view>

namespace sketchscope {

/// "0.1.0": of this program, in every file it writes that must be told apart later.
std::string_view program_version();

}  // namespace sketchscope
