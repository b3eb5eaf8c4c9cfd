#pragma once

#include <string>

namespace sketchscope {

/// The program's version and what it can compute on, a line each.
std::string version_text();

}  // namespace sketchscope
