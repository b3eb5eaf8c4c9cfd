#include "engine/measure/counterfactual.hpp"

#include <algorithm>
#include <numeric>
#include <string>
#include <tuple>
#include <utility>

#include "engine/core/random.hpp"
#include "engine/measure/evaluation.hpp"
#include "engine/schedule/schedule.hpp"

namespace sketchscope::measure {
namespace {

using decode::kWaysToSpare;
using decode::SparedBy;

// One chunk of the text as it ran.
struct RunChunk {
  std::vector<double> nll;               // by token fed: of the token after it
  std::vector<DrawnEviction> evictions;  // in order, without their costs
  // Regret by position, of each layer's tables, once the chunk has ended.
  std::vector<std::vector<std::vector<float>>> regret;
};

// A chunk that ran again with a position spared.
struct RepeatedChunk {
  std::vector<double> nll;
  std::optional<int> left_at;  // position of the token that took its place after all
};

int table_of(const record::EvictionRecord& eviction) {
  return eviction.head.value_or(0);
}

int fed_last(const schedule::LaneStep& step) {
  return static_cast<int>(step.lane().tokens().size()) - 1;
}

void note_step(RunChunk& chunk, std::size_t number, const schedule::LaneStep& step) {
  const int token = fed_last(step);
  for (record::EvictionRecord& eviction : step.lane().take_evictions()) {
    // An eviction at a chunk's last token changes no prediction that is scored.
    if (!step.nll) continue;
    chunk.evictions.push_back(
        {.chunk = number, .token = token, .cost = {.eviction = std::move(eviction)}});
  }
  if (step.nll) chunk.nll.push_back(*step.nll);
  if (!step.last) return;
  for (const decode::LayerView& layer : step.lane().layers()) {
    chunk.regret.emplace_back();
    for (const decode::TableView& table : layer.tables()) {
      chunk.regret.back().emplace_back(table.regret().begin(), table.regret().end());
    }
  }
}

void note_repeated_step(RepeatedChunk& chunk, const decode::SparedPosition& spared,
                        const schedule::LaneStep& step) {
  for (const record::EvictionRecord& eviction : step.lane().take_evictions()) {
    const bool is_spared = eviction.layer == spared.layer && table_of(eviction) == spared.table &&
                           eviction.position == spared.position;
    if (is_spared) chunk.left_at = fed_last(step);
  }
  if (step.nll) chunk.nll.push_back(*step.nll);
}

// Returns the options of a lane under the knobs of the run.
decode::LaneOptions lane_options(const settings::Knobs& knobs, bool audit) {
  return {.knobs = knobs, .audit = audit || knobs.target == settings::TargetKind::retained_mass};
}

// Draws `count` evictions of all chunks, and returns them in the order of the text.
std::vector<DrawnEviction> draw(const std::vector<RunChunk>& chunks, int count,
                                std::uint64_t seed) {
  std::vector<DrawnEviction> all;
  for (const RunChunk& chunk : chunks) {
    for (const DrawnEviction& eviction : chunk.evictions) {
      const record::EvictionRecord& victim = eviction.cost.eviction;
      const auto& by_table = chunk.regret[static_cast<std::size_t>(victim.layer)];
      const auto& by_position = by_table[static_cast<std::size_t>(table_of(victim))];
      all.push_back(eviction);
      all.back().cost.regret = by_position[static_cast<std::size_t>(victim.position)];
    }
  }
  core::SplitMix64 random(seed);
  const std::size_t drawn = std::min(all.size(), static_cast<std::size_t>(count));
  for (std::size_t at = 0; at < drawn; ++at) {
    std::swap(all[at], all[at + random.below(all.size() - at)]);
  }
  all.resize(drawn);
  std::ranges::sort(all, {}, [](const DrawnEviction& one) {
    const record::EvictionRecord& victim = one.cost.eviction;
    return std::tuple(one.chunk, one.token, victim.layer, table_of(victim), victim.position);
  });
  return all;
}

// Compares a repeated chunk with the run. Returns whether they were equal up to the eviction.
bool compare(const RunChunk& run, const RepeatedChunk& repeated, int token, SparedRun& result) {
  const auto first = static_cast<std::size_t>(token);
  for (std::size_t at = first; at < repeated.nll.size(); ++at) {
    result.changes.push_back(run.nll[at] - repeated.nll[at]);
  }
  if (repeated.left_at) result.left_before = static_cast<std::size_t>(*repeated.left_at - token);
  const auto before = static_cast<std::ptrdiff_t>(first);
  return std::equal(repeated.nll.begin(), repeated.nll.begin() + before, run.nll.begin());
}

// Runs schedules of one session, whose progress is reported as a part of the whole.
class Runner {
 public:
  Runner(const std::shared_ptr<const model::Model>& model, const CounterfactualOptions& options,
         const core::ProgressSink& progress, const std::stop_token& stop)
      : session_(model, options.threads), options_(options), progress_(progress), stop_(stop) {}

  // Returns whether all of them ended.
  bool run(std::span<const schedule::LaneGroup> groups, double from, double to) {
    const auto part = [&](double share) { progress_(from + share * (to - from)); };
    return !schedule::run_schedule(session_,
                                   {.groups = groups,
                                    .lanes = static_cast<std::size_t>(options_.lanes),
                                    .progress = progress_ ? core::ProgressSink(part) : nullptr},
                                   stop_)
                .interrupted;
  }

