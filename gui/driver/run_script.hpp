#pragma once

#include <filesystem>

#include "gui/driver/script_result.hpp"
#include "gui/driver/stage.hpp"

namespace sketchscope {

/// Carries out a script (its language: gui/driver/README.md) on a window. Screenshots, `log.txt`
/// and `junit.xml` go to `out`. A failed line ends its case, with `failure-line-N.png` of the
/// window as it was. Throws Error on a script that cannot be read, naming the line.
ScriptResult run_script(Stage& stage, const std::filesystem::path& script,
                        const std::filesystem::path& out);

}  // namespace sketchscope
