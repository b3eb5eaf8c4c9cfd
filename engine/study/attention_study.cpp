#include "engine/study/attention_study.hpp"

#include <algorithm>
#include <vector>

#include "engine/core/error.hpp"
#include "engine/measure/evaluation.hpp"
#include "engine/schedule/lane_run.hpp"

namespace sketchscope {

AttentionStudy study_attention(const std::shared_ptr<const Model>& model,
                               std::span<const int> tokens, const AttentionStudyOptions& options,
                               const std::function<void(double)>& progress,
                               const std::stop_token& stop) {
  const auto chunks = chunks_of(tokens, *model, options.context);
  const HeadWatch nothing(model->config(), options.selection);
  AttentionStudy study{.heads = nothing};
  Session session(model, options.threads);
  SharedPasses passes;
  std::size_t fed = 0;
  const auto on_step = [&](std::size_t more) {
    fed += more;
    if (progress) progress(static_cast<double>(fed) / static_cast<double>(tokens.size()));
  };
  const auto together = static_cast<std::size_t>(std::max(options.lanes, 1));
  for (std::size_t first = 0; first < chunks.size(); first += together) {
    std::vector<LaneRequest> requests;
    std::vector<std::shared_ptr<HeadWatch>> watches;
    for (std::size_t at = first; at < std::min(first + together, chunks.size()); ++at) {
      watches.push_back(std::make_shared<HeadWatch>(nothing));
      requests.push_back({.knobs = options.knobs,
                          .passage = {.given = chunks[at]},
                          .audit = true,
                          .observer = watches.back()});
    }
    run_lanes(session, requests, passes, on_step, stop);
    // Chunks come in their order, so that sums do not depend on how many advance together.
    for (const auto& watch : watches) study.heads.merge(*watch);
    study.interrupted = stop.stop_requested();
    if (study.interrupted) return study;
  }
  if (study.heads.queries() > 0) return study;
  throw UsageError({.what = "attention study",
                    .found = "no query of the text among those chosen",
                    .expected = "positions below the longest chunk's length"});
}

}  // namespace sketchscope
