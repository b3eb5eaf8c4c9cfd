#pragma once

#include "engine/model/families/config_options.hpp"
#include "engine/model/model_config.hpp"

namespace sketchscope::model {

/// Reads the rotary positions of heads of config.head_width, in a context of config.positions, from
/// either spelling: rope_theta with rope_scaling, or rope_parameters, which hold both (Hugging
/// Face's transformers before and since version 5). Follows the types default, linear, llama3 and
/// yarn. `theta` is that of a file which gives none. Throws Error naming
/// other types and options that do not fit.
[[nodiscard]] RotaryPositions read_rotary(const ConfigOptions& options, const ModelConfig& config,
                                          double theta);

}  // namespace sketchscope::model
