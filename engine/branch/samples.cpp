#include "engine/branch/samples.hpp"

#include <algorithm>
#include <utility>

#include "engine/core/error.hpp"
#include "engine/core/text.hpp"
#include "engine/schedule/schedule.hpp"
#include "engine/settings/capacity.hpp"

namespace sketchscope::branch {
namespace {

schedule::LaneRequest request_of(const BranchOptions& options, const model::ModelConfig& config,
                                 int sample) {
  schedule::LaneRequest request{
      .lane = {.knobs = options.knobs},
      .passage = {.prompt = options.prompt, .drawn = stop_rule(options, config)}};
  request.lane.knobs.seed += static_cast<std::uint64_t>(sample);
  return request;
}

// Puts all samples into one group if they share the prompt, otherwise each into its own.
std::vector<schedule::LaneGroup> groups_of(const BranchOptions& options,
                                           const model::ModelConfig& config, SampleMethod method,
                                           int count) {
  std::vector<schedule::LaneGroup> groups;
  for (int sample = 0; sample < count; ++sample) {
    const bool joins = method == SampleMethod::prompt_shared && sample > 0;
    if (!joins) groups.emplace_back();
    groups.back().push_back(request_of(options, config, sample));
    if (joins) groups.back().back().fork_of = 0;
  }
  return groups;
}

// The number of tokens that lanes hold, a shared prompt counted once.
std::size_t distinct_tokens(const decode::Session& session, std::span<const decode::LaneId> lanes,
                            std::size_t shared) {
  std::size_t tokens = 0;
  for (const decode::LaneId lane : lanes) tokens += session.lane(lane).tokens().size();
  return tokens - shared * (std::max<std::size_t>(lanes.size(), 1) - 1);
}

}  // namespace

void check_branch_options(const BranchOptions& options) {
  settings::check_knobs(options.knobs);
  settings::check_target(options.knobs, false, false);  // paths have neither audit nor twin
  if (options.knobs.temperature > 0) return;
  throw core::UsageError(
      {.what = "temperature of branching",
       .found = core::number_text(options.knobs.temperature),
       .expected = "above 0, such as 1",
       .remedy = "A greedy choice has no entropy; use generate for the greedy text"});
}

schedule::StopRule stop_rule(const BranchOptions& options, const model::ModelConfig& config) {
  schedule::StopRule rule{.tokens = options.max_new_tokens};
  if (options.stop_at_end_of_text) rule.end_tokens = config.ends_of_text;
  return rule;
}

void CostMeter::note(decode::Session& session, Fed fed, std::span<const decode::LaneId> lanes,
                     std::size_t tree_nodes) {
  const std::int64_t before = std::exchange(cost_.tokens_forwarded, session.tokens_forwarded());
  (fed == Fed::prompt ? cost_.prompt_tokens : cost_.path_steps) += cost_.tokens_forwarded - before;

  const cache::PagePools& pages = session.pools();
  now_ = {.live_paths = static_cast<int>(lanes.size()),
          .physical_bytes = pages.bytes_in_use(),
          .tree_nodes = tree_nodes};
  for (const decode::LaneId lane : lanes) {
    now_.logical_bytes += session.lane(lane).kv_bytes();
    evictions_ += std::ssize(session.lane(lane).take_evictions());
  }
  logical_bytes_peak_ = std::max(logical_bytes_peak_, now_.logical_bytes);
  cost_.tree_nodes = std::max(cost_.tree_nodes, tree_nodes);
  cost_.kv_pages_peak = pages.pages_in_use_peak();
  cost_.kv_bytes_peak = pages.bytes_in_use_peak();
}

IndependentSamples draw_samples(std::shared_ptr<const model::Model> model,
                                const BranchOptions& options, SampleMethod method, int count,
                                const std::stop_token& stop) {
  check_branch_options(options);
  const bool shared = method == SampleMethod::prompt_shared;
  const std::vector<schedule::LaneGroup> groups =
      groups_of(options, model->config(), method, count);
  decode::Session session(std::move(model), options.threads);
  IndependentSamples samples;
  const auto note = [&](const schedule::SchedulePass& pass) {
    samples.meter.note(session, pass.prompt ? CostMeter::Fed::prompt : CostMeter::Fed::paths,
                       pass.live,
                       distinct_tokens(session, pass.live, shared ? options.prompt.size() : 0));
  };
  const bool alone = method == SampleMethod::sequential;
  samples.meter.resume();
  schedule::ScheduleOutcome outcome = schedule::run_schedule(
      session,
      {.groups = groups, .lanes = alone ? 1 : static_cast<std::size_t>(count), .on_pass = note},
      stop);
  samples.meter.pause();
  samples.interrupted = outcome.interrupted;
  for (std::vector<schedule::LaneOutcome>& group : outcome.groups) {
    for (schedule::LaneOutcome& sample : group) samples.tokens.push_back(std::move(sample.drawn));
  }
  samples.tokens.resize(static_cast<std::size_t>(count));
  return samples;
}

}  // namespace sketchscope::branch
