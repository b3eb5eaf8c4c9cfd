#include "engine/text/utf8.hpp"

#include <algorithm>
#include <cstdint>

namespace sketchscope::text {
namespace {

std::uint8_t byte_at(std::string_view text, std::size_t i) {
  return i < text.size() ? static_cast<std::uint8_t>(text[i]) : std::uint8_t{0};
}

/// Returns how many bytes a character with this lead byte has; 0 for a byte that leads none.
std::size_t length_by_lead(std::uint8_t lead) {
  if (lead < 0x80) return 1;
  if (lead < 0xC2 || lead > 0xF4) return 0;
  return lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
}

bool may_follow(std::uint8_t lead, std::uint8_t second) {
  switch (lead) {
    case 0xE0:
      return second >= 0xA0 && second <= 0xBF;
    case 0xED:
      return second >= 0x80 && second <= 0x9F;
    case 0xF0:
      return second >= 0x90 && second <= 0xBF;
    case 0xF4:
      return second >= 0x80 && second <= 0x8F;
    default:
      return (second & 0xC0) == 0x80;
  }
}

/// Returns how many of the first bytes of `text` can begin one character, at most its length.
std::size_t begun_length(std::string_view text) {
  const std::uint8_t lead = byte_at(text, 0);
  const std::size_t wanted = text.empty() ? 0 : length_by_lead(lead);
  if (wanted < 2) return wanted;
  if (text.size() < 2 || !may_follow(lead, byte_at(text, 1))) return 1;
  std::size_t length = 2;
  while (length < wanted && length < text.size() && (byte_at(text, length) & 0xC0) == 0x80) {
    ++length;
  }
  return length;
}

}  // namespace

std::size_t utf8_character_length(std::string_view text) {
  const std::size_t begun = begun_length(text);
  return begun > 0 && begun == length_by_lead(byte_at(text, 0)) ? begun : 0;
}

std::size_t utf8_run_length(std::string_view text, bool valid) {
  std::size_t length = 0;
  while (length < text.size()) {
    const std::size_t character = utf8_character_length(text.substr(length));
    if ((character > 0) != valid) break;
    length += std::max<std::size_t>(character, 1);
  }
  return length;
}

char32_t utf8_code_point(std::string_view text) {
  const std::size_t length = length_by_lead(byte_at(text, 0));
  if (length < 2) return byte_at(text, 0);
  char32_t point = byte_at(text, 0) & (0x7FU >> length);
  for (std::size_t i = 1; i < length; ++i) point = point << 6 | (byte_at(text, i) & 0x3FU);
  return point;
}

std::string utf8_text(char32_t code_point) {
  const auto tail = [code_point](int shift) {
    return static_cast<char>(0x80 | (code_point >> shift & 0x3F));
  };
  if (code_point < 0x80) return {static_cast<char>(code_point)};
  if (code_point < 0x800) return {static_cast<char>(0xC0 | code_point >> 6), tail(0)};
  if (code_point < 0x10000) return {static_cast<char>(0xE0 | code_point >> 12), tail(6), tail(0)};
  return {static_cast<char>(0xF0 | code_point >> 18), tail(12), tail(6), tail(0)};
}

std::size_t utf8_unfinished_length(std::string_view text) {
  for (std::size_t length = 1; length <= 3 && length <= text.size(); ++length) {
    const std::string_view end = text.substr(text.size() - length);
    if (length_by_lead(byte_at(end, 0)) > length && begun_length(end) == length) return length;
  }
  return 0;
}

std::string utf8_replacing_invalid(std::string_view bytes) {
  std::string text;
  while (!bytes.empty()) {
    const std::size_t valid = utf8_run_length(bytes, true);
    text += bytes.substr(0, valid);
    bytes.remove_prefix(valid);
    if (bytes.empty()) break;
    text += "\xEF\xBF\xBD";
    bytes.remove_prefix(std::max<std::size_t>(begun_length(bytes), 1));
  }
  return text;
}

}  // namespace sketchscope::text
