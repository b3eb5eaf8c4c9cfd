#pragma once

#include "engine/model/model_directory.hpp"

namespace sketchscope {

/// What LibTorch adds to the model: its matrix product for prompts.
ModelServices torch_services();

}  // namespace sketchscope
