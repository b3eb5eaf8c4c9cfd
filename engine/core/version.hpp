#pragma once

#include <string_view>

namespace sketchscope {

/// Returns the version of this program, such as "0.1.0", for the files that state which version
/// wrote them.
std::string_view program_version();

}  // namespace sketchscope
