#include "engine/measure/evaluation.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "engine/core/error.hpp"
#include "engine/read/tail_summary.hpp"
#include "engine/schedule/schedule.hpp"

namespace sketchscope::measure {
namespace {

// The policy of a full cache that also records the last query's masses by slot.
class RecordingPolicy final : public policy::Policy {
 public:
  [[nodiscard]] bool evicts() const override { return false; }
  [[nodiscard]] cache::StatisticSet needs() const override { return {cache::Statistic::last_mass}; }
  void score(const policy::ScoreInput&, std::span<float> importance) const override {
    std::ranges::fill(importance, 0.0F);
  }
};

// Records the mass of the last query by position. Nothing is evicted, so slots are positions.
void record_step(const decode::Lane& lane, FutureMass& future) {
  const int step = static_cast<int>(lane.tokens().size()) - 1;
  for (int layer = 0; layer < std::ssize(lane.layers()); ++layer) {
    const decode::LayerView view = lane.layer(layer);
    for (int table = 0; table < future.tables(); ++table) {
      future.record(layer, table, step, view.table(table).statistic(cache::Statistic::last_mass));
    }
  }
}

std::size_t triangle(int length) {
  const auto side = static_cast<std::size_t>(length);
  return side * (side + 1) / 2;
}

void check_prefill(const settings::Knobs& knobs) {
  if (knobs.prefill != settings::Prefill::full) return;
  throw core::UsageError(
      {.what = "prefill of an evaluation",
       .found = "'full'",
       .expected = "'stream' or 'auto'",
       .remedy = "One pass over the whole chunk would never meet a capped cache"});
}

void check_oracle(const settings::Knobs& knobs) {
  const bool reads_sketch = knobs.read->reads_tail && knobs.aggregate->needs_sketch;
  if (knobs.policy->evicts && !reads_sketch) return;
  throw core::UsageError(
      {.what = "oracle",
       .found = "policy '" + knobs.policy.name() + "', read '" + knobs.read.name() + "'",
       .expected = "a policy that evicts, and a read without a sketch",
       .remedy = "Take another policy or another aggregate"});
}

// The full cache ends at the model's last position.
void check_full_cache(const EvaluationOptions& options, const model::ModelConfig& config) {
  if (options.context <= config.positions || !(options.twin || options.oracle)) return;
  throw core::UsageError(
      {.what = "context of a comparison with the full cache",
       .found = std::to_string(options.context),
       .expected = std::to_string(config.positions) + " at most (the positions of the model)",
       .remedy = "Leave out the twin and the oracle, or shorten the context"});
}

int tables_of(const settings::Knobs& knobs, const model::ModelConfig& config) {
  return knobs.granularity == settings::Granularity::head ? config.heads : 1;
}

// The number of chunks that advance together: `lanes`, or fewer if their oracles' recorded masses
// would not fit into memory.
std::size_t chunks_at_once(const EvaluationOptions& options, const model::ModelConfig& config,
                           std::span<const std::vector<int>> chunks) {
  if (!options.oracle || chunks.empty()) return static_cast<std::size_t>(options.lanes);
  constexpr std::size_t kMostBytes = std::size_t{512} << 20;
  const std::size_t bytes = FutureMass::bytes(config.layers, tables_of(options.knobs, config),
                                              static_cast<int>(chunks.front().size()));
  return std::clamp<std::size_t>(kMostBytes / bytes, 1, static_cast<std::size_t>(options.lanes));
}

// The request of one chunk under the knobs and, if wanted, that of its twin.
schedule::LaneGroup requests_of(std::span<const int> chunk, const EvaluationOptions& options,
                                const std::shared_ptr<const model::Model>& model,
                                schedule::RunTotals& totals) {
  schedule::LaneGroup group = {
      {.lane = {.knobs = options.knobs, .audit = options.audit},
       .passage = {.given = chunk},
       .on_step = [&totals](const schedule::LaneStep& step) { schedule::add_step(totals, step); }}};
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
      {.lane = {.knobs = schedule::full_cache_knobs(options.knobs)}, .passage = {.given = chunk}});
  return group;
}

}  // namespace

