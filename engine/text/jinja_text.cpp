#include "engine/text/jinja_text.hpp"

#include <algorithm>

#include "engine/text/utf8.hpp"

namespace sketchscope::text {
namespace {

std::size_t first_length(std::string_view text) {
  return std::max<std::size_t>(utf8_character_length(text), 1);
}

/// Returns where the last character of a text that is not empty begins.
std::size_t last_begin(std::string_view text) {
  for (std::size_t length = 2; length <= std::min<std::size_t>(4, text.size()); ++length) {
    const std::size_t begin = text.size() - length;
    if (utf8_character_length(text.substr(begin)) == length) return begin;
  }
  return text.size() - 1;
}

template <typename Member>
std::string_view without_members(std::string_view text, const Member& member, TextEnds ends) {
  while (ends != TextEnds::right && !text.empty()) {
    const std::size_t length = first_length(text);
    if (!member(text.substr(0, length))) break;
    text.remove_prefix(length);
  }
  while (ends != TextEnds::left && !text.empty()) {
    const std::size_t begin = last_begin(text);
    if (!member(text.substr(begin))) break;
    text = text.substr(0, begin);
  }
  return text;
}

}  // namespace

std::size_t white_length(std::string_view text) {
  const std::size_t length = utf8_character_length(text);
  if (length == 0) return 0;
  const char32_t point = utf8_code_point(text.substr(0, length));
  const bool white = (point >= 0x09 && point <= 0x0D) || (point >= 0x1C && point <= 0x20) ||
                     point == 0x85 || point == 0xA0 || point == 0x1680 ||
                     (point >= 0x2000 && point <= 0x200A) || point == 0x2028 || point == 0x2029 ||
                     point == 0x202F || point == 0x205F || point == 0x3000;
  return white ? length : 0;
}

std::string_view without_white_ends(std::string_view text, TextEnds ends) {
  return without_members(
      text, [](std::string_view character) { return white_length(character) > 0; }, ends);
}

std::string_view without_ends(std::string_view text, std::string_view members, TextEnds ends) {
  const auto known = characters_of(members);
  return without_members(
      text,
      [&](std::string_view character) {
        return std::ranges::find(known, character) != known.end();
      },
      ends);
}

std::vector<std::string_view> characters_of(std::string_view text) {
  std::vector<std::string_view> characters;
  while (!text.empty()) {
    const std::size_t length = first_length(text);
    characters.push_back(text.substr(0, length));
    text.remove_prefix(length);
  }
  return characters;
}

}  // namespace sketchscope::text
