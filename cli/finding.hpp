#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace sketchscope::cli {

/// What was found of one thing that the program can use.
struct Finding {
  std::string what;    ///< the thing, such as "fonts"
  std::string found;   ///< what there is of it
  std::string remedy;  ///< what to do for more; empty where nothing is missing
};

/// Returns what was found of a folder, called `what`, that the program writes into, or will make
/// when it does.
Finding find_folder(const std::string& what, const std::filesystem::path& folder);

/// Returns what the window needs and what was found of it; in a build without one, that it is not
/// there.
std::vector<Finding> window_findings();

}  // namespace sketchscope::cli
