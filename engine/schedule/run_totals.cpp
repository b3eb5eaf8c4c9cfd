#include "engine/schedule/run_totals.hpp"

#include <algorithm>
#include <cmath>

#include "engine/core/random.hpp"

namespace sketchscope {
namespace {

// A random number for the token that left a table; sums of them tell sets apart.
std::uint64_t mark_of(const EvictionRecord& eviction) {
  std::uint64_t mark = 0;
  for (const int part :
       {eviction.layer, eviction.head.value_or(-1), eviction.position, eviction.token}) {
    mark = SplitMix64(mark + static_cast<std::uint64_t>(part)).next();
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

void RunTotals::add_layers(std::span<const LayerRecord> layers) {
  for (const LayerRecord& layer : layers) {
    if (layer.capacity) capacity_.add(*layer.capacity);
    if (layer.retained_mass) retained_mass_.add(*layer.retained_mass);
    if (layer.attention_kl) attention_kl_.add(*layer.attention_kl);
    if (layer.attention_tv) attention_tv_.add(*layer.attention_tv);
    if (layer.output_error) output_error_.add(*layer.output_error);
  }
}

void RunTotals::add_evictions(std::span<const EvictionRecord> evictions) {
  evictions_ += static_cast<std::int64_t>(evictions.size());
  degenerate_ += std::ranges::count_if(evictions, &EvictionRecord::degenerate);
  for (const EvictionRecord& eviction : evictions) evicted_set_ += mark_of(eviction);
}

void RunTotals::add_twin(double logit_kl, bool top1_agrees) {
  logit_kl_.add(logit_kl);
  top1_.add(top1_agrees ? 1 : 0);
}

void RunTotals::add_lane(const Lane& lane) {
  gone_.add(sketchscope::global_eviction_ratio(lane));
  degeneracy_ += degeneracy_of(lane);
  warnings_ = sketchscope::warnings(degeneracy_, lane.knobs());
  if (!lane.audited()) return;
  double regret = regret_.value_or(0);
  for (const LayerCache& cache : lane.layers()) {
    for (const HeadGroup& group : cache.groups) regret += group.audit->total_regret();
  }
  regret_ = regret;
}

void RunTotals::add_memory(const MemoryLedger& memory) {
  for (const auto field :
       {&MemoryLedger::weights, &MemoryLedger::kv_stored, &MemoryLedger::sketch,
        &MemoryLedger::statistics, &MemoryLedger::tail, &MemoryLedger::audit,
        &MemoryLedger::activations, &MemoryLedger::pages_reserved, &MemoryLedger::kv_full,
        &MemoryLedger::process, &MemoryLedger::process_peak}) {
    memory_.*field = std::max(memory_.*field, memory.*field);
  }
}

void RunTotals::add_pass(const PhaseTimes& times, std::size_t tokens) {
  pass_ms_.push_back(times.total_ms);
  total_ms_ += times.total_ms;
  policy_ms_ += times.policy_ms;
  if (tokens == 0) return;
  tokens_ += tokens;
  token_ms_ += times.total_ms;
}

void RunTotals::merge(const RunTotals& other, const Knobs& knobs) {
  evictions_ += other.evictions_;
  degenerate_ += other.degenerate_;
  evicted_set_ += other.evicted_set_;
  for (const auto mean : {&RunTotals::gone_, &RunTotals::capacity_, &RunTotals::retained_mass_,
                          &RunTotals::attention_kl_, &RunTotals::attention_tv_,
                          &RunTotals::output_error_, &RunTotals::logit_kl_, &RunTotals::top1_}) {
    (this->*mean).add(other.*mean);
  }
  if (other.regret_) regret_ = regret_.value_or(0) + *other.regret_;
  degeneracy_ += other.degeneracy_;
  warnings_ = sketchscope::warnings(degeneracy_, knobs);
  add_memory(other.memory_);
}

void RunTotals::add_record(const StepRecord& record) {
  add_layers(record.layers);
  add_evictions(record.evictions);
  if (record.logit_kl && record.top1_agrees) add_twin(*record.logit_kl, *record.top1_agrees);
  add_memory(record.memory);
  // How fast a prompt runs through says nothing about the speed of generation.
  add_pass(record.times, record.prompt_tokens > 0 ? 0 : record.tokens.size());
}

std::optional<double> RunTotals::pass_ms(double quantile) const {
  return percentile(pass_ms_, quantile);
}

std::optional<double> RunTotals::tokens_per_second() const {
  if (token_ms_ <= 0) return std::nullopt;
  return 1000.0 * static_cast<double>(tokens_) / token_ms_;
}

std::optional<double> RunTotals::policy_share() const {
  if (total_ms_ <= 0) return std::nullopt;
  return policy_ms_ / total_ms_;
}

bool evicted_alike(const RunTotals& left, const RunTotals& right) {
  return left.evictions() > 0 && left.evictions() == right.evictions() &&
         left.evicted_set() == right.evicted_set();
}

}  // namespace sketchscope
