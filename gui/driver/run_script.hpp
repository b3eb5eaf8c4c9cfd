#pragma once

#include <filesystem>

#include "gui/driver/script_result.hpp"
#include "gui/driver/stage.hpp"

namespace sketchscope {

/// Runs a script (gui/driver/README.md) on a window. Screenshots, `log.txt` and `junit.xml` go to
/// `out`. A failed line ends its case and saves the window as `failure-line-N.png`. Throws Error
/// that names the line if the script cannot be parsed.
ScriptResult run_script(Stage& stage, const std::filesystem::path& script,
                        const std::filesystem::path& out);

}  // namespace sketchscope
