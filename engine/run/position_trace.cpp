#include "engine/run/position_trace.hpp"

#include <algorithm>
#include <limits>

#include "engine/run/watched_run.hpp"

namespace sketchscope {
namespace {

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

double score_of(const Lane& lane, int layer, const HeadGroup& group, int position) {
  const auto positions = group.table.positions();
  const auto slot = std::ranges::find(positions, position);
  if (slot == positions.end()) return kUnknown;
  std::vector<float> scores(positions.size());
  lane.score(layer, group, scores);
  return scores[static_cast<std::size_t>(slot - positions.begin())];
}

void look_up(const Lane& lane, PositionTrace& trace) {
  auto table = trace.tables.begin();
  for (std::size_t layer = 0; layer < lane.layers().size(); ++layer) {
    for (const HeadGroup& group : lane.layers()[layer].groups) {
      const auto index = static_cast<std::size_t>(trace.position);
      const bool audited = group.audit.has_value();
      table->score.push_back(score_of(lane, static_cast<int>(layer), group, trace.position));
      table->exact.push_back(audited ? group.audit->exact_mass()[index] : kUnknown);
      table->regret.push_back(audited ? group.audit->regret()[index] : kUnknown);
      ++table;
    }
  }
}

}  // namespace

PositionTrace trace_position(const WatchedRun& run, int position) {
  PositionTrace trace{.position = position};
  for (std::size_t layer = 0; layer < run.lane().layers().size(); ++layer) {
    const auto& groups = run.lane().layers()[layer].groups;
    for (const HeadGroup& group : groups) {
      TableTrace table{.layer = static_cast<int>(layer)};
      if (groups.size() > 1) table.head = group.heads.first;
      trace.tables.push_back(std::move(table));
    }
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
