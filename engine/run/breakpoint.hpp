#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/record/step_record.hpp"

namespace sketchscope {

/// A condition at which a run stops.
struct Breakpoint {
  enum class Kind : std::uint8_t {
    step,          ///< this step has been made
    eviction,      ///< any position is evicted
    position,      ///< this position leaves any table
    disagreement,  ///< the most likely tokens of lane and twin differ
    divergence,    ///< the next-token KL exceeds this, nats (needs a twin)
  };
  Kind kind = Kind::eviction;
  double value = 0;

  friend bool operator==(const Breakpoint&, const Breakpoint&) = default;
};

/// The textual form of a kind of breakpoint.
struct BreakpointWord {
  Breakpoint::Kind kind;
  std::string_view word;
  std::string_view argument;  ///< meaning of the number after the word; empty if none
  std::string_view help;
};
const std::vector<BreakpointWord>& breakpoint_words();

/// Parses a breakpoint: "step 200", "eviction", "position 58", "disagreement", "kl 0.5". Throws
/// UsageError on anything else.
Breakpoint parse_breakpoint(std::string_view text);
std::string breakpoint_text(const Breakpoint& breakpoint);

/// Returns why the run stops after this step, such as "position 58 left layer 3"; empty if it goes
/// on.
std::optional<std::string> stop_reason(const Breakpoint& breakpoint, const StepRecord& record);

}  // namespace sketchscope
