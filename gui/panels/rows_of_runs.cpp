#include "gui/panels/rows_of_runs.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "gui/panels/two_sides.hpp"

namespace sketchscope::panels {
namespace {

/// A run beside A with its state; for a saved run the state holds its knobs alone.
struct OtherRun {
  std::size_t place = 0;
  const view::History* history = nullptr;
  run::LiveState state;
};

run::LiveState state_of(const PanelContext& context, const view::SetRun& run) {
  const run::LiveState* known = run.file.empty() ? context.state.other(run.place) : nullptr;
  if (known != nullptr) return *known;
  run::LiveState state;
  state.phase = run::RunPhase::saved;
  state.place = run.place;
  state.steps = static_cast<std::int64_t>(run.history->size());
  state.applied = state.wanted = run.knobs;
  return state;
}

std::vector<OtherRun> runs_beside(const PanelContext& context) {
  std::vector<OtherRun> others;
  if (context.runs == nullptr) {
    if (context.other != nullptr && context.state.other() != nullptr) {
      others.push_back({1, context.other, *context.state.other()});
    }
    return others;
  }
  for (const view::SetRun& run : context.runs->runs) {
    if (run.place == 0 || !context.runs->shows(run)) continue;
    others.push_back({run.place, run.history, state_of(context, run)});
  }
  return others;
}

/// Returns the rows of another run, at the step that fed the position which A's step shown ends at,
/// or at its last step; empty if they are of a step that it has not reached.
view::DataTable rows_of(const Panel& panel, const PanelContext& context, const OtherRun& run) {
  const record::StepRecord* shown = context.shown();
  if (shown == nullptr || run.history->empty()) return {};
  const int last = static_cast<int>(run.history->tokens().size()) - 1;
  if (panel.rows_of() == RowsOf::step && shown->position > last) return {};
  widgets::Selection selection = context.selection;
  selection.hover.step.reset();
  selection.locked_step = run.history->fed_at(std::min(shown->position, last));
  view::Occupancies occupancies;  // a saved run may go, and another one take its place
  return panel.data(of_run(context, {.history = *run.history,
                                     .state = run.state,
                                     .selection = selection,
                                     .occupancies = occupancies}));
}

/// Adds rows under the names of their columns; columns that `all` lacks come last.
void add_rows(view::DataTable& all, const std::string& letter, const view::DataTable& rows) {
  std::vector<std::size_t> places;
  for (const std::string& column : rows.columns) {
    const auto found = std::ranges::find(all.columns.begin() + 1, all.columns.end(), column);
    places.push_back(static_cast<std::size_t>(found - all.columns.begin()));
    if (found == all.columns.end()) all.columns.push_back(column);
  }
  for (auto& row : all.rows) row.resize(all.columns.size());
  for (const auto& row : rows.rows) {
    std::vector<std::string> cells(all.columns.size());
    cells.front() = letter;
    for (std::size_t at = 0; at < row.size(); ++at) cells[places[at]] = row[at];
    all.rows.push_back(std::move(cells));
  }
}

}  // namespace

view::DataTable rows_of_runs(const Panel& panel, const PanelContext& context) {
  view::DataTable own = panel.data(context);
  const std::vector<OtherRun> others = runs_beside(context);
  if (panel.rows_of() == RowsOf::everything || others.empty() || own.columns.empty()) return own;
  view::DataTable all{.columns = {"run"}};
  add_rows(all, view::run_letter(0), own);
  for (const OtherRun& run : others) {
    add_rows(all, view::run_letter(run.place), rows_of(panel, context, run));
  }
  return all;
}

}  // namespace sketchscope::panels
