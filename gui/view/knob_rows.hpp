#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/run/live_state.hpp"
#include "engine/settings/knobs.hpp"

namespace sketchscope::view {

/// The kind of widget that sets a knob.
enum class KnobControl : std::uint8_t { slider, choice, number, formula, fixed };

/// Why a knob does not act as its value says.
enum class KnobCaveat : std::uint8_t {
  none,
  no_effect,  ///< shown because it may have to be set before others are
  never_full  ///< a capacity beyond the model's positions
};

/// A row of the knob panel.
struct KnobRow {
  const settings::KnobInfo* info = nullptr;
  KnobControl control = KnobControl::slider;
  std::string wanted;
  std::string applied;
  bool pending = false;                    ///< wanted differs from applied
  std::optional<std::int64_t> applied_at;  ///< step of its last change in this run
  double share = 0;                        ///< slider position in [0, 1]
  KnobCaveat caveat = KnobCaveat::none;
};

/// Returns all knobs of `group`, in the order of the knob table.
std::vector<KnobRow> knob_rows(settings::KnobGroup group, const run::LiveState& state,
                               int positions);

/// Returns the value at a slider position `share`. Wide ranges are logarithmic; knobs that count
/// positions end at the model's context (`positions`). Of the values within `pixel` of the position
/// it is the roundest: a multiple of the largest power of two, or the decimal with the fewest
/// digits.
std::string slider_text(const settings::KnobInfo& knob, double share, int positions,
                        double pixel = 0);
/// Returns the slider position of a value: the inverse of slider_text().
double slider_share(const settings::KnobInfo& knob, double value, int positions);

/// Returns the note of a row, such as "was 512 · next step" or "applied at step 287"; may be empty.
std::string knob_note(const KnobRow& row);
/// Returns a caveat in two words, and as a sentence; both may be empty.
std::string_view caveat_words(KnobCaveat caveat);
std::string_view caveat_help(KnobCaveat caveat);

/// Returns the sentence that explains a choice of a knob, such as policy `tova`; empty for one that
/// its name explains.
std::string_view choice_help(std::string_view knob, std::string_view choice);

}  // namespace sketchscope::view
