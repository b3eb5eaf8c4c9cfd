#include "gui/driver/turn_knob.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <variant>

#include "engine/core/error.hpp"

namespace sketchscope {
namespace {

// Multiples of the golden ratio, taken modulo one, cover a range evenly however many there are.
constexpr double kGoldenRatio = 0.6180339887498949;
constexpr int kTries = 64;

std::string value_at(const KnobInfo& knob, double share, int count) {
  if (!knob.choices.empty()) {
    return std::string(knob.choices[static_cast<std::size_t>(count) % knob.choices.size()]);
  }
  Knobs scratch;
  const double low = knob.minimum;
  // Wide ranges are sampled logarithmically, so that small values occur.
  const double high = knob.maximum;
  const bool wide = high - low > 1000;
  const double value =
      wide ? low - 1 + std::pow(high - low + 1, share) : low + share * (high - low);
  if (const auto* field = std::get_if<int Knobs::*>(&knob.field)) {
    scratch.*(*field) = static_cast<int>(std::lround(value));
  } else if (const auto* word = std::get_if<std::uint64_t Knobs::*>(&knob.field)) {
    scratch.*(*word) = static_cast<std::uint64_t>(value);
  } else if (const auto* real = std::get_if<double Knobs::*>(&knob.field)) {
    scratch.*(*real) = std::round(value * 1000) / 1000;
  }
  return knob_text(scratch, knob);
}

bool allowed(const Knobs& knobs, const KnobInfo& knob, const std::string& value) {
  try {
    Knobs probe = knobs;
    set_knob(probe, knob.name, value);
    check_knobs(probe);
    return true;
  } catch (const Error&) {
    return false;
  }
}

}  // namespace

std::string turned_value(const Knobs& knobs, const KnobInfo& knob, int count) {
  for (int attempt = 0; attempt < kTries; ++attempt) {
    const double share = std::fmod((count + 1 + attempt * kTries) * kGoldenRatio, 1.0);
    const std::string value = value_at(knob, share, count + attempt);
    if (allowed(knobs, knob, value)) return value;
  }
  return knob_text(knobs, knob);
}

}  // namespace sketchscope
