#pragma once

#include <memory>
#include <string>

#include "gui/platform/platform.hpp"

namespace sketchscope {

/// A window of the desktop. Throws Error where there is no display, saying how to run without one.
std::unique_ptr<Platform> open_desktop(const std::string& title, Size size);

}  // namespace sketchscope
