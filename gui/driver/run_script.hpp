#pragma once

#include <filesystem>

#include "gui/driver/script_result.hpp"

namespace sketchscope {

class App;

/// Carries out a script (its language: gui/driver/README.md) on a window. Screenshots, `log.txt`
/// and `junit.xml` go to `out`. A failed line ends its case, with `failure.png` of the window as it
/// was. Throws Error on a script that cannot be read, naming the line.
ScriptResult run_script(App& app, const std::filesystem::path& script,
                        const std::filesystem::path& out);

}  // namespace sketchscope
