#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/settings/knobs.hpp"

namespace sketchscope::settings {

/// Returns the parts of a list that is separated by `separator`, without blanks around them. What
/// lies inside brackets belongs to a formula and is not divided. A part at the end may be empty and
/// is then left out.
std::vector<std::string> list_parts(std::string_view text, char separator = ',');

/// A knob's name and value, as words.
struct KnobValue {
  std::string knob;
  std::string value;
};
/// Parses "max_cache_size=80". Throws UsageError that names `what` if it is no knob's value.
KnobValue knob_value(std::string_view what, std::string_view text);

/// Returns the knobs with the changes of a list such as "policy=window, max_cache_size=64". Throws
/// UsageError on a change that is none, or where the knobs contradict each other afterwards.
Knobs with_changes(Knobs knobs, std::string_view changes);
/// Returns the changes that lead from one set of knobs to the other, as with_changes() takes them.
std::string changes_between(const Knobs& from, const Knobs& to);

}  // namespace sketchscope::settings
