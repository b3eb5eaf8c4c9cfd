#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/record/step_record.hpp"

namespace sketchscope {

/// What a run stops at.
struct Breakpoint {
  enum class Kind : std::uint8_t {
    step,          ///< this step was made
    eviction,      ///< anything is evicted
    position,      ///< this position is evicted from any table
    disagreement,  ///< lane and twin have different top tokens (twin)
    divergence,    ///< the KL of the next token lies above this, nats (twin)
  };
  Kind kind = Kind::eviction;
  double value = 0;

  friend bool operator==(const Breakpoint&, const Breakpoint&) = default;
};

/// How a person writes a kind of breakpoint.
struct BreakpointWord {
  Breakpoint::Kind kind;
  std::string_view word;
  std::string_view argument;  ///< what the number after the word means; empty: none follows
  std::string_view help;
};
const std::vector<BreakpointWord>& breakpoint_words();

/// Reads a breakpoint as a person writes it: "step 200", "eviction", "position 58", "disagreement",
/// "kl 0.5". Throws UsageError on anything else.
Breakpoint parse_breakpoint(std::string_view text);
std::string breakpoint_text(const Breakpoint& breakpoint);

/// Says why the run stops after this step, as "position 58 left layer 3"; empty if it goes on.
std::optional<std::string> stop_reason(const Breakpoint& breakpoint, const StepRecord& record);

}  // namespace sketchscope
