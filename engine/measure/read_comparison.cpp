#include "engine/measure/read_comparison.hpp"

#include <algorithm>

#include "engine/core/error.hpp"
#include "engine/measure/evaluation.hpp"
#include "engine/read/read.hpp"
#include "engine/read/tail_summary.hpp"
#include "engine/schedule/schedule.hpp"

namespace sketchscope::measure {
namespace {

bool allowed(const settings::Knobs& knobs) {
  try {
    settings::check_knobs(knobs);
    return true;
  } catch (const core::UsageError&) {
    return false;
  }
}

/// The knobs of every row: one row for each read, or for each variant of a read that has variants.
std::vector<settings::Knobs> variants_of(const settings::Knobs& base) {
  std::vector<settings::Knobs> variants;
  for (const read::ReadKind& read : read::read_kinds()) {
    settings::Knobs knobs = base;
    knobs.read = read;
    if (!read.reads_tail) {
      variants.push_back(knobs);
      continue;
    }
    for (const read::AggregateKind& aggregate : read::aggregate_kinds()) {
      knobs.aggregate = aggregate;
      if (allowed(knobs)) variants.push_back(knobs);
    }
  }
  return variants;
}

// Accumulates the rows, `full` first, while all lanes are fed the same tokens.
class Comparison {
 public:
  Comparison(const std::vector<settings::Knobs>& variants, int layers)
      : dropping_error_(static_cast<std::size_t>(layers)) {
    for (const settings::Knobs& knobs : variants) {
      result_.rows.push_back({.read = knobs.read.name(),
                              .aggregate = knobs.read->reads_tail ? knobs.aggregate.name() : "",
                              .output_error = std::vector<double>(dropping_error_.size())});
    }
  }

  void add(std::size_t index, const schedule::LaneStep& step) {
    const decode::Lane& lane = step.lane();
    ReadRow& row = result_.rows[index];
    row.kv_bytes = std::max(row.kv_bytes, lane.kv_bytes());
    row.tail_bytes = std::max(row.tail_bytes, lane.tail_bytes());
    if (step.nll) row.nll += *step.nll;
    if (index == 0) {
      evicted_ = lane.layer(0).stored() < static_cast<int>(lane.tokens().size());
      result_.steps += evicted_ ? 1 : 0;
      result_.scored += step.nll ? 1 : 0;
    }
    if (evicted_) measure(row, lane, index == 0);
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
      if (result_.scored > 0) row.nll /= static_cast<double>(result_.scored);
    }
    return std::move(result_);
  }

 private:
  void measure(ReadRow& row, const decode::Lane& lane, bool dropping) {
    for (std::size_t layer = 0; layer < row.output_error.size(); ++layer) {
      const cache::Divergence moved = lane.layer(static_cast<int>(layer)).divergence();
      if (dropping) dropping_error_[layer] = moved.output_error();
      row.output_error[layer] += moved.output_error();
      row.retained_mass += moved.retained_mass();
      row.attention_kl += moved.attention_kl();
      row.lower_than_dropping += moved.output_error() < dropping_error_[layer] ? 1 : 0;
    }
  }

  std::vector<double> dropping_error_;  // error of the read `full` in this step, (L)
  bool evicted_ = false;                // something was evicted up to this step
  ReadComparison result_;
};

}  // namespace

ReadComparison compare_reads(const std::shared_ptr<const model::Model>& model,
                             std::span<const int> tokens, const ReadComparisonOptions& options,
                             const core::ProgressSink& progress, const std::stop_token& stop) {
  if (!options.knobs.policy->evicts) {
    throw core::UsageError({.what = "policy of a comparison of reads",
                            .found = "'" + options.knobs.policy.name() + "'",
                            .expected = "one that evicts"});
  }
  const std::vector<settings::Knobs> variants = variants_of(options.knobs);
  Comparison comparison(variants, model->config().layers);
  std::vector<schedule::LaneGroup> groups;
  const auto chunks =
      chunks_of(tokens, *model, {.context = options.context, .start_token = options.start_token});
  for (const auto& chunk : chunks) {
    schedule::LaneGroup& group = groups.emplace_back();
    for (std::size_t row = 0; row < variants.size(); ++row) {
      group.push_back(
          {.lane = {.knobs = variants[row], .audit = true},
           .passage = {.given = chunk},
           .on_step = [&, row](const schedule::LaneStep& step) { comparison.add(row, step); }});
    }
  }
  decode::Session session(model, options.threads);
  const schedule::ScheduleOutcome outcome = schedule::run_schedule(
      session, {.groups = groups, .lanes = variants.size(), .progress = progress}, stop);
  ReadComparison result = comparison.finish();
  result.interrupted = outcome.interrupted;
  return result;
}

}  // namespace sketchscope::measure
