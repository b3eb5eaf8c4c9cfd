#pragma once

namespace sketchscope {

/// Runs the program. Returns 0, 1 if it failed, or 2 on a usage error; an error is one sentence on
/// standard error.
int run_command_line(int argc, const char* const* argv);

}  // namespace sketchscope
