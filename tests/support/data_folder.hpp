#pragma once

#include <filesystem>

namespace sketchscope::support {

/// Returns the folder of third-party data: the variable SKETCHSCOPE_DATA, else data/ in the folder
/// shared/ in or beside the checkout. The folder need not exist; tests skip then.
std::filesystem::path data_folder();

}  // namespace sketchscope::support
