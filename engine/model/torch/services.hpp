#pragma once

#include <string>

#include "engine/model/model_directory.hpp"

namespace sketchscope::model {

/// Returns the services of LibTorch for models, its matrix product for prompts; in a build without
/// LibTorch none, and prompts run through the program's own kernels.
ModelServices torch_services();

/// Returns "libtorch: " and its version, or "libtorch: not built".
std::string torch_text();

}  // namespace sketchscope::model
