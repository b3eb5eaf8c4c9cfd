#pragma once

#include <string>

#include "engine/model/families/config_options.hpp"
#include "kernels/layers.hpp"

namespace sketchscope::model {

/// Reads an activation function by the names that Hugging Face's transformers give them. Throws
/// Error listing the known ones.
[[nodiscard]] kernels::Activation read_activation(const ConfigOptions& options,
                                                  const std::string& option,
                                                  const std::string& fallback);

}  // namespace sketchscope::model
