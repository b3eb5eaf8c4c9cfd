#pragma once

#include "engine/model/model_directory.hpp"

namespace sketchscope::model {

/// Returns the services of LibTorch for models, its matrix product for prompts.
ModelServices torch_services();

}  // namespace sketchscope::model
