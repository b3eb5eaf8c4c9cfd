#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "gui/driver/driven_window.hpp"

namespace sketchscope::driver {

/// Returns the value of a path such as "run.logit_kl", "range.total_ms.p95" or
/// "other.layer.0.retained_mass": a statistic of a series over all steps of the run, over the steps
/// that the time axes show, or over the compared run. Without a statistic it is the mean, of
/// evictions the sum. `perplexity` and `twin_perplexity` are those of the given tokens, if any were
/// given. kAbsentValue where nothing was measured; empty for a path that is none of these. Throws
/// UsageError that lists near names on a series that there is not.
std::optional<std::string> scope_value(std::string_view path, const WindowFacts& facts);

}  // namespace sketchscope::driver
