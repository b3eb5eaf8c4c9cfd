#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "engine/branch/branch_state.hpp"
#include "engine/run/live_state.hpp"
#include "engine/run/run_file.hpp"
#include "gui/view/accuracy.hpp"
#include "gui/view/data_table.hpp"
#include "gui/view/history.hpp"
#include "gui/view/occupancy.hpp"
#include "gui/view/token_text.hpp"
#include "gui/view/why_evicted.hpp"

// What the panels show, as tables: one function a kind of panel. Numbers are exact, not as rounded
// on screen; what was not measured is an empty cell.

namespace sketchscope {

/// Series over the steps, and what their columns are called.
using NamedSeries = std::vector<std::pair<std::string, const StepSeries*>>;
/// All figures of one kind of row, under the names of their fields.
template <typename Row>
NamedSeries named_series(const FieldSeries<Row>& figures, const std::string& prefix = {}) {
  NamedSeries named;
  figures.for_each([&](const auto& field, const StepSeries& series) {
    named.emplace_back(prefix + std::string(field.name), &series);
  });
  return named;
}

/// A column for each series, a row for each step.
DataTable series_data(const History& history, const NamedSeries& series);
/// The figures of every step, and the perplexities of the tokens fed so far.
DataTable steps_data(const History& history);
/// The figures of every layer, a row for each step.
DataTable layers_data(const History& history);
/// The memory ledger, a row for each step.
DataTable memory_data(const History& history);
/// Evictions of each step and the knobs that changed in it.
DataTable timeline_data(const History& history, std::span<const StepNote> notes);
/// Every eviction up to and including `step`, oldest first.
DataTable evictions_data(const History& history, std::int64_t step, const LiveState& state,
                         const TokenText& text);
/// Scores of one table's victims, a row for each step that had one.
DataTable victims_data(const VictimTrace& trace);
/// Status of every position in every table.
DataTable occupancy_data(const Occupancy& occupancy);
/// Every position's token, and in how many tables it is stored.
DataTable text_data(const History& history, const Occupancy& occupancy, const TokenText& text);
/// Every counter of a sketch of `rows` rows, (R, W).
DataTable counters_data(const std::vector<float>& cells, int rows);
DataTable accuracy_data(const Accuracy& accuracy);
DataTable candidates_data(const StepRecord& record, const TokenText& text);
DataTable bytes_data(const MemoryLedger& memory);
/// The paths of a branching run with their texts.
DataTable paths_data(const BranchState& branching, const TokenText& text);
DataTable knobs_data(const LiveState& state);

}  // namespace sketchscope
