#pragma once

#include <string>

#include "engine/run/live_state.hpp"

namespace sketchscope::view {

/// Returns what a person wants to know of a model at a glance: name, family, layers, heads (query
/// heads / key/value heads where they differ), positions, and the format of its weights.
std::string model_line(const run::ModelInfo& model);

/// Returns the same in words, with width, vocabulary and bytes.
std::string model_details(const run::ModelInfo& model);

}  // namespace sketchscope::view
