#include "engine/text/normalizer.hpp"

#include <utf8proc.h>

#include <cstdlib>
#include <memory>
#include <utility>

#include "engine/core/error.hpp"
#include "engine/text/byte_alphabet.hpp"
#include "engine/text/text_replace.hpp"
#include "engine/text/utf8.hpp"

namespace sketchscope::text {
namespace {

constexpr char32_t kCapitalDottedI = 0x130;  // the one character with a lower case of two

int flags_of(NormalForm form) {
  switch (form) {
    case NormalForm::nfc:
      return UTF8PROC_COMPOSE;
    case NormalForm::nfd:
      return UTF8PROC_DECOMPOSE;
    case NormalForm::nfkc:
      return UTF8PROC_COMPOSE | UTF8PROC_COMPAT;
    default:
      return UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT;
  }
}

bool is_ascii(std::string_view text) {
  for (const char letter : text) {
    if (static_cast<unsigned char>(letter) >= 0x80) return false;
  }
  return true;
}

std::string normal_form(NormalForm form, std::string_view text) {
  if (is_ascii(text)) return std::string(text);
  utf8proc_uint8_t* result = nullptr;
  const utf8proc_ssize_t length =
      utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                   static_cast<utf8proc_ssize_t>(text.size()), &result,
                   static_cast<utf8proc_option_t>(UTF8PROC_STABLE | flags_of(form)));
  const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner(result, &std::free);
  if (length < 0)
    throw core::Error(std::string("a text cannot be normalized: ") + utf8proc_errmsg(length));
  return {reinterpret_cast<const char*>(result), static_cast<std::size_t>(length)};
}

/// Calls `use` with each character of a text and its code point.
template <typename Use>
void for_each_character(std::string_view text, Use use) {
  while (!text.empty()) {
    const std::size_t length = utf8_character_length(text);
    use(text.substr(0, length), utf8_code_point(text));
    text.remove_prefix(length);
  }
}

bool is_mark(char32_t point) {
  const auto category = utf8proc_category(static_cast<utf8proc_int32_t>(point));
  return category == UTF8PROC_CATEGORY_MN || category == UTF8PROC_CATEGORY_MC ||
         category == UTF8PROC_CATEGORY_ME;
}

std::string without_matches(const TextPattern& pattern, std::string_view text,
                            std::string_view to) {
  std::string result;
  std::size_t after = 0;
  pattern.for_each_match(text, [&](std::size_t begin, std::size_t end) {
    result += text.substr(after, begin - after);
    result += to;
    after = end;
  });
  return result += text.substr(after);
}

}  // namespace

NormalizerStep normal_form_step(NormalForm form) {
  return [form](std::string_view text) { return normal_form(form, text); };
}

NormalizerStep replace_step(std::string from, std::string to) {
  return [from = std::move(from), to = std::move(to)](std::string_view text) {
    return replaced_text(text, from, to);
  };
}

NormalizerStep replace_pattern_step(TextPattern pattern, std::string to) {
  return [pattern = std::make_shared<const TextPattern>(std::move(pattern)), to = std::move(to)](
             std::string_view text) { return without_matches(*pattern, text, to); };
}

NormalizerStep prepend_step(std::string prefix) {
  return [prefix = std::move(prefix)](std::string_view text) {
    return text.empty() ? std::string() : prefix + std::string(text);
  };
}

NormalizerStep lowercase_step() {
  return [](std::string_view text) {
    std::string lower;
    for_each_character(text, [&lower](std::string_view, char32_t point) {
      lower +=
          utf8_text(static_cast<char32_t>(utf8proc_tolower(static_cast<utf8proc_int32_t>(point))));
      if (point == kCapitalDottedI) lower.replace(lower.size() - 1, 1, "i\xCC\x87");
    });
    return lower;
  };
}

NormalizerStep strip_accents_step() {
  return [](std::string_view text) {
    std::string bare;
    for_each_character(text, [&bare](std::string_view character, char32_t point) {
      if (!is_mark(point)) bare += character;
    });
    return bare;
  };
}

NormalizerStep strip_step(bool left, bool right) {
  const std::string pattern = left && right ? R"(\A\s+|\s+\z)" : left ? R"(\A\s+)" : R"(\s+\z)";
  if (!left && !right) return replace_step("", "");
  return replace_pattern_step(TextPattern(pattern, "Strip"), "");
}

NormalizerStep single_spaces_step() {
  const auto ends = std::make_shared<const TextPattern>(R"(\A +| +\z)", "remove_extra_whitespaces");
  const auto runs = std::make_shared<const TextPattern>(" +", "remove_extra_whitespaces");
  return [ends, runs](std::string_view text) {
    return without_matches(*runs, without_matches(*ends, text, ""), " ");
  };
}

NormalizerStep printable_step() {
  return [](std::string_view text) { return printable_from_bytes(text); };
}

std::string run_steps(const std::vector<NormalizerStep>& steps, std::string_view text) {
  std::string result(text);
  for (const auto& step : steps) result = step(result);
  return result;
}

}  // namespace sketchscope::text
