#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/run/live_state.hpp"
#include "engine/settings/knobs.hpp"

namespace sketchscope {

/// How a knob is set.
enum class KnobControl : std::uint8_t { slider, choice, number, fixed };

/// A line of the knob panel.
struct KnobRow {
  const KnobInfo* info = nullptr;
  KnobControl control = KnobControl::slider;
  std::string wanted;
  std::string applied;
  bool pending = false;                    ///< wanted differs from applied
  std::optional<std::int64_t> applied_at;  ///< the step of its last change in this run
  double share = 0;                        ///< of the slider's way, in [0, 1]
};

/// All knobs of `group`, in the order of the knob table.
std::vector<KnobRow> knob_rows(KnobGroup group, const LiveState& state, int positions);

/// The value a slider stands for when `share` of its way lies left of the grab. Wide ranges are
/// logarithmic; what is counted in positions ends at the model's context (`positions`). Of the
/// values within `pixel` of the way it is the roundest: a multiple of the greatest power of two, or
/// the decimal of the fewest digits.
std::string slider_text(const KnobInfo& knob, double share, int positions, double pixel = 0);
/// The inverse: where the grab stands for a value.
double slider_share(const KnobInfo& knob, double value, int positions);

/// "was 512 · next step", "next run", "applied at step 287", or empty.
std::string knob_note(const KnobRow& row);

}  // namespace sketchscope
