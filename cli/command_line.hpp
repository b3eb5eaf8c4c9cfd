#pragma once

namespace sketchscope {

/// Runs the program for these arguments. Returns 0, 1 when it failed, or 2 when it was asked for in
/// a way that makes no sense; an error is one sentence on standard error.
int run_command_line(int argc, const char* const* argv);

}  // namespace sketchscope
