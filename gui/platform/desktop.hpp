#pragma once

#include <memory>
#include <string>

#include "gui/platform/platform.hpp"

namespace sketchscope {

/// Opens a desktop window. Throws Error without a display, with how to run offscreen as remedy.
std::unique_ptr<Platform> open_desktop(const std::string& title, Size size);

}  // namespace sketchscope