 private:
  decode::Session session_;
  const CounterfactualOptions& options_;
  const core::ProgressSink& progress_;
  const std::stop_token& stop_;
};

constexpr double kShareOfTheRun = 0.1;  // of the progress shown

using Chunks = std::vector<std::vector<int>>;

// Runs all chunks as they are. Returns false if it was stopped.
bool run_chunks(Runner& runner, const Chunks& chunks, const settings::Knobs& knobs,
                std::vector<RunChunk>& as_run) {
  std::vector<schedule::LaneGroup> groups;
  as_run.resize(chunks.size());
  for (std::size_t number = 0; number < chunks.size(); ++number) {
    groups.push_back({{.lane = lane_options(knobs, true),
                       .passage = {.given = chunks[number]},
                       .on_step = [&chunk = as_run[number], number](const auto& step) {
                         note_step(chunk, number, step);
                       }}});
  }
  return runner.run(groups, 0, kShareOfTheRun);
}

// Runs the chunk of each eviction again in both ways. Returns false if it was stopped.
bool repeat_chunks(Runner& runner, const Chunks& chunks, const settings::Knobs& knobs,
                   std::span<const DrawnEviction> evictions, std::vector<RepeatedChunk>& repeated) {
  std::vector<schedule::LaneGroup> groups;
  repeated.resize(evictions.size() * kWaysToSpare.size());
  for (std::size_t at = 0; at < repeated.size(); ++at) {
    const DrawnEviction& drawn = evictions[at / kWaysToSpare.size()];
    const auto spared =
        spared_position(drawn.cost.eviction, kWaysToSpare.at(at % kWaysToSpare.size()));
    decode::LaneOptions lane = lane_options(knobs, false);
    lane.spared = spared;
    groups.push_back({{.lane = std::move(lane),
                       .passage = {.given = chunks[drawn.chunk]},
                       .on_step = [&chunk = repeated[at], spared](const auto& step) {
                         note_repeated_step(chunk, spared, step);
                       }}});
  }
  return runner.run(groups, kShareOfTheRun, 1);
}

[[noreturn]] void fail_without_evictions(const settings::Knobs& knobs) {
  throw core::UsageError({.what = "evictions to look at",
                          .found = "none: no chunk fills a capacity of " +
                                   std::to_string(knobs.max_cache_size) + " before its last token",
                          .expected = "a capacity below the context",
                          .remedy = "Take a smaller --max-cache-size or a longer --context"});
}

}  // namespace

double SparedRun::sum() const {
  return std::accumulate(changes.begin(), changes.end(), 0.0);
}

decode::SparedPosition spared_position(const record::EvictionRecord& eviction, SparedBy by) {
  return {.layer = eviction.layer,
          .table = table_of(eviction),
          .position = eviction.position,
          .by = by};
}

void check_counterfactual(const settings::Knobs& knobs) {
  if (!knobs.policy->evicts) {
    throw core::UsageError({.what = "what an eviction cost",
                            .found = "policy '" + knobs.policy.name() + "'",
                            .expected = "a policy that evicts"});
  }
  if (knobs.target != settings::TargetKind::logit_kl) return;
  throw core::UsageError({.what = "what an eviction cost",
                          .found = "target 'logit-kl'",
                          .expected = "target 'none' or 'retained-mass'",
                          .remedy = "A kept position would move the capacity itself"});
}

Correlations Counterfactuals::correlations(SparedBy by) const {
  std::vector<double> regrets, costs;
  for (const DrawnEviction& one : drawn) {
    regrets.push_back(one.cost.regret.value_or(0));
    costs.push_back(one.cost.run(by).sum());
  }
  return correlate(regrets, costs);
}

Counterfactuals measure_counterfactuals(const std::shared_ptr<const model::Model>& model,
                                        std::span<const int> tokens,
                                        const CounterfactualOptions& options,
                                        const core::ProgressSink& progress,
                                        const std::stop_token& stop) {
  check_counterfactual(options.knobs);
  const auto chunks = chunks_of(
      tokens, *model,
      {.context = options.context, .start_token = options.start_token, .knobs = options.knobs});
  Runner runner(model, options, progress, stop);
  Counterfactuals result;
  std::vector<RunChunk> as_run;
  result.interrupted = !run_chunks(runner, chunks, options.knobs, as_run);
  if (result.interrupted) return result;
  for (const RunChunk& chunk : as_run) result.evictions += chunk.evictions.size();
  if (result.evictions == 0) fail_without_evictions(options.knobs);

  std::vector<DrawnEviction> drawn = draw(as_run, options.count, options.knobs.seed);
  std::vector<RepeatedChunk> repeated;
  result.interrupted = !repeat_chunks(runner, chunks, options.knobs, drawn, repeated);
  if (result.interrupted) return result;
  for (std::size_t at = 0; at < repeated.size(); ++at) {
    DrawnEviction& one = drawn[at / kWaysToSpare.size()];
    const bool equal = compare(as_run[one.chunk], repeated[at], one.token,
                               one.cost.run(kWaysToSpare.at(at % kWaysToSpare.size())));
    result.repeated_exactly = result.repeated_exactly && equal;
  }
  result.drawn = std::move(drawn);
  return result;
}

}  // namespace sketchscope::measure
