#include "engine/branch/independent_samples.hpp"

#include <algorithm>
#include <utility>

#include "engine/schedule/schedule.hpp"

namespace sketchscope {
namespace {

LaneRequest request_of(const BranchOptions& options, const ModelConfig& config, int sample) {
  LaneRequest request{.lane = {.knobs = options.knobs},
                      .passage = {.prompt = options.prompt, .drawn = stop_rule(options, config)}};
  request.lane.knobs.seed += static_cast<std::uint64_t>(sample);
  return request;
}

// Puts all samples into one group if they share the prompt, otherwise each into its own.
std::vector<LaneGroup> groups_of(const BranchOptions& options, const ModelConfig& config,
                                 SampleMethod method, int count) {
  std::vector<LaneGroup> groups;
  for (int sample = 0; sample < count; ++sample) {
    const bool joins = method == SampleMethod::prompt_shared && sample > 0;
    if (!joins) groups.emplace_back();
    groups.back().push_back(request_of(options, config, sample));
    if (joins) groups.back().back().fork_of = 0;
  }
  return groups;
}

// The number of tokens that lanes hold, a shared prompt counted once.
std::size_t distinct_tokens(const Session& session, std::span<const LaneId> lanes,
                            std::size_t shared) {
  std::size_t tokens = 0;
  for (const LaneId lane : lanes) tokens += session.lane(lane).tokens().size();
  return tokens - shared * (std::max<std::size_t>(lanes.size(), 1) - 1);
}

}  // namespace

std::string_view method_name(SampleMethod method) {
  switch (method) {
    case SampleMethod::sequential:
      return "sequential";
    case SampleMethod::batched:
      return "batched";
    case SampleMethod::prompt_shared:
      return "prompt_shared";
  }
  return {};
}

IndependentSamples draw_samples(std::shared_ptr<const Model> model, const BranchOptions& options,
                                SampleMethod method, int count, const std::stop_token& stop) {
  check_branch_options(options);
  const bool shared = method == SampleMethod::prompt_shared;
  const std::vector<LaneGroup> groups = groups_of(options, model->config(), method, count);
  Session session(std::move(model), options.threads);
  IndependentSamples samples;
  const auto note = [&](const SchedulePass& pass) {
    samples.meter.note(session, pass.prompt ? CostMeter::Fed::prompt : CostMeter::Fed::paths,
                       pass.live,
                       distinct_tokens(session, pass.live, shared ? options.prompt.size() : 0));
  };
  const bool alone = method == SampleMethod::sequential;
  samples.meter.resume();
  ScheduleOutcome outcome = run_schedule(
      session,
      {.groups = groups, .lanes = alone ? 1 : static_cast<std::size_t>(count), .on_pass = note},
      stop);
  samples.meter.pause();
  samples.interrupted = outcome.interrupted;
  for (std::vector<LaneOutcome>& group : outcome.groups) {
    for (LaneOutcome& sample : group) samples.tokens.push_back(std::move(sample.drawn));
  }
  samples.tokens.resize(static_cast<std::size_t>(count));
  return samples;
}

}  // namespace sketchscope
