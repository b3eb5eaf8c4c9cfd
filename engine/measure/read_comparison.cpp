#include "engine/measure/read_comparison.hpp"

#include <algorithm>

#include "engine/core/error.hpp"
#include "engine/decode/session.hpp"
#include "engine/read/read.hpp"
#include "engine/read/tail_summary.hpp"
#include "kernels/distribution.hpp"

namespace sketchscope {
namespace {

bool allowed(const Knobs& knobs) {
  try {
    check_knobs(knobs);
    return true;
  } catch (const UsageError&) {
    return false;
  }
}

/// The knobs of every row: one for each read, for each variant where there are some.
std::vector<Knobs> variants_of(const Knobs& base) {
  std::vector<Knobs> variants;
  for (const ReadKind& read : read_kinds()) {
    Knobs knobs = base;
    knobs.read = read;
    if (!read.reads_tail) {
      variants.push_back(knobs);
      continue;
    }
    for (const AggregateKind& aggregate : aggregate_kinds()) {
      knobs.aggregate = aggregate;
      if (allowed(knobs)) variants.push_back(knobs);
    }
  }
  return variants;
}

class Comparison {
 public:
  Comparison(std::shared_ptr<const Model> model, const ReadComparisonOptions& options)
      : session_(std::move(model), options.threads), variants_(variants_of(options.knobs)) {
    for (const Knobs& knobs : variants_) {
      result_.rows.push_back({.read = knobs.read.name(),
                              .aggregate = knobs.read->reads_tail ? knobs.aggregate.name() : ""});
      const auto layers = static_cast<std::size_t>(session_.model().config().layers);
      result_.rows.back().output_error.resize(layers);
    }
  }

  void begin_chunk() {
    for (const Knobs& knobs : variants_) {
      lanes_.push_back(session_.add_lane({.knobs = knobs, .audit = true}));
    }
  }

  /// Feeds `token`; `next` follows it in the chunk, if any.
  void step(int token, const int* next) {
    std::vector<LaneInput> inputs;
    for (const LaneId lane : lanes_) inputs.push_back({.lane = lane, .token = token});
    session_.step(inputs);
    if (next != nullptr) {
      for (std::size_t row = 0; row < lanes_.size(); ++row) score(row, *next);
      ++scored_;
    }
    const Lane& dropping = session_.lane(lanes_.front());
    if (dropping.layers().front().stored() == static_cast<int>(dropping.tokens().size())) return;
    for (std::size_t row = 0; row < lanes_.size(); ++row) measure(row);
    ++result_.steps;
  }

  void end_chunk() {
    for (std::size_t row = 0; row < lanes_.size(); ++row) {
      const Lane& lane = session_.lane(lanes_[row]);
      result_.rows[row].kv_bytes = std::max(result_.rows[row].kv_bytes, lane.kv_bytes());
      result_.rows[row].tail_bytes = std::max(result_.rows[row].tail_bytes, lane.tail_bytes());
      session_.remove(lanes_[row]);
    }
    lanes_.clear();
  }

  ReadComparison finish() {
    const auto steps = static_cast<double>(std::max<std::int64_t>(result_.steps, 1));
    for (ReadRow& row : result_.rows) {
      const auto layers = static_cast<double>(row.output_error.size());
      for (double& error : row.output_error) {
        error /= steps;
        row.mean_output_error += error / layers;
      }
      for (double* sum : {&row.lower_than_dropping, &row.retained_mass, &row.attention_kl}) {
        *sum /= steps * layers;
      }
      if (scored_ > 0) row.nll /= static_cast<double>(scored_);
    }
    return std::move(result_);
  }

 private:
  [[nodiscard]] Divergence divergence(std::size_t row, std::size_t layer) const {
    Divergence sum;
    for (const HeadGroup& group : session_.lane(lanes_[row]).layers()[layer].groups) {
      sum += group.divergence;
    }
    return sum;
  }

  void measure(std::size_t index) {
    ReadRow& row = result_.rows[index];
    for (std::size_t layer = 0; layer < row.output_error.size(); ++layer) {
      const Divergence moved = divergence(index, layer);
      row.output_error[layer] += moved.output_error();
      row.retained_mass += moved.retained_mass();
      row.attention_kl += moved.attention_kl();
      const bool lower = moved.output_error() < divergence(0, layer).output_error();
      row.lower_than_dropping += lower ? 1 : 0;
    }
  }

  void score(std::size_t row, int next) {
    const std::span<const float> logits = session_.lane(lanes_[row]).logits();
    probability_.resize(logits.size());
    result_.rows[row].nll += softmax(logits, probability_) - logits[static_cast<std::size_t>(next)];
  }

  Session session_;
  std::vector<Knobs> variants_;
  std::vector<LaneId> lanes_;  // of the chunk at hand, one a row
  std::vector<float> probability_;
  std::int64_t scored_ = 0;
  ReadComparison result_;
};

}  // namespace

ReadComparison compare_reads(const std::shared_ptr<const Model>& model, std::span<const int> tokens,
                             const ReadComparisonOptions& options,
                             const std::function<void(double)>& progress,
                             const std::stop_token& stop) {
  const int positions = model->config().positions;
  const int context = options.context > 0 ? options.context : positions;
  if (context < 2 || context > positions) {
    throw UsageError({.what = "context",
                      .found = std::to_string(context),
                      .expected = "2 to " + std::to_string(positions) + " (n_positions)"});
  }
  if (!options.knobs.policy->evicts) {
    throw UsageError({.what = "policy of a comparison of reads",
                      .found = "'" + options.knobs.policy.name() + "'",
                      .expected = "one that evicts"});
  }
  const auto length = static_cast<std::size_t>(context);
  Comparison comparison(model, options);
  bool interrupted = false;
  for (std::size_t start = 0; start + 1 < tokens.size() && !interrupted; start += length) {
    const auto chunk = tokens.subspan(start, std::min(length, tokens.size() - start));
    comparison.begin_chunk();
    for (std::size_t at = 0; at < chunk.size() && !interrupted; ++at) {
      comparison.step(chunk[at], at + 1 < chunk.size() ? &chunk[at + 1] : nullptr);
      if (progress) {
        progress(static_cast<double>(start + at + 1) / static_cast<double>(tokens.size()));
      }
      interrupted = stop.stop_requested();
    }
    comparison.end_chunk();
  }
  ReadComparison result = comparison.finish();
  result.interrupted = interrupted;
  return result;
}

}  // namespace sketchscope
