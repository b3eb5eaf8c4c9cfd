#include "gui/view/history.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <utility>

#include "gui/view/step_costs.hpp"

namespace sketchscope::view {

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

bool History::update(const record::RecordLog& log) {
  record::RecordLog::Update update = log.read(log_generation_, records_.size());
  const bool replaced = update.generation != log_generation_;
  if (!replaced && update.records.empty()) return false;
  if (replaced) clear();
  log_generation_ = update.generation;
  run_ = update.run;
  for (auto& record : update.records) append(std::move(record));
  return true;
}

std::uint64_t History::next_generation() {
  static std::atomic<std::uint64_t> last = 0;
  return ++last;
}

void History::clear() {
  const std::uint64_t revision = revision_ + 1;
  *this = History();
  revision_ = revision;
}

void History::append(record::RecordPointer record) {
  const record::StepRecord& step = *record;
  std::get<FieldSeries<record::StepRecord>>(figures_).append(step);
  std::get<FieldSeries<record::PhaseTimes>>(figures_).append(step.times);
  std::get<FieldSeries<record::MemoryLedger>>(figures_).append(step.memory);
  policy_bytes_.push_back(sketchscope::view::policy_bytes(step.memory));
  perplexity_.append(step);
  for (const auto& change : step.changes) {
    marks_.push_back({step.step, change.knob, change.from, change.to, change.note});
  }
  fed_.append(step);
  append_layers(step);
  append_evictions(step);
  records_.push_back(std::move(record));
  ++revision_;
}

double PerplexityHistory::Sum::with(const std::optional<double>& probability) {
  if (probability) {
    nll -= std::log(*probability);
    ++count;
  }
  return count > 0 ? std::exp(nll / static_cast<double>(count)) : plot::kMissing;
}

void PerplexityHistory::append(const record::StepRecord& record, bool counts) {
  const auto lane = counts ? record.token_probability : std::nullopt;
  const auto twin = counts ? record.twin_token_probability : std::nullopt;
  lane_.push_back(lane_sum_.with(lane));
  twin_.push_back(twin_sum_.with(twin));
  if (!lane || !twin || *lane <= 0 || *twin <= 0) return;
  difference_.nll += std::log(*twin) - std::log(*lane);
  ++difference_.count;
}

void RunPerplexity::append(const record::StepRecord& record) {
  fed.append(record, true);
  given.append(record, record.prompt_tokens > 0);
}

std::optional<double> PerplexityHistory::change() const {
  if (difference_.count == 0) return std::nullopt;
  return std::expm1(difference_.nll / static_cast<double>(difference_.count));
}

void History::FedTokens::append(const record::StepRecord& record) {
  const auto count = static_cast<std::size_t>(record.position) + 1;
  const std::size_t first = count - std::min(count, record.tokens.size());
  tokens.resize(count, -1);
  fed_at.resize(count, record.step);
  std::copy(record.tokens.begin(), record.tokens.end(),
            tokens.begin() + static_cast<std::ptrdiff_t>(first));
  prompt_length += record.prompt_tokens;
}

void History::append_layers(const record::StepRecord& record) {
  layers_.resize(record.layers.size());
  for (std::size_t index = 0; index < layers_.size(); ++index) {
    LayerHistory& layer = layers_[index];
    const record::LayerRecord& now = record.layers[index];
    layer.figures.append(now);
    layer.evicted_at.resize(static_cast<std::size_t>(now.tables));
    for (auto& table : layer.evicted_at) table.resize(fed_.tokens.size(), LayerHistory::kNever);
  }
}

void History::append_evictions(const record::StepRecord& record) {
  evictions_.push_back(static_cast<double>(record.evictions.size()));
  for (std::size_t index = 0; index < record.evictions.size(); ++index) {
    const record::EvictionRecord& eviction = record.evictions[index];
    places_.push_back({record.step, index});
    layers_.at(static_cast<std::size_t>(eviction.layer))
        .evicted_at.at(static_cast<std::size_t>(eviction.head.value_or(0)))
        .at(static_cast<std::size_t>(eviction.position)) = record.step;
    const bool by_cap = eviction.reason == record::EvictionReason::capacity ||
                        eviction.reason == record::EvictionReason::prompt_cut;
    if (by_cap) cap_reached_ = std::min(cap_reached_, record.step);
  }
}

const record::StepRecord* History::latest() const {
  return records_.empty() ? nullptr : records_.back().get();
}

const record::StepRecord* History::at(std::int64_t step) const {
  if (step < 0 || step >= static_cast<std::int64_t>(records_.size())) return nullptr;
  return records_[static_cast<std::size_t>(step)].get();
}

std::int64_t History::fed_at(int position) const {
  return fed_.fed_at.at(static_cast<std::size_t>(position));
}

int History::positions_at(std::int64_t step) const {
  const record::StepRecord* record = at(step);
  return record ? record->position + 1 : 0;
}

const record::EvictionRecord* History::eviction(EvictionPlace place) const {
  const record::StepRecord* record = at(place.step);
  return record && place.index < record->evictions.size() ? &record->evictions[place.index]
                                                          : nullptr;
}

std::optional<EvictionPlace> History::eviction_of(int layer, int position, int head) const {
  if (layer < 0 || static_cast<std::size_t>(layer) >= layers_.size()) return std::nullopt;
  const auto& tables = layers_[static_cast<std::size_t>(layer)].evicted_at;
  if (head < 0 || static_cast<std::size_t>(head) >= tables.size()) return std::nullopt;
  const auto& evicted_at = tables[static_cast<std::size_t>(head)];
  if (position < 0 || static_cast<std::size_t>(position) >= evicted_at.size()) return std::nullopt;
  const record::StepRecord* record = at(evicted_at[static_cast<std::size_t>(position)]);
  if (!record) return std::nullopt;
  const auto found =
      std::ranges::find_if(record->evictions, [&](const record::EvictionRecord& eviction) {
        return eviction.layer == layer && eviction.head.value_or(0) == head &&
               eviction.position == position;
      });
  if (found == record->evictions.end()) return std::nullopt;
  return EvictionPlace{record->step, static_cast<std::size_t>(found - record->evictions.begin())};
}

settings::Knobs knobs_at(const History& history, const settings::Knobs& applied,
                         std::int64_t step) {
  settings::Knobs knobs = applied;
  const auto marks = history.marks();
  for (auto mark = marks.rbegin(); mark != marks.rend() && mark->step > step; ++mark) {
    settings::set_knob(knobs, mark->knob, mark->from);
  }
  return knobs;
}

}  // namespace sketchscope::view
