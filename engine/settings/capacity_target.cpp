#include "engine/settings/capacity_target.hpp"

#include <algorithm>
#include <cmath>

#include "engine/core/error.hpp"
#include "engine/core/text.hpp"

namespace sketchscope {
namespace {

constexpr int kWindow = 16;
constexpr int kGrowth = 8;      // capacity divided by the slots that it gains
constexpr int kShrinkage = 16;  // capacity divided by the slots that it loses
constexpr double kSlack = 0.5;  // share of the allowed loss below which slots are given back

bool asks_for_mass(const Knobs& knobs) {
  return knobs.target == TargetKind::retained_mass;
}

// Returns the smallest capacity at which there is a choice of victims.
int least_capacity(const Knobs& knobs) {
  return knobs.sinks + std::max(knobs.recent_window, 1) + 1;
}

std::string sentence(const Knobs& knobs, double mean, const char* relation) {
  return "target " + name_of(knobs.target) + " " + number_text(knobs.target_value) + ": mean " +
         number_text(std::round(mean * 1e4) / 1e4) + " over " + std::to_string(kWindow) +
         " steps, " + relation;
}

}  // namespace

void check_target(const Knobs& knobs, bool audited, bool has_twin) {
  const bool missing =
      (asks_for_mass(knobs) && !audited) || (knobs.target == TargetKind::logit_kl && !has_twin);
  if (!missing) return;
  const bool mass = asks_for_mass(knobs);
  throw UsageError({.what = "knob target",
                    .found = "'" + name_of(knobs.target) + "' in a run that does not measure it",
                    .expected = mass ? "the audit, which keeps what was evicted"
                                     : "the twin, the full cache that is fed the same tokens",
                    .remedy = mass ? "Switch the audit on" : "Switch the twin on"});
}

std::optional<CapacityTarget::Decision> CapacityTarget::observe(double measured, bool evicted,
                                                                const Knobs& knobs, int most) {
  sum_ += measured;
  evicted_ |= evicted;
  if (++steps_ < kWindow) return std::nullopt;
  const double mean = sum_ / kWindow;
  const bool decides = evicted_;
  *this = {};
  if (!decides) return std::nullopt;

  const double loss = asks_for_mass(knobs) ? 1 - mean : mean;
  const double allowed = asks_for_mass(knobs) ? 1 - knobs.target_value : knobs.target_value;
  const int capacity = knobs.max_cache_size;
  int wanted = capacity;
  if (loss > allowed) wanted = std::min(capacity + std::max(capacity / kGrowth, 1), most);
  if (loss < kSlack * allowed) {
    wanted = std::max(capacity - std::max(capacity / kShrinkage, 1), least_capacity(knobs));
    wanted = std::min(wanted, capacity);
  }
  if (wanted == capacity || (wanted < capacity && loss > allowed)) return std::nullopt;
  return Decision{
      .capacity = wanted,
      .reason = sentence(knobs, mean, wanted > capacity ? "missed" : "held with slots to spare")};
}

}  // namespace sketchscope
