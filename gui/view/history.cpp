#include "gui/view/history.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "gui/view/memory_stack.hpp"
#include "gui/view/quantity.hpp"

namespace sketchscope {

std::vector<MarkGroup> grouped_marks(std::span<const KnobMark> marks, std::int64_t apart) {
  std::vector<MarkGroup> groups;
  for (std::size_t first = 0; first < marks.size();) {
    std::size_t end = first + 1;
    while (end < marks.size() && marks[end].step - marks[first].step < apart) ++end;
    const std::size_t count = end - first;
    groups.push_back({marks[first].step,
                      count == 1 ? marks[first].text() : std::to_string(count) + " knob changes"});
    first = end;
  }
  return groups;
}

bool History::update(const RecordLog& log) {
  RecordLog::Update update = log.read(log_generation_, records_.size());
  const bool replaced = update.generation != log_generation_;
  if (!replaced && update.records.empty()) return false;
  if (replaced) clear();
  log_generation_ = update.generation;
  run_ = update.run;
  for (auto& record : update.records) append(std::move(record));
  return true;
}

void History::clear() {
  const std::uint64_t revision = revision_ + 1;
  const std::uint64_t generation = generation_ + 1;
  *this = History();
  revision_ = revision;
  generation_ = generation;
}

void History::append(RecordPointer record) {
  const StepRecord& step = *record;
  steps_.push_back(static_cast<double>(step.step));
  logit_kl_.push_back(or_missing(step.logit_kl));
  entropy_.push_back(step.entropy);
  top1_agrees_.push_back(step.top1_agrees ? *step.top1_agrees ? 1 : 0 : kMissing);
  for (const auto& change : step.changes) {
    marks_.push_back({step.step, change.knob, change.from, change.to, change.note});
  }
  append_perplexity(step);
  append_tokens(step);
  append_layers(step);
  append_evictions(step);
  append_memory(step.memory);
  append_times(step.times);
  records_.push_back(std::move(record));
  ++revision_;
}

void History::Perplexity::append(const std::optional<double>& probability) {
  if (probability) {
    nll -= std::log(*probability);
    ++count;
  }
  values.push_back(count > 0 ? std::exp(nll / static_cast<double>(count)) : kMissing);
}

void History::append_perplexity(const StepRecord& record) {
  lane_perplexity_.append(record.token_probability);
  twin_perplexity_.append(record.twin_token_probability);
  if (!record.token_probability || !record.twin_token_probability) return;
  if (*record.token_probability <= 0 || *record.twin_token_probability <= 0) return;
  nll_difference_ += std::log(*record.twin_token_probability) - std::log(*record.token_probability);
  ++compared_tokens_;
}

std::optional<double> History::perplexity_change() const {
  if (compared_tokens_ == 0) return std::nullopt;
  return std::expm1(nll_difference_ / static_cast<double>(compared_tokens_));
}

void History::append_tokens(const StepRecord& record) {
  const auto count = static_cast<std::size_t>(record.position) + 1;
  const std::size_t first = count - std::min(count, record.tokens.size());
  tokens_.resize(count, -1);
  fed_at_.resize(count, record.step);
  std::copy(record.tokens.begin(), record.tokens.end(),
            tokens_.begin() + static_cast<std::ptrdiff_t>(first));
  prompt_length_ += record.prompt_tokens;
}

void History::append_layers(const StepRecord& record) {
  layers_.resize(record.layers.size());
  for (std::size_t index = 0; index < layers_.size(); ++index) {
    LayerHistory& layer = layers_[index];
    const LayerRecord& now = record.layers[index];
    layer.stored.push_back(now.stored);
    layer.capacity.push_back(or_missing(now.capacity));
    layer.retained_mass.push_back(or_missing(now.retained_mass));
    layer.attention_kl.push_back(or_missing(now.attention_kl));
    layer.evicted_at.resize(static_cast<std::size_t>(now.tables));
    for (auto& table : layer.evicted_at) table.resize(tokens_.size(), LayerHistory::kNever);
  }
}

void History::append_evictions(const StepRecord& record) {
  evictions_.push_back(static_cast<double>(record.evictions.size()));
  for (std::size_t index = 0; index < record.evictions.size(); ++index) {
    const EvictionRecord& eviction = record.evictions[index];
    places_.push_back({record.step, index});
    layers_.at(static_cast<std::size_t>(eviction.layer))
        .evicted_at.at(static_cast<std::size_t>(eviction.head.value_or(0)))
        .at(static_cast<std::size_t>(eviction.position)) = record.step;
    const bool by_cap = eviction.reason == EvictionReason::capacity ||
                        eviction.reason == EvictionReason::prompt_cut;
    if (by_cap) cap_reached_ = std::min(cap_reached_, record.step);
  }
}

void History::append_memory(const MemoryLedger& ledger) {
  memory_.kv.push_back(static_cast<double>(ledger.kv_stored));
  memory_.sketch.push_back(static_cast<double>(ledger.sketch));
  memory_.statistics.push_back(static_cast<double>(ledger.statistics));
  memory_.audit.push_back(static_cast<double>(ledger.audit));
  memory_.policy.push_back(policy_bytes(ledger));
  memory_.kv_full.push_back(static_cast<double>(ledger.kv_full));
  memory_.device.push_back(or_missing(ledger.device_used));
}

void History::append_times(const PhaseTimes& times) {
  times_.total.push_back(times.total_ms);
  times_.linear.push_back(times.linear_ms);
  times_.attention.push_back(times.attention_ms);
  times_.policy.push_back(times.policy_ms);
  times_.audit.push_back(times.audit_ms);
  times_.record.push_back(times.record_ms);
}

const StepRecord* History::latest() const {
  return records_.empty() ? nullptr : records_.back().get();
}

const StepRecord* History::at(std::int64_t step) const {
  if (step < 0 || step >= static_cast<std::int64_t>(records_.size())) return nullptr;
  return records_[static_cast<std::size_t>(step)].get();
}

std::int64_t History::fed_at(int position) const {
  return fed_at_.at(static_cast<std::size_t>(position));
}

int History::positions_at(std::int64_t step) const {
  const StepRecord* record = at(step);
  return record ? record->position + 1 : 0;
}

const EvictionRecord* History::eviction(EvictionPlace place) const {
  const StepRecord* record = at(place.step);
  return record && place.index < record->evictions.size() ? &record->evictions[place.index]
                                                          : nullptr;
}

std::optional<EvictionPlace> History::eviction_of(int layer, int position, int head) const {
  if (layer < 0 || static_cast<std::size_t>(layer) >= layers_.size()) return std::nullopt;
  const auto& tables = layers_[static_cast<std::size_t>(layer)].evicted_at;
  if (head < 0 || static_cast<std::size_t>(head) >= tables.size()) return std::nullopt;
  const auto& evicted_at = tables[static_cast<std::size_t>(head)];
  if (position < 0 || static_cast<std::size_t>(position) >= evicted_at.size()) return std::nullopt;
  const StepRecord* record = at(evicted_at[static_cast<std::size_t>(position)]);
  if (!record) return std::nullopt;
  const auto found = std::ranges::find_if(record->evictions, [&](const EvictionRecord& eviction) {
    return eviction.layer == layer && eviction.head.value_or(0) == head &&
           eviction.position == position;
  });
  if (found == record->evictions.end()) return std::nullopt;
  return EvictionPlace{record->step, static_cast<std::size_t>(found - record->evictions.begin())};
}

}  // namespace sketchscope
