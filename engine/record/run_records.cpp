#include "engine/record/run_records.hpp"

#include <algorithm>
#include <functional>
#include <numeric>

namespace sketchscope {
namespace {

using Shape = std::vector<std::size_t>;

/// Pointers to the rows, or to a part of each.
template <typename Row, typename Part = std::identity>
auto pointers(std::vector<Row>& rows, Part part = {}) {
  std::vector<std::remove_reference_t<std::invoke_result_t<Part, Row&>>*> all;
  all.reserve(rows.size());
  for (Row& row : rows) all.push_back(&std::invoke(part, row));
  return all;
}

// The one list of what a step, a layer, an eviction and a candidate have: writing and reading both
// walk it.

template <typename Arrays>
void walk_steps(Arrays& arrays, std::vector<StepRecord>& records) {
  const Shape shape = {records.size()};
  const auto steps = pointers(records);
  arrays.column("steps/position", steps, &StepRecord::position, shape);
  arrays.column("steps/prompt_tokens", steps, &StepRecord::prompt_tokens, shape);
  arrays.column("steps/token_probability", steps, &StepRecord::token_probability, shape);
  arrays.column("steps/token_rank", steps, &StepRecord::token_rank, shape);
  arrays.column("steps/twin_token_probability", steps, &StepRecord::twin_token_probability, shape);
  arrays.column("steps/twin_token_rank", steps, &StepRecord::twin_token_rank, shape);
  arrays.column("steps/entropy", steps, &StepRecord::entropy, shape);
  arrays.column("steps/global_eviction_ratio", steps, &StepRecord::global_eviction_ratio, shape);
  arrays.column("steps/logit_kl", steps, &StepRecord::logit_kl, shape);
  arrays.column("steps/top1_agrees", steps, &StepRecord::top1_agrees, shape);
  arrays.column("steps/top_rank_under_twin", steps, &StepRecord::top_rank_under_twin, shape);

  const auto times = pointers(records, &StepRecord::times);
  arrays.column("times/total_ms", times, &PhaseTimes::total_ms, shape);
  arrays.column("times/linear_ms", times, &PhaseTimes::linear_ms, shape);
  arrays.column("times/attention_ms", times, &PhaseTimes::attention_ms, shape);
  arrays.column("times/policy_ms", times, &PhaseTimes::policy_ms, shape);
  arrays.column("times/audit_ms", times, &PhaseTimes::audit_ms, shape);
  arrays.column("times/record_ms", times, &PhaseTimes::record_ms, shape);

  const auto memory = pointers(records, &StepRecord::memory);
  arrays.column("memory/weights", memory, &MemoryLedger::weights, shape);
  arrays.column("memory/kv_stored", memory, &MemoryLedger::kv_stored, shape);
  arrays.column("memory/sketch", memory, &MemoryLedger::sketch, shape);
  arrays.column("memory/statistics", memory, &MemoryLedger::statistics, shape);
  arrays.column("memory/tail", memory, &MemoryLedger::tail, shape);
  arrays.column("memory/audit", memory, &MemoryLedger::audit, shape);
  arrays.column("memory/activations", memory, &MemoryLedger::activations, shape);
  arrays.column("memory/pages_reserved", memory, &MemoryLedger::pages_reserved, shape);
  arrays.column("memory/kv_full", memory, &MemoryLedger::kv_full, shape);
  arrays.column("memory/process", memory, &MemoryLedger::process, shape);
  arrays.column("memory/process_peak", memory, &MemoryLedger::process_peak, shape);
  arrays.column("memory/device_used", memory, &MemoryLedger::device_used, shape);
  arrays.column("memory/device_total", memory, &MemoryLedger::device_total, shape);
}

template <typename Arrays>
void walk_layers(Arrays& arrays, std::vector<LayerRecord>& layers, std::size_t steps) {
  const Shape shape = {steps, steps > 0 ? layers.size() / steps : 0};
  const auto rows = pointers(layers);
  arrays.column("layers/stored", rows, &LayerRecord::stored, shape);
  arrays.column("layers/tables", rows, &LayerRecord::tables, shape);
  arrays.column("layers/capacity", rows, &LayerRecord::capacity, shape);
  arrays.column("layers/retained_mass", rows, &LayerRecord::retained_mass, shape);
  arrays.column("layers/attention_kl", rows, &LayerRecord::attention_kl, shape);
  arrays.column("layers/attention_tv", rows, &LayerRecord::attention_tv, shape);
  arrays.column("layers/output_error", rows, &LayerRecord::output_error, shape);
  arrays.column("layers/output_cosine", rows, &LayerRecord::output_cosine, shape);
  arrays.column("layers/regret", rows, &LayerRecord::regret, shape);
}

template <typename Arrays>
void walk_evictions(Arrays& arrays, std::vector<EvictionRecord>& evictions) {
  const Shape shape = {evictions.size()};
  const auto rows = pointers(evictions);
  arrays.column("evictions/layer", rows, &EvictionRecord::layer, shape);
  arrays.column("evictions/head", rows, &EvictionRecord::head, shape);
  arrays.column("evictions/position", rows, &EvictionRecord::position, shape);
  arrays.column("evictions/token", rows, &EvictionRecord::token, shape);
  arrays.column("evictions/score", rows, &EvictionRecord::score, shape);
  arrays.column("evictions/exact_score", rows, &EvictionRecord::exact_score, shape);
  arrays.column("evictions/margin", rows, &EvictionRecord::margin, shape);
  arrays.column("evictions/next_position", rows, &EvictionRecord::next_position, shape);
  arrays.column("evictions/candidates", rows, &EvictionRecord::candidates, shape);
  arrays.column("evictions/reason", rows, &EvictionRecord::reason, shape);
  arrays.column("evictions/degenerate", rows, &EvictionRecord::degenerate, shape);
}

template <typename Arrays>
void walk_candidates(Arrays& arrays, std::vector<Candidate>& candidates) {
  const Shape shape = {candidates.size()};
  const auto rows = pointers(candidates);
  arrays.column("candidates/token", rows, &Candidate::token, shape);
  arrays.column("candidates/probability", rows, &Candidate::probability, shape);
  arrays.column("candidates/twin_probability", rows, &Candidate::twin_probability, shape);
}

/// Joins a list that every record has; how many of each, by step, goes to `counts`.
template <typename Item>
std::vector<Item> joined(const std::vector<StepRecord>& records,
                         std::vector<Item> StepRecord::*list, std::vector<std::int32_t>& counts) {
  std::vector<Item> all;
  for (const StepRecord& record : records) {
    const auto& items = record.*list;
    counts.push_back(static_cast<std::int32_t>(items.size()));
    all.insert(all.end(), items.begin(), items.end());
  }
  return all;
}

/// Counts by step that were read, and their sum.
struct Counts {
  std::vector<std::int32_t> by_step;
  std::size_t total = 0;
};

Counts read_counts(const ArrayReader& arrays, const std::string& name, std::size_t steps) {
  constexpr std::int64_t kMost = 1'000'000'000;
  Counts counts{arrays.array<std::int32_t>(name)};
  const bool negative = std::ranges::any_of(counts.by_step, [](int count) { return count < 0; });
  const auto total = std::accumulate(counts.by_step.begin(), counts.by_step.end(), std::int64_t{0});
  if (negative || counts.by_step.size() != steps || total > kMost) {
    throw arrays.damaged(name + " does not fit " + std::to_string(steps) + " steps");
  }
  counts.total = static_cast<std::size_t>(total);
  return counts;
}

template <typename Item>
void deal_out(std::vector<StepRecord>& records, std::vector<Item> StepRecord::*list,
              const std::vector<Item>& all, const Counts& counts) {
  auto from = all.begin();
  for (std::size_t step = 0; step < records.size(); ++step) {
    (records[step].*list).assign(from, from + counts.by_step[step]);
    from += counts.by_step[step];
  }
}

bool is_sound(const EvictionRecord& eviction, const StepRecord& record) {
  if (eviction.layer < 0 || std::cmp_greater_equal(eviction.layer, record.layers.size())) {
    return false;
  }
  const int tables = record.layers[static_cast<std::size_t>(eviction.layer)].tables;
  const int head = eviction.head.value_or(0);
  return head >= 0 && head < tables && eviction.position >= 0 &&
         eviction.position <= record.position && eviction.reason <= EvictionReason::budget_moved;
}

/// What the views take for granted.
void check(const ArrayReader& arrays, const std::vector<StepRecord>& records) {
  constexpr int kMostTables = 4096;
  std::size_t fed = 0;
  for (const StepRecord& record : records) {
    fed += record.tokens.size();
    const std::string at = " in step " + std::to_string(record.step);
    const bool counted = !record.tokens.empty() && record.prompt_tokens >= 0 &&
                         std::cmp_less_equal(record.prompt_tokens, record.tokens.size());
    if (!counted || std::cmp_not_equal(record.position + 1, fed)) {
      throw arrays.damaged("tokens that do not lead to position " +
                           std::to_string(record.position) + at);
    }
    for (const LayerRecord& layer : record.layers) {
      if (layer.tables < 1 || layer.tables > kMostTables || layer.stored < 0) {
        throw arrays.damaged("a layer of " + std::to_string(layer.tables) + " tables" + at);
      }
    }
    for (const EvictionRecord& eviction : record.evictions) {
      if (!is_sound(eviction, record)) {
        throw arrays.damaged("an eviction of position " + std::to_string(eviction.position) +
                             " from layer " + std::to_string(eviction.layer) + at);
      }
    }
  }
}

}  // namespace

void write_records(ArrayWriter& arrays, std::vector<StepRecord> records) {
  walk_steps(arrays, records);
  std::vector<std::int32_t> tokens;
  std::vector<std::int32_t> layer_counts;
  std::vector<std::int32_t> evicted;
  std::vector<std::int32_t> foreseen;
  arrays.array("tokens", joined(records, &StepRecord::tokens, tokens));
  auto layers = joined(records, &StepRecord::layers, layer_counts);
  auto evictions = joined(records, &StepRecord::evictions, evicted);
  auto candidates = joined(records, &StepRecord::candidates, foreseen);
  arrays.array("steps/tokens", tokens);
  arrays.array("steps/evictions", evicted);
  arrays.array("steps/candidates", foreseen);
  walk_layers(arrays, layers, records.size());
  walk_evictions(arrays, evictions);
  walk_candidates(arrays, candidates);
}

std::vector<StepRecord> read_records(const ArrayReader& arrays) {
  std::vector<StepRecord> records(arrays.array<std::int32_t>("steps/position").size());
  for (std::size_t step = 0; step < records.size(); ++step) {
    records[step].step = static_cast<std::int64_t>(step);
  }
  walk_steps(arrays, records);
  const Counts tokens = read_counts(arrays, "steps/tokens", records.size());
  const Counts evicted = read_counts(arrays, "steps/evictions", records.size());
  const Counts foreseen = read_counts(arrays, "steps/candidates", records.size());
  const auto fed = arrays.array<std::int32_t>("tokens");
  if (fed.size() != tokens.total) throw arrays.damaged("tokens that no step fed");
  const std::size_t cells = arrays.array<std::int32_t>("layers/stored").size();
  if (records.empty() ? cells > 0 : cells % records.size() != 0) {
    throw arrays.damaged("layers that are not the same in all steps");
  }
  std::vector<LayerRecord> layers(cells);
  std::vector<EvictionRecord> evictions(evicted.total);
  std::vector<Candidate> candidates(foreseen.total);
  walk_layers(arrays, layers, records.size());
  walk_evictions(arrays, evictions);
  walk_candidates(arrays, candidates);

  const std::size_t per_step = records.empty() ? 0 : cells / records.size();
  const Counts even{std::vector(records.size(), static_cast<std::int32_t>(per_step)), cells};
  deal_out(records, &StepRecord::tokens, {fed.begin(), fed.end()}, tokens);
  deal_out(records, &StepRecord::layers, layers, even);
  deal_out(records, &StepRecord::evictions, evictions, evicted);
  deal_out(records, &StepRecord::candidates, candidates, foreseen);
  check(arrays, records);
  return records;
}

}  // namespace sketchscope
