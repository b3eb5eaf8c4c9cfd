#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "engine/record/run_records.hpp"
#include "engine/record/step_record.hpp"
#include "engine/run/live_state.hpp"
#include "engine/settings/knobs.hpp"

namespace sketchscope::run {

/// The facts of a saved run that the state after its last step has to fit.
struct LastStep {
  int heads = 0;
  const record::StepRecord& record;
  const settings::Knobs& knobs;  ///< after all changes
};

/// Writes the arrays of the state after the last step.
void write_layers(record::ArrayWriter& arrays, const std::vector<LayerState>& layers);
/// Returns what of that state is no array.
nlohmann::json layers_json(const std::vector<LayerState>& layers);
/// Reads both back. Throws Error where the sizes or the numbers of the arrays cannot be.
std::vector<LayerState> read_layers(const nlohmann::json& json, const record::ArrayReader& arrays,
                                    const LastStep& last);

/// Reads a number of bytes of run.json. Throws Error on anything else.
std::size_t read_bytes(const nlohmann::json& json, const std::string& name,
                       const record::ArrayReader& arrays);

}  // namespace sketchscope::run
