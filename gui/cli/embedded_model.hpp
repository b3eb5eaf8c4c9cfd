#pragma once

#include <filesystem>

namespace sketchscope {

/// The folder of the model that ships with the program, looked for beside the program and in the
/// checkout it was built in. Throws Error.
std::filesystem::path embedded_model();

}  // namespace sketchscope
