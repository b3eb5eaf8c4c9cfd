#pragma once

#include <iosfwd>
#include <string_view>

#include "engine/run/live_state.hpp"

namespace sketchscope::view {

/// Writes the steps that a state holds taken apart, and those of the run that is compared with it,
/// as a Chrome trace (trace/chrome_trace.hpp). A step that both made in one pass is written once.
/// `about` says what made the file; it is kept inside.
void write_trace(std::ostream& stream, const run::LiveState& state, std::string_view about);

}  // namespace sketchscope::view
