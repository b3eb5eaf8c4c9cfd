#include "engine/text/unicode_stand_ins.hpp"

#include <algorithm>
#include <cstdint>

#include "engine/text/utf8.hpp"

namespace sketchscope::text {
namespace {

const StandInRange* find_stand_in(char32_t point) {
  const auto ranges = stand_in_ranges();
  const auto after = std::ranges::upper_bound(ranges, point, {}, &StandInRange::first);
  const bool inside = after != ranges.begin() && point <= std::prev(after)->last;
  return inside ? &*std::prev(after) : nullptr;
}

}  // namespace

std::optional<std::string> with_stand_ins(std::string_view text) {
  std::optional<std::string> replaced;
  for (std::size_t at = 0; at < text.size();) {
    const auto lead = static_cast<std::uint8_t>(text[at]);
    if (lead < 0xE0) {  // every character of the table has three or four bytes
      ++at;
      continue;
    }
    const std::size_t length = lead < 0xF0 ? 3 : 4;
    if (const auto* range = find_stand_in(utf8_code_point(text.substr(at, length)))) {
      if (!replaced) replaced.emplace(text);
      replaced->replace(at, length, utf8_text(range->stand_in));
    }
    at += length;
  }
  return replaced;
}

}  // namespace sketchscope::text
