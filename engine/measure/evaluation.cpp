#include "engine/measure/evaluation.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>

#include "engine/core/error.hpp"
#include "engine/decode/session.hpp"
#include "engine/measure/oracle.hpp"
#include "engine/read/tail_summary.hpp"
#include "engine/schedule/record_builder.hpp"
#include "kernels/distribution.hpp"

namespace sketchscope {
namespace {

// A chunk on its way through the model.
struct Reader {
  std::size_t index = 0;
  std::span<const int> chunk;
  LanePair pair;
  std::size_t fed = 0;
};

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

// −ln of the probability that `logits` (V) give `token`.
double negative_log_likelihood(std::span<const float> logits, int token,
                               std::vector<float>& probability) {
  probability.resize(logits.size());
  return softmax(logits, probability) - logits[static_cast<std::size_t>(token)];
}

class Evaluator {
 public:
  Evaluator(std::shared_ptr<const Model> model, std::span<const int> tokens,
            const EvaluationOptions& options)
      : options_(options),
        session_(std::move(model), options.threads),
        chunks_(chunks_of(tokens, session_.model(), options.context)) {
    check_prefill(options.knobs);
    if (options.oracle) check_oracle(options.knobs);
    result_.chunks.resize(chunks_.size());
    if (options.twin) result_.full_chunks.resize(chunks_.size());
    for (const auto& chunk : chunks_) tokens_in_all_ += chunk.size();
  }

  Evaluation run(const std::function<void(double)>& progress, const std::stop_token& stop) {
    while (true) {
      admit();
      result_.interrupted = !readers_.empty() && stop.stop_requested();
      if (readers_.empty() || result_.interrupted) break;
      step();
      if (progress) {
        progress(static_cast<double>(tokens_fed_) / static_cast<double>(tokens_in_all_));
      }
    }
    double sum = 0;
    for (const ChunkScore& chunk : result_.chunks) sum += chunk.nll;
    if (result_.scored > 0) result_.nll = sum / static_cast<double>(result_.scored);
    return std::move(result_);
  }

 private:
  void admit() {
    while (static_cast<int>(readers_.size()) < lanes_at_once() && next_ < chunks_.size()) {
      LaneOptions lane{.knobs = options_.knobs, .audit = options_.audit};
      if (options_.oracle) {
        lane.policy = std::make_shared<const OraclePolicy>(record_future(
            session_.shared_model(), chunks_[next_], heads_apart(), options_.threads));
      }
      const LanePair pair = add_pair(session_, lane, options_.twin);
      readers_.push_back({.index = next_, .chunk = chunks_[next_], .pair = pair});
      ++next_;
    }
  }

  [[nodiscard]] bool heads_apart() const { return options_.knobs.granularity == Granularity::head; }

  [[nodiscard]] int lanes_at_once() const {
    if (!options_.oracle || chunks_.empty()) return options_.lanes;
    constexpr std::size_t kMostBytes = std::size_t{512} << 20;
    const ModelConfig& config = session_.model().config();
    const std::size_t bytes = FutureMass::bytes(config.layers, heads_apart() ? config.heads : 1,
                                                static_cast<int>(chunks_.front().size()));
    return std::clamp(static_cast<int>(kMostBytes / bytes), 1, options_.lanes);
  }

  void step() {
    std::vector<LaneInput> inputs;
    for (const Reader& reader : readers_) {
      hold_target(session_, reader.pair);
      const int token = reader.chunk[reader.fed];
      inputs.push_back({.lane = reader.pair.lane, .token = token});
      if (reader.pair.twin) inputs.push_back({.lane = *reader.pair.twin, .token = token});
    }
    session_.step(inputs);
    result_.totals.add_pass(session_.times(), readers_.size());
    tokens_fed_ += readers_.size();
    for (Reader& reader : readers_) account(reader);
    std::erase_if(readers_, [&](const Reader& reader) { return finished(reader); });
  }

  void account(Reader& reader) {
    Lane& lane = session_.lane(reader.pair.lane);
    ++reader.fed;
    result_.totals.add_layers(describe_layers(lane));
    result_.totals.add_evictions(lane.take_evictions());
    if (reader.pair.twin) compare_with_twin(lane, session_.lane(*reader.pair.twin));
    if (reader.fed == reader.chunk.size()) {
      result_.totals.add_memory(memory_of(session_, lane));
      result_.totals.add_lane(lane);
      return;
    }
    score(lane, reader, result_.chunks);
    if (reader.pair.twin) score(session_.lane(*reader.pair.twin), reader, result_.full_chunks);
    ++result_.scored;
  }

  void score(const Lane& lane, const Reader& reader, std::vector<ChunkScore>& scores) {
    const int next = reader.chunk[reader.fed];
    ChunkScore& score = scores[reader.index];
    score.nll += negative_log_likelihood(lane.logits(), next, probability_);
    ++score.scored;
  }

  void compare_with_twin(const Lane& lane, const Lane& twin) {
    const auto top = std::ranges::max_element(lane.logits()) - lane.logits().begin();
    result_.totals.add_twin(std::max(0.0, logit_kl(twin.logits(), lane.logits())),
                            rank_of(twin.logits(), static_cast<int>(top)) == 0);
  }

  // A finished chunk's lanes give their pages back at once.
  bool finished(const Reader& reader) {
    if (reader.fed < reader.chunk.size()) return false;
    session_.remove(reader.pair.lane);
    if (reader.pair.twin) session_.remove(*reader.pair.twin);
    return true;
  }

  const EvaluationOptions& options_;
  Session session_;
  std::vector<std::span<const int>> chunks_;
  std::vector<Reader> readers_;
  std::vector<float> probability_;
  std::size_t next_ = 0;
  std::size_t tokens_fed_ = 0;
  std::size_t tokens_in_all_ = 0;
  Evaluation result_;
};

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
  return Evaluator(std::move(model), tokens, options).run(progress, stop);
}

}  // namespace sketchscope
