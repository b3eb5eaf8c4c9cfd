#include "engine/schedule/run_totals.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "engine/core/random.hpp"

namespace sketchscope::schedule {
namespace {

// A hash of the evicted token and its table. The sum of the hashes identifies a set of evictions,
// whatever their order.
std::uint64_t mark_of(const record::EvictionRecord& eviction) {
  std::uint64_t mark = 0;
  for (const int part :
       {eviction.layer, eviction.head.value_or(-1), eviction.position, eviction.token}) {
    mark = core::SplitMix64(mark + static_cast<std::uint64_t>(part)).next();
  }
  return mark;
}

}  // namespace

std::optional<double> percentile(std::vector<double> values, double quantile) {
  if (values.empty()) return std::nullopt;
  const double rank = std::ceil(quantile * static_cast<double>(values.size()));
  const auto index = static_cast<std::size_t>(std::max(rank - 1, 0.0));
  const auto nth = values.begin() + static_cast<std::ptrdiff_t>(std::min(index, values.size() - 1));
  std::nth_element(values.begin(), nth, values.end());
  return *nth;
}

void EvictionTotals::add(std::span<const record::EvictionRecord> evictions) {
  count += static_cast<std::int64_t>(evictions.size());
  degenerate += std::ranges::count_if(evictions, &record::EvictionRecord::degenerate);
  for (const record::EvictionRecord& eviction : evictions) set += mark_of(eviction);
}

EvictionTotals& EvictionTotals::operator+=(const EvictionTotals& other) {
  count += other.count;
  degenerate += other.degenerate;
  set += other.set;
  return *this;
}

void PassTotals::add(const record::PhaseTimes& times, std::size_t fed) {
  if (passes % stride == 0) pass_ms.push_back(times.total_ms);
  ++passes;
  if (pass_ms.size() > kMostTimes) {
    stride *= 2;
    std::size_t kept = 0;
    for (std::size_t at = 0; at < pass_ms.size(); at += 2) pass_ms[kept++] = pass_ms[at];
    pass_ms.resize(kept);
  }
  total_ms += times.total_ms;
  policy_ms += times.policy_ms;
  if (fed == 0) return;
  tokens += fed;
  token_ms += times.total_ms;
}

void RunTotals::add_layers(std::span<const record::LayerRecord> layers) {
  for (const record::LayerRecord& layer : layers) layers_.add(layer);
}

void RunTotals::add_twin(double logit_kl, bool top1_agrees) {
  steps_.add<&record::StepRecord::logit_kl>(logit_kl);
  steps_.add<&record::StepRecord::top1_agrees>(top1_agrees ? 1 : 0);
}

void RunTotals::add_lane(const decode::Lane& lane) {
  steps_.add<&record::StepRecord::global_eviction_ratio>(
      sketchscope::decode::global_eviction_ratio(lane));
  degeneracy_ += decode::degeneracy_of(lane);
  warn(lane.knobs());
  if (!lane.audited()) return;
  for (const decode::LayerView& layer : lane.layers()) {
    for (const decode::TableView& table : layer.tables()) {
      layers_.add<&record::LayerRecord::regret>(table.total_regret());
    }
  }
}

void RunTotals::warn(const settings::Knobs& knobs) {
  warnings_ = sketchscope::decode::warnings(degeneracy_, knobs);
  std::ranges::move(sketchscope::decode::idle_warnings(degeneracy_, knobs),
                    std::back_inserter(warnings_));
}

void RunTotals::add_memory(const record::MemoryLedger& memory) {
  record::for_each_field<record::MemoryLedger>(
      [&]<typename Bytes>(const record::Field<record::MemoryLedger, Bytes>& field) {
        if (field.run.over != record::OverRun::peak) return;
        memory_.*field.member = std::max(memory_.*field.member, memory.*field.member);
      });
}

void RunTotals::merge(const RunTotals& other, const settings::Knobs& knobs) {
  evictions_ += other.evictions_;
  layers_.merge(other.layers_);
  steps_.merge(other.steps_);
  degeneracy_ += other.degeneracy_;
  warn(knobs);
  add_memory(other.memory_);
}

void RunTotals::add_record(const record::StepRecord& record) {
  steps_.add(record);
  add_layers(record.layers);
  add_evictions(record.evictions);
  add_memory(record.memory);
  // The speed of prefill says nothing about the speed of generation.
  add_pass(record.times, record.prompt_tokens > 0 ? 0 : record.tokens.size());
}

std::vector<NamedFigure> RunTotals::figures() const {
  std::vector<NamedFigure> figures;
  const auto add = [&](const auto& field, std::optional<double> value) {
    const bool spoken_of = !field.run.name.empty() || !field.run.label.empty();
    if (spoken_of) figures.push_back({field.run, value});
  };
  layers_.for_each(add);
  steps_.for_each(add);
  return figures;
}

std::optional<double> RunTotals::tokens_per_second() const {
  if (passes_.token_ms <= 0) return std::nullopt;
  return 1000.0 * static_cast<double>(passes_.tokens) / passes_.token_ms;
}

std::optional<double> RunTotals::policy_share() const {
  if (passes_.total_ms <= 0) return std::nullopt;
  return passes_.policy_ms / passes_.total_ms;
}

bool evicted_alike(const RunTotals& left, const RunTotals& right) {
  return left.evictions() > 0 && left.evictions() == right.evictions() &&
         left.evicted_set() == right.evicted_set();
}

}  // namespace sketchscope::schedule
