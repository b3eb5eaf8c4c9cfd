#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace sketchscope::text {

/// Characters that PCRE2's tables of Unicode 14 do not class as Unicode 16 does, and an older
/// character of the same class and the same length in UTF-8.
struct StandInRange {
  char32_t first;
  char32_t last;
  char32_t stand_in;
};

/// Returns the ranges in ascending order.
std::span<const StandInRange> stand_in_ranges();

/// Returns `text`, which must be UTF-8, with stand-ins for such characters, so that a pattern
/// matches at the same places whatever the version of the machine's PCRE2; nullopt if it has none.
std::optional<std::string> with_stand_ins(std::string_view text);

}  // namespace sketchscope::text
