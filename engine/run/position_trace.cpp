#include "engine/run/position_trace.hpp"

#include <algorithm>
#include <limits>

#include "engine/run/watched_run.hpp"

namespace sketchscope {
namespace {

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

double score_of(const TableView& table, int position) {
  const auto positions = table.positions();
  const auto slot = std::ranges::find(positions, position);
  if (slot == positions.end()) return kUnknown;
  return table.scores()[static_cast<std::size_t>(slot - positions.begin())];
}

void look_up(const Lane& lane, PositionTrace& trace) {
  auto table = trace.tables.begin();
  for (const LayerView& layer : lane.layers()) {
    for (const TableView& view : layer.tables()) {
      const auto index = static_cast<std::size_t>(trace.position);
      table->score.push_back(score_of(view, trace.position));
      table->exact.push_back(view.audited() ? view.exact_mass()[index] : kUnknown);
      table->regret.push_back(view.audited() ? view.regret()[index] : kUnknown);
      ++table;
    }
  }
}

}  // namespace

PositionTrace trace_position(const WatchedRun& run, int position) {
  PositionTrace trace{.position = position};
  int index = 0;
  for (const LayerView& layer : run.lane().layers()) {
    for (const TableView& view : layer.tables()) {
      TableTrace table{.layer = index};
      if (layer.table_count() > 1) table.head = view.kv_heads().first;
      trace.tables.push_back(std::move(table));
    }
    ++index;
  }
  const auto fed = [&](const Lane& lane) {
    return static_cast<std::size_t>(position) < lane.tokens().size();
  };
  for (const auto& [steps, kept] : run.keyframes().all()) {
    if (steps == 0 || steps >= run.steps() || !fed(kept.keyframe->lane)) continue;
    trace.steps.push_back(static_cast<double>(steps - 1));
    look_up(kept.keyframe->lane, trace);
  }
  if (run.steps() > 0 && fed(run.lane())) {
    trace.steps.push_back(static_cast<double>(run.steps() - 1));
    look_up(run.lane(), trace);
  }
  return trace;
}

}  // namespace sketchscope
