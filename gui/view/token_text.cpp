#include "gui/view/token_text.hpp"

#include <array>
#include <cstdint>
#include <cstdio>
#include <utility>

#include "gui/plot/value_format.hpp"

namespace sketchscope::view {
namespace {

/// Bytes of the well-formed UTF-8 character that `bytes` begins with, and its code point; 0 bytes
/// if there is none (RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF).
struct Character {
  std::size_t length = 0;
  std::uint32_t code = 0;
};

Character first_character(std::string_view bytes) {
  const auto lead = static_cast<unsigned char>(bytes.front());
  if (lead < 0x80) return {1, lead};
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC2 ? 2 : 0;
  if (length == 0 || lead > 0xF4 || bytes.size() < length) return {};
  std::uint32_t code = lead & (0xFFU >> (length + 1));
  for (std::size_t index = 1; index < length; ++index) {
    const auto next = static_cast<unsigned char>(bytes[index]);
    if ((next & 0xC0) != 0x80) return {};
    code = code << 6 | (next & 0x3F);
  }
  constexpr std::array<std::uint32_t, 5> kSmallest = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = code >= 0xD800 && code < 0xE000;
  if (code < kSmallest[length] || surrogate || code > 0x10FFFF) return {};
  return {length, code};
}

std::string escape(const char* format, std::uint32_t value) {
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), format, value);
  return text.data();
}

bool is_control(std::uint32_t code) {
  return code < 0x20 || (code >= 0x7F && code < 0xA0);
}

}  // namespace

std::string shown_text(std::string_view bytes) {
  std::string shown;
  while (!bytes.empty()) {
    const Character character = first_character(bytes);
    if (character.length == 0) {
      shown += escape("\\x%02X", static_cast<unsigned char>(bytes.front()));
      bytes.remove_prefix(1);
      continue;
    }
    if (character.code == '\n') {
      shown += "⏎";
    } else if (is_control(character.code)) {
      shown += escape("\\x%02X", character.code);
    } else if (character.code > 0xFFFF) {
      shown += escape("\\u{%X}", character.code);
    } else {
      shown += bytes.substr(0, character.length);
    }
    bytes.remove_prefix(character.length);
  }
  return shown;
}

TokenText::TokenText(std::function<std::string_view(int)> bytes_of)
    : bytes_of_(std::move(bytes_of)) {}

const std::string& TokenText::of(int token) const {
  const auto known = shown_.find(token);
  if (known != shown_.end()) return known->second;
  std::string text = bytes_of_ ? shown_text(bytes_of_(token)) : std::string();
  if (text.empty()) text = "#" + std::to_string(token);
  return shown_.emplace(token, std::move(text)).first->second;
}

std::string TokenText::dotted(int token) const {
  const std::string& text = of(token);
  return text.starts_with(' ') ? "·" + text.substr(1) : text;
}

std::string TokenText::quoted(int token) const {
  return "“" + of(token) + "”";
}

std::vector<NextTokenBar> next_token_bars(const record::StepRecord& record, int next_token,
                                          std::size_t count, const TokenText& text) {
  std::vector<NextTokenBar> bars;
  for (const auto& candidate : record.candidates) {
    if (bars.size() == count) break;
    bars.push_back({.text = text.quoted(candidate.token),
                    .lane = candidate.probability,
                    .twin = plot::or_missing(candidate.twin_probability),
                    .drawn = candidate.token == next_token});
  }
  return bars;
}

}  // namespace sketchscope::view
