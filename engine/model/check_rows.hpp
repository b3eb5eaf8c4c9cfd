#pragma once

#include <span>

#include "engine/model/input_row.hpp"
#include "engine/model/model_config.hpp"

namespace sketchscope::model {

/// Throws Error on a token outside the vocabulary or a position outside the model's context, which
/// only a position that nothing looks up may leave.
void check_rows(const ModelConfig& config, std::span<const InputRow> rows);

}  // namespace sketchscope::model
