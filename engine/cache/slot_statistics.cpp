#include "engine/cache/slot_statistics.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "engine/core/error.hpp"
#include "engine/core/memory.hpp"

namespace sketchscope::cache {

void sum_heads(const MassView& mass, std::span<float> sum) {
  std::ranges::fill(sum, 0.0F);
  for (int head = 0; head < mass.heads; ++head) {
    const std::span<const float> row = mass.head(head);
    for (std::size_t slot = 0; slot < row.size(); ++slot) sum[slot] += row[slot];
  }
}

MassView mass_view(std::span<const float> mass, int heads) {
  const int slots = static_cast<int>(mass.size()) / heads;
  return {.data = mass.data(), .heads = heads, .slots = slots, .stride = slots};
}

std::span<const float> mass_of_kv_head(const MassView& mass, int kv_head, int kv_heads,
                                       std::span<float> sum) {
  const int group = mass.heads / kv_heads;
  if (group == 1) return mass.head(kv_head);
  sum_heads(mass.part({.first = kv_head * group, .count = group}), sum);
  return sum;
}

SlotStatistics::SlotStatistics(StatisticSet kept, int mass_rows)
    : kept_(std::move(kept)), values_(kept_.size()), rows_(mass_rows) {}

void SlotStatistics::reserve_to_admit() {
  const auto slots = static_cast<std::size_t>(slots_) + 1;
  for (std::vector<float>& values : values_) core::reserve_ahead(values, slots);
  rows_.reserve(slots);
  if (!kept_.empty() || rows_.rows() > 0) core::reserve_ahead(gain_, slots);
}

void SlotStatistics::admit(int slot) {
  if (slot < 0 || slot > slots_) {
    throw core::Error({.what = "slot to admit",
                       .found = std::to_string(slot),
                       .expected = "0 to " + std::to_string(slots_)});
  }
  slots_ = std::max(slots_, slot + 1);
  for (std::vector<float>& values : values_) {
    values.resize(static_cast<std::size_t>(slots_));
    values[static_cast<std::size_t>(slot)] = 0.0F;
  }
  rows_.admit(slot);
}

void SlotStatistics::observe(const MassView& mass, float decay) {
  check_slots(static_cast<std::size_t>(mass.slots));
  if (kept_.empty() && rows_.rows() == 0) return;
  gain_.resize(static_cast<std::size_t>(slots_));
  sum_heads(mass, gain_);
  rows_.observe(gain_);
  if (keeps(Statistic::accumulated_mass)) accumulate(Statistic::accumulated_mass, gain_, decay);
  const std::span<float> last = kept_values(Statistic::last_mass);
  std::copy_n(gain_.begin(), last.size(), last.begin());
  for (float& count : kept_values(Statistic::query_count)) ++count;
}

void SlotStatistics::observe_row(const MassView& mass) {
  check_slots(static_cast<std::size_t>(mass.slots));
  gain_.resize(static_cast<std::size_t>(slots_));
  sum_heads(mass, gain_);
  rows_.observe(gain_);
}

void SlotStatistics::observe_prompt(std::span<const float> mass, std::span<const float> last,
                                    std::span<const int> queries) {
  for (const std::size_t found : {mass.size(), last.size(), queries.size()}) check_slots(found);
  const std::span<float> accumulated = kept_values(Statistic::accumulated_mass);
  for (std::size_t slot = 0; slot < accumulated.size(); ++slot) accumulated[slot] += mass[slot];
  const std::span<float> latest = kept_values(Statistic::last_mass);
  std::copy_n(last.begin(), latest.size(), latest.begin());
  const std::span<float> counts = kept_values(Statistic::query_count);
  for (std::size_t slot = 0; slot < counts.size(); ++slot) {
    counts[slot] += static_cast<float>(queries[slot]);
  }
}

void SlotStatistics::accumulate(Statistic statistic, std::span<const float> gained, float decay) {
  check_slots(gained.size());
  const std::span<float> accumulated = kept_values(statistic);
  for (std::size_t slot = 0; slot < accumulated.size(); ++slot) {
    accumulated[slot] = accumulated[slot] * decay + gained[slot];
  }
}

void SlotStatistics::set(Statistic statistic, int slot, float value) {
  const std::span<float> kept = kept_values(statistic);
  if (!kept.empty()) kept[static_cast<std::size_t>(slot)] = value;
}

void SlotStatistics::remove(int slot) {
  for (std::vector<float>& values : values_) {
    values.at(static_cast<std::size_t>(slot)) = values.back();
    values.pop_back();
  }
  rows_.remove(slot);
  --slots_;
}

void SlotStatistics::keep(std::span<const int> origin) {
  for (std::vector<float>& values : values_) {
    std::vector<float> moved;
    moved.reserve(origin.size());
    for (const int slot : origin) moved.push_back(values.at(static_cast<std::size_t>(slot)));
    values = std::move(moved);
  }
  rows_.keep(origin);
  slots_ = static_cast<int>(origin.size());
}

SlotStatistics SlotStatistics::converted(StatisticSet kept, int mass_rows) const {
  SlotStatistics other(std::move(kept));
  other.slots_ = slots_;
  other.rows_ = rows_.resized(mass_rows);
  for (int slot = 0; slot < slots_ && rows_.rows() == 0; ++slot) other.rows_.admit(slot);
  for (std::size_t index = 0; index < other.kept_.size(); ++index) {
    const std::optional<std::size_t> known = index_of(other.kept_[index]);
    other.values_[index] =
        known ? values_[*known] : std::vector<float>(static_cast<std::size_t>(slots_));
  }
  return other;
}

std::span<const float> SlotStatistics::values(Statistic statistic) const {
  const std::optional<std::size_t> index = index_of(statistic);
  if (index) return values_[*index];
  throw core::Error({.what = "slot statistic",
                     .found = std::to_string(static_cast<int>(statistic)),
                     .expected = "one that the policy said it needs"});
}

std::size_t SlotStatistics::bytes() const {
  return kept_.size() * static_cast<std::size_t>(slots_) * sizeof(float) + rows_.bytes();
}

std::optional<std::size_t> SlotStatistics::index_of(Statistic statistic) const {
  const auto found = std::ranges::find(kept_, statistic);
  if (found == kept_.end()) return {};
  return static_cast<std::size_t>(found - kept_.begin());
}

std::span<float> SlotStatistics::kept_values(Statistic statistic) {
  const std::optional<std::size_t> index = index_of(statistic);
  return index ? std::span<float>(values_[*index]) : std::span<float>();
}

void SlotStatistics::check_slots(std::size_t found) const {
  if (found == static_cast<std::size_t>(slots_)) return;
  throw core::Error({.what = "attention mass by slot",
                     .found = std::to_string(found) + " slots",
                     .expected = std::to_string(slots_)});
}

}  // namespace sketchscope::cache
