#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "engine/branch/branch_run.hpp"
#include "engine/run/live_state.hpp"
#include "engine/run/run_file.hpp"
#include "gui/view/data_table.hpp"
#include "gui/view/history.hpp"
#include "gui/view/occupancy.hpp"
#include "gui/view/position_life.hpp"
#include "gui/view/sketch_map.hpp"
#include "gui/view/token_text.hpp"

// The data of the panels as tables, one function per kind of panel. Numbers are exact rather than
// rounded as on screen; a value that was not measured is an empty cell.

namespace sketchscope::view {

/// Series over steps with the names of their columns.
using NamedSeries = std::vector<std::pair<std::string, const StepSeries*>>;
/// Returns the series of all fields of one kind of row under the fields' names.
template <typename Row>
NamedSeries named_series(const FieldSeries<Row>& figures, const std::string& prefix = {}) {
  NamedSeries named;
  figures.for_each([&](const auto& field, const StepSeries& series) {
    named.emplace_back(prefix + std::string(field.name), &series);
  });
  return named;
}

/// Returns one column per series and one row per step.
DataTable series_data(const History& history, const NamedSeries& series);
/// Returns the figures of every step and the running perplexities.
DataTable steps_data(const History& history);
/// Returns the figures of every layer, one row per step.
DataTable layers_data(const History& history);
/// Returns the memory ledger, one row per step.
DataTable memory_data(const History& history);
/// Returns the evictions, knob changes and notes of each step.
DataTable timeline_data(const History& history, std::span<const run::StepNote> notes);
/// Returns every eviction up to and including `step`, oldest first.
DataTable evictions_data(const History& history, std::int64_t step, const run::LiveState& state,
                         const TokenText& text);
/// Returns the scores of one table's victims, one row per step with an eviction.
DataTable victims_data(const VictimTrace& trace);
/// Returns the status of every position in every table.
DataTable occupancy_data(const Occupancy& occupancy);
/// Returns every position's token and the number of tables that store it.
DataTable text_data(const History& history, const Occupancy& occupancy, const TokenText& text);
/// Returns every counter of a sketch with `rows` rows, (R, W).
DataTable counters_data(const std::vector<float>& cells, int rows);
DataTable accuracy_data(const Accuracy& accuracy);
DataTable candidates_data(const record::StepRecord& record, const TokenText& text);
DataTable bytes_data(const record::MemoryLedger& memory);
/// Returns the paths of a branching run with their texts.
DataTable paths_data(const branch::BranchState& branching, const TokenText& text);
DataTable knobs_data(const run::LiveState& state);

}  // namespace sketchscope::view
