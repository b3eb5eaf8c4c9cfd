#pragma once

#include <string>
#include <string_view>

namespace sketchscope::cli {

/// Returns the commit that the program was built from, as `git describe` names it; "unknown" where
/// it was built outside a checkout.
std::string_view program_commit();

/// Returns the day on which this version was released, "2026-11-29".
std::string_view release_date();

/// Returns "libtorch: " and its version, or "libtorch: not built".
std::string torch_text();

/// Returns the program's version, what it was built from and with, what this machine has of it, and
/// the files that it reads, each on a line.
std::string version_text();

}  // namespace sketchscope::cli
