#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "gui/driver/values.hpp"
#include "gui/view/history.hpp"

namespace sketchscope::driver {

/// Returns the value of an expression over steps, such as "mean(last.logit_kl)" or
/// "max(layer.0.stored,100,window.last)": mean, min, max or sum, or step_of_max or step_of_min for
/// the step at which the number is so; the path of a number that every record has, and the first
/// and the last step, which are numbers or paths of `values`; without them, all steps. kAbsentValue
/// where nothing was measured; empty if `text` has not this form. Throws UsageError on an unknown
/// path, and on steps that the run does not have.
std::optional<std::string> range_value(std::string_view text, const view::History& history,
                                       const Values& values);

}  // namespace sketchscope::driver