FutureMass::FutureMass(int layers, int tables, int length)
    : tables_(tables), length_(length), sums_(bytes(layers, tables, length) / sizeof(float)) {}

std::size_t FutureMass::bytes(int layers, int tables, int length) {
  return static_cast<std::size_t>(layers * tables) * triangle(length) * sizeof(float);
}

std::size_t FutureMass::row(int layer, int table, int step) const {
  return static_cast<std::size_t>(layer * tables_ + table) * triangle(length_) + triangle(step);
}

void FutureMass::record(int layer, int table, int step, std::span<const float> mass) {
  if (std::ssize(mass) != step + 1 || step >= length_) {
    throw core::Error(
        {.what = "masses of a step to record",
         .found = std::to_string(mass.size()),
         .expected = std::to_string(step + 1) + ", of " + std::to_string(length_) + " steps"});
  }
  std::ranges::copy(mass, sums_.begin() + static_cast<std::ptrdiff_t>(row(layer, table, step)));
}

void FutureMass::accumulate() {
  const std::size_t size = triangle(length_);
  for (std::size_t first = 0; first < sums_.size(); first += size) {
    for (int step = length_ - 2; step >= 0; --step) {
      const std::size_t now = first + triangle(step);
      const std::size_t next = first + triangle(step + 1);
      for (std::size_t at = 0; at <= static_cast<std::size_t>(step); ++at) {
        sums_[now + at] += sums_[next + at];
      }
    }
  }
}

float FutureMass::from(int layer, int table, int step, int position) const {
  if (step >= length_) return 0;
  return sums_[row(layer, table, step) + static_cast<std::size_t>(position)];
}

FutureMass record_future(std::shared_ptr<const model::Model> model, std::span<const int> tokens,
                         bool heads_apart, int threads) {
  const model::ModelConfig config = model->config();
  settings::Knobs knobs{.policy = "full"};
  knobs.granularity = heads_apart ? settings::Granularity::head : settings::Granularity::layer;
  // The recording needs the masses of every query, which a prefill in one pass does not give.
  knobs.prefill = settings::Prefill::stream;
  FutureMass future(config.layers, heads_apart ? config.kv_heads : 1,
                    static_cast<int>(tokens.size()));
  schedule::LaneGroup group = {
      {.lane = {.knobs = knobs, .policy = std::make_shared<const RecordingPolicy>()},
       .passage = {.prompt = tokens},
       .on_step = [&](const schedule::LaneStep& step) { record_step(step.lane(), future); }}};
  decode::Session session(std::move(model), threads);
  schedule::run_schedule(session, {.groups = {&group, 1}}, {});
  future.accumulate();
  return future;
}

void OraclePolicy::score(const policy::ScoreInput& input, std::span<float> importance) const {
  // The policy is asked before the new token is stored, so the newest stored position is that of
  // the last step.
  const int next = *std::ranges::max_element(input.stored_positions) + 1;
  const int table = future_.tables() > 1 ? input.items.heads.first : 0;
  std::ranges::transform(input.stored_positions, importance.begin(), [&](int position) {
    return future_.from(input.layer, table, next, position);
  });
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
    throw core::Error(
        {.what = "perplexities of different chunks",
         .found = std::to_string(chunks.size()) + " and " + std::to_string(full.size()),
         .expected = "the same chunks, each with as many scored tokens"});
  }
  std::vector<ChunkScore> differences(chunks.begin(), chunks.end());
  for (std::size_t at = 0; at < full.size(); ++at) differences[at].nll -= full[at].nll;
  return perplexity(differences);
}

