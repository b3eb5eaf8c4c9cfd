#include "engine/measure/evaluation.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>

#include "engine/core/error.hpp"
#include "engine/measure/oracle.hpp"
#include "engine/read/tail_summary.hpp"
#include "engine/schedule/schedule.hpp"

namespace sketchscope {
namespace {

void check_prefill(const Knobs& knobs) {
  if (knobs.prefill != Prefill::full) return;
  throw UsageError({.what = "prefill of an evaluation",
                    .found = "'full'",
                    .expected = "'stream' or 'auto'",
                    .remedy = "One pass over the whole chunk would never meet a capped cache"});
}

void check_oracle(const Knobs& knobs) {
  const bool reads_sketch = knobs.read->reads_tail && knobs.aggregate->needs_sketch;
  if (knobs.policy->evicts && !reads_sketch) return;
  throw UsageError(
      {.what = "oracle",
       .found = "policy '" + knobs.policy.name() + "', read '" + knobs.read.name() + "'",
       .expected = "a policy that evicts, and a read without a sketch",
       .remedy = "Take another policy or another aggregate"});
}

int tables_of(const Knobs& knobs, const ModelConfig& config) {
  return knobs.granularity == Granularity::head ? config.heads : 1;
}

// The number of chunks that advance together: `lanes`, or fewer if their oracles' recorded masses
// would not fit into memory.
std::size_t chunks_at_once(const EvaluationOptions& options, const ModelConfig& config,
                           std::span<const std::span<const int>> chunks) {
  if (!options.oracle || chunks.empty()) return static_cast<std::size_t>(options.lanes);
  constexpr std::size_t kMostBytes = std::size_t{512} << 20;
  const std::size_t bytes = FutureMass::bytes(config.layers, tables_of(options.knobs, config),
                                              static_cast<int>(chunks.front().size()));
  return std::clamp<std::size_t>(kMostBytes / bytes, 1, static_cast<std::size_t>(options.lanes));
}

// The request of one chunk under the knobs and, if wanted, that of its twin.
LaneGroup requests_of(std::span<const int> chunk, const EvaluationOptions& options,
                      const std::shared_ptr<const Model>& model, RunTotals& totals) {
  LaneGroup group = {{.lane = {.knobs = options.knobs, .audit = options.audit},
                      .passage = {.given = chunk},
                      .on_step = [&totals](const LaneStep& step) { add_step(totals, step); }}};
  if (options.oracle) {
    group.front().make_policy = [&options, model, chunk] {
      const bool heads_apart = tables_of(options.knobs, model->config()) > 1;
      return std::make_shared<const OraclePolicy>(
          record_future(model, chunk, heads_apart, options.threads));
    };
  }
  if (!options.twin) return group;
  group.front().twin = group.size();
  group.push_back(
      {.lane = {.knobs = full_cache_knobs(options.knobs)}, .passage = {.given = chunk}});
  return group;
}

ChunkScore score_of(const LaneOutcome& outcome) {
  return {.nll = outcome.nll, .scored = outcome.scored};
}

}  // namespace

double Evaluation::perplexity() const {
  return std::exp(nll);
}

std::optional<Estimate> perplexity(std::span<const ChunkScore> chunks) {
  std::vector<Portion> portions;
  for (const auto& [nll, scored] : chunks) {
    portions.push_back({.sum = nll, .weight = static_cast<double>(scored)});
  }
  const std::optional<Estimate> mean = estimate_mean(portions);
  return mean ? std::optional(exponential(*mean)) : std::nullopt;
}

std::optional<Estimate> perplexity_ratio(std::span<const ChunkScore> chunks,
                                         std::span<const ChunkScore> full) {
  if (!std::ranges::equal(chunks, full, {}, &ChunkScore::scored, &ChunkScore::scored)) {
    throw Error({.what = "perplexities of different chunks",
                 .found = std::to_string(chunks.size()) + " and " + std::to_string(full.size()),
                 .expected = "the same chunks, each with as many scored tokens"});
  }
  std::vector<ChunkScore> differences(chunks.begin(), chunks.end());
  for (std::size_t at = 0; at < full.size(); ++at) differences[at].nll -= full[at].nll;
  return perplexity(differences);
}

std::vector<std::span<const int>> chunks_of(std::span<const int> tokens, const Model& model,
                                            int context) {
  const int positions = model.config().positions;
  if (context == 0) context = positions;
  if (context < 2 || context > positions) {
    throw UsageError({.what = "context",
                      .found = std::to_string(context),
                      .expected = "2 to " + std::to_string(positions) + " (n_positions)"});
  }
  const auto length = static_cast<std::size_t>(context);
  std::vector<std::span<const int>> chunks;
  for (std::size_t start = 0; start + 1 < tokens.size(); start += length) {
    chunks.push_back(tokens.subspan(start, std::min(length, tokens.size() - start)));
  }
  return chunks;
}

Evaluation evaluate(std::shared_ptr<const Model> model, std::span<const int> tokens,
                    const EvaluationOptions& options, const std::function<void(double)>& progress,
                    std::stop_token stop) {
  check_prefill(options.knobs);
  if (options.oracle) check_oracle(options.knobs);
  const auto chunks = chunks_of(tokens, *model, options.context);
  Evaluation result;
  std::vector<LaneGroup> groups;
  for (const auto chunk : chunks) {
    groups.push_back(requests_of(chunk, options, model, result.totals));
  }
  const std::size_t lanes_each = options.twin ? 2 : 1;
  const auto add_pass = [&](const SchedulePass& pass) {
    result.totals.add_pass(pass.times, pass.lanes / lanes_each);
  };
  Session session(model, options.threads);
  const ScheduleOutcome outcome =
      run_schedule(session,
                   {.groups = groups,
                    .lanes = lanes_each * chunks_at_once(options, model->config(), chunks),
                    .on_pass = add_pass,
                    .progress = progress},
                   stop);
  result.interrupted = outcome.interrupted;
  result.chunks.resize(chunks.size());
  if (options.twin) result.full_chunks.resize(chunks.size());
  for (std::size_t at = 0; at < chunks.size(); ++at) {
    const std::vector<LaneOutcome>& lanes = outcome.groups[at];
    if (lanes.empty()) continue;
    result.chunks[at] = score_of(lanes.front());
    if (options.twin) result.full_chunks[at] = score_of(lanes.back());
    result.nll += result.chunks[at].nll;
    result.scored += result.chunks[at].scored;
  }
  if (result.scored > 0) result.nll /= static_cast<double>(result.scored);
  return result;
}

}  // namespace sketchscope
