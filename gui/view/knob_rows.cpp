#include "gui/view/knob_rows.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <string_view>

#include "engine/policy/policy.hpp"
#include "engine/read/read.hpp"
#include "engine/read/tail_summary.hpp"
#include "engine/sketch/sketch.hpp"
#include "gui/plot/value_format.hpp"

namespace sketchscope::view {
namespace {

/// The part of a knob's range that a slider covers. A typed value may be anywhere in the range.
struct Reach {
  double minimum = 0;
  double maximum = 1;
  bool logarithmic = false;
};

Reach reach_of(const settings::KnobInfo& knob, int positions) {
  Reach reach{knob.minimum, knob.maximum, false};
  if (knob.unit == "slots" || knob.unit == "positions") {
    reach.maximum = std::min(reach.maximum, static_cast<double>(positions));
  }
  // Values beyond these limits are rarely useful, so the slider leaves them out.
  if (knob.name == "sketch_width") reach = {16, std::min(knob.maximum, 8192.0), false};
  if (knob.name == "temperature") reach.maximum = std::min(reach.maximum, 2.0);
  if (knob.name == "top_k") reach.maximum = std::min(reach.maximum, 256.0);
  reach.logarithmic = reach.maximum - reach.minimum > 100;
  return reach;
}

/// Maps a value to the slider's logarithmic scale, shifted by one if the range begins at zero.
double compressed(const Reach& reach, double value) {
  return reach.logarithmic ? std::log1p(value - reach.minimum) : value - reach.minimum;
}

/// Returns the roundest value between `low` and `high`; `value` if there is none.
double roundest(double low, double value, double high, bool whole) {
  constexpr std::array kWhole = {4096.0, 2048.0, 1024.0, 512.0, 256.0, 128.0,
                                 64.0,   32.0,   16.0,   8.0,   4.0,   2.0};
  constexpr std::array kDecimal = {1.0, 0.5, 0.1, 0.05};
  for (const double step : whole ? std::span<const double>(kWhole) : kDecimal) {
    const double multiple = std::round(value / step) * step;
    if (multiple >= low && multiple <= high) return multiple;
  }
  return value;
}

KnobControl control_of(const settings::KnobInfo& knob) {
  if (knob.is_text()) return KnobControl::formula;
  if (!knob.choices.empty()) {
    return knob.choices.size() == 1 ? KnobControl::fixed : KnobControl::choice;
  }
  const bool any_number = std::holds_alternative<std::uint64_t settings::Knobs::*>(knob.field);
  return any_number ? KnobControl::number : KnobControl::slider;
}

KnobCaveat caveat_of(const settings::KnobInfo& knob, const settings::Knobs& wanted, int positions) {
  if (!knob.has_effect(wanted)) return KnobCaveat::no_effect;
  const bool capacity = knob.field == settings::KnobField(&settings::Knobs::max_cache_size);
  return capacity && wanted.max_cache_size > positions ? KnobCaveat::never_full : KnobCaveat::none;
}

}  // namespace

std::vector<KnobRow> knob_rows(settings::KnobGroup group, const run::LiveState& state,
                               int positions) {
  std::vector<KnobRow> rows;
  for (const settings::KnobInfo& knob : settings::knob_table()) {
    if (knob.group != group) continue;
    KnobRow row{.info = &knob,
                .control = control_of(knob),
                .wanted = settings::knob_text(state.wanted, knob),
                .applied = settings::knob_text(state.applied, knob)};
    row.pending = row.wanted != row.applied;
    row.caveat = caveat_of(knob, state.wanted, positions);
    const auto applied_at = state.applied_at.find(std::string(knob.name));
    if (applied_at != state.applied_at.end()) row.applied_at = applied_at->second;
    if (row.control == KnobControl::slider) {
      row.share = slider_share(knob, std::stod(row.wanted), positions);
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

std::string slider_text(const settings::KnobInfo& knob, double share, int positions, double pixel) {
  const Reach reach = reach_of(knob, positions);
  const auto value_at = [&](double at) {
    const double along = std::clamp(at, 0.0, 1.0) * compressed(reach, reach.maximum);
    return reach.minimum + (reach.logarithmic ? std::expm1(along) : along);
  };
  const bool whole = std::holds_alternative<int settings::Knobs::*>(knob.field);
  // The ends are exact, even if a rounder value is near.
  const bool inside = share > 0 && share < 1;
  const double value = inside ? roundest(value_at(share - pixel / 2), value_at(share),
                                         value_at(share + pixel / 2), whole)
                              : value_at(share);
  if (knob.odd) return plot::fixed_text(2 * std::floor(value / 2) + 1, 0);
  return whole ? plot::fixed_text(std::round(value), 0) : plot::fixed_text(value, 2);
}

double slider_share(const settings::KnobInfo& knob, double value, int positions) {
  const Reach reach = reach_of(knob, positions);
  if (reach.maximum <= reach.minimum) return 0;
  const double inside = std::clamp(value, reach.minimum, reach.maximum);
  return compressed(reach, inside) / compressed(reach, reach.maximum);
}

std::string knob_note(const KnobRow& row) {
  if (row.pending && !row.info->live) return "was " + row.applied + " · next run";
  if (row.pending) return "was " + row.applied + " · next step";
  if (row.caveat != KnobCaveat::none) return std::string(caveat_words(row.caveat));
  if (row.applied_at) return "applied at step " + plot::count_text(*row.applied_at);
  return row.info->live ? std::string() : std::string("next run");
}

std::string_view caveat_words(KnobCaveat caveat) {
  if (caveat == KnobCaveat::no_effect) return "no effect";
  return caveat == KnobCaveat::never_full ? "never full" : "";
}

std::string_view caveat_help(KnobCaveat caveat) {
  if (caveat == KnobCaveat::no_effect) {
    return "Without effect beside the other knobs as they are; it may have to be set before them.";
  }
  return caveat == KnobCaveat::never_full
             ? "More slots than the model has positions: no table ever fills."
             : "";
}

std::string_view choice_help(std::string_view knob, std::string_view choice) {
  const auto help_in = [&](const auto& registry) {
    const auto* found = registry.find(choice);
    return found != nullptr ? found->help : std::string_view();
  };
  if (knob == "policy") return help_in(policy::policy_kinds());
  if (knob == "sketch") return help_in(sketch::sketch_kinds());
  if (knob == "read") return help_in(read::read_kinds());
  if (knob == "aggregate") return help_in(read::aggregate_kinds());
  return {};
}

}  // namespace sketchscope::view
