#include "engine/study/attention_study.hpp"

#include <vector>

#include "engine/core/error.hpp"
#include "engine/measure/evaluation.hpp"
#include "engine/schedule/schedule.hpp"

namespace sketchscope {

AttentionStudy study_attention(const std::shared_ptr<const Model>& model,
                               std::span<const int> tokens, const AttentionStudyOptions& options,
                               const std::function<void(double)>& progress,
                               const std::stop_token& stop) {
  AttentionStudy study{.heads = HeadWatch(model->config(), options.selection)};
  std::vector<std::shared_ptr<HeadWatch>> watches;
  std::vector<LaneGroup> groups;
  for (const auto chunk : chunks_of(tokens, *model, options.context)) {
    watches.push_back(std::make_shared<HeadWatch>(study.heads));
    groups.push_back({{.lane = {.knobs = options.knobs, .audit = true, .observer = watches.back()},
                       .passage = {.given = chunk}}});
  }
  Session session(model, options.threads);
  study.interrupted = run_schedule(session,
                                   {.groups = groups,
                                    .lanes = static_cast<std::size_t>(options.lanes),
                                    .progress = progress},
                                   stop)
                          .interrupted;
  // Chunks are merged in order, so that sums do not depend on how many advance together.
  for (const auto& watch : watches) study.heads.merge(*watch);
  if (study.interrupted) return study;
  if (study.heads.queries() > 0) return study;
  throw UsageError({.what = "attention study",
                    .found = "no query of the text among those chosen",
                    .expected = "positions below the longest chunk's length"});
}

}  // namespace sketchscope