std::optional<std::string> unread_text_warning(std::string_view whose, double perplexity,
                                               int vocabulary) {
  constexpr double kUnreadShare = 0.25;
  if (perplexity <= kUnreadShare * vocabulary) return std::nullopt;
  const std::string guessing = std::to_string(vocabulary);
  return "Warning: the model cannot read this text. The perplexity of " + std::string(whose) +
         " is " + std::to_string(std::llround(perplexity)) + ", above a quarter of the " +
         guessing + " tokens of its vocabulary (blind guessing has " + guessing +
         "), so ratios and differences of perplexities say little about a cache.";
}

std::vector<std::vector<int>> chunks_of(std::span<const int> tokens, const model::Model& model,
                                        const ChunkOptions& options) {
  const int positions = model.config().positions;
  const int context = options.context == 0 ? positions : options.context;
  const bool too_long =
      context > positions && !schedule::may_outgrow_context(options.knobs, model.config());
  if (context < 2 || too_long) {
    throw core::UsageError({.what = "context",
                            .found = std::to_string(context),
                            .expected = "2 to " + std::to_string(positions) +
                                        " (the positions of the model), or more with positions "
                                        "cache and a capacity up to that"});
  }
  std::vector<int> before;
  if (options.start_token) before.push_back(*options.start_token);
  const std::size_t length = static_cast<std::size_t>(context) - before.size();
  std::vector<std::vector<int>> chunks;
  for (std::size_t start = 0; start < tokens.size(); start += length) {
    std::vector<int> chunk = before;
    const auto text = tokens.subspan(start, std::min(length, tokens.size() - start));
    chunk.insert(chunk.end(), text.begin(), text.end());
    if (chunk.size() > 1) chunks.push_back(std::move(chunk));
  }
  return chunks;
}

std::span<const int> window_of(std::span<const int> text, int length, int index, int count) {
  const std::size_t room = text.size() - static_cast<std::size_t>(length);
  const std::size_t start =
      count > 1 ? room * static_cast<std::size_t>(index) / static_cast<std::size_t>(count - 1) : 0;
  return text.subspan(start, static_cast<std::size_t>(length));
}

Evaluation evaluate(std::shared_ptr<const model::Model> model, std::span<const int> tokens,
                    const EvaluationOptions& options, const core::ProgressSink& progress,
                    std::stop_token stop) {
  check_prefill(options.knobs);
  if (options.oracle) check_oracle(options.knobs);
  const auto chunks = chunks_of(
      tokens, *model,
      {.context = options.context, .start_token = options.start_token, .knobs = options.knobs});
  check_full_cache(options, model->config());
  Evaluation result;
  std::vector<schedule::LaneGroup> groups;
  for (const auto& chunk : chunks) {
    groups.push_back(requests_of(chunk, options, model, result.totals));
  }
  const std::size_t lanes_each = options.twin ? 2 : 1;
  const auto add_pass = [&](const schedule::SchedulePass& pass) {
    result.totals.add_pass(pass.times, pass.lanes / lanes_each);
  };
  decode::Session session(model, options.threads);
  const schedule::ScheduleOutcome outcome = schedule::run_schedule(
      session,
      {.groups = groups,
       .lanes = lanes_each * chunks_at_once(options, model->config(), chunks),
       .on_pass = add_pass,
       .progress = progress},
      stop);
  result.interrupted = outcome.interrupted;
  result.chunks.resize(chunks.size());
  if (options.twin) result.full_chunks.resize(chunks.size());
  for (std::size_t at = 0; at < chunks.size(); ++at) {
    const std::vector<schedule::LaneOutcome>& lanes = outcome.groups[at];
    if (lanes.empty()) continue;
    result.chunks[at] = {.nll = lanes.front().nll, .scored = lanes.front().scored};
    if (options.twin) {
      result.full_chunks[at] = {.nll = lanes.back().nll, .scored = lanes.back().scored};
    }
    result.nll += result.chunks[at].nll;
    result.scored += result.chunks[at].scored;
  }
  if (result.scored > 0) result.nll /= static_cast<double>(result.scored);
  return result;
}

}  // namespace sketchscope::measure
