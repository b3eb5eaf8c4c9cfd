#include "engine/text/text_pattern.hpp"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "engine/core/error.hpp"
#include "engine/text/tokenizer_parts.hpp"
#include "engine/text/unicode_stand_ins.hpp"
#include "engine/text/utf8.hpp"

namespace sketchscope::text {
namespace {

constexpr std::uint32_t kMatchLimit = 50'000'000;     // limit of the backtracks of one match
constexpr std::uint32_t kHeapLimitKibibytes = 65536;  // for a match without just-in-time code
constexpr std::size_t kStackStart = std::size_t{32} << 10;
constexpr std::size_t kStackLimit = std::size_t{16} << 20;

struct FreePcre2 {
  void operator()(pcre2_match_data* match) const { pcre2_match_data_free(match); }
  void operator()(pcre2_match_context* context) const { pcre2_match_context_free(context); }
  void operator()(pcre2_jit_stack* stack) const { pcre2_jit_stack_free(stack); }
};

template <typename Resource>
using Pcre2Pointer = std::unique_ptr<Resource, FreePcre2>;

std::string pcre2_message(int error) {
  std::array<PCRE2_UCHAR, 256> text{};
  pcre2_get_error_message(error, text.data(), text.size());
  return reinterpret_cast<const char*>(text.data());
}

/// The memory that the matches of one text share.
struct MatchWorkspace {
  explicit MatchWorkspace(const pcre2_code* code)
      : match(pcre2_match_data_create_from_pattern(code, nullptr)),
        context(pcre2_match_context_create(nullptr)) {
    pcre2_set_match_limit(context.get(), kMatchLimit);
    pcre2_set_heap_limit(context.get(), kHeapLimitKibibytes);
  }

  /// Gives the matches a larger stack than the 32 KiB that they have from the start.
  void grow_stack() {
    stack.reset(pcre2_jit_stack_create(kStackStart, kStackLimit, nullptr));
    pcre2_jit_stack_assign(context.get(), nullptr, stack.get());
  }

  Pcre2Pointer<pcre2_match_data> match;
  Pcre2Pointer<pcre2_match_context> context;
  Pcre2Pointer<pcre2_jit_stack> stack;
};

}  // namespace

struct TextPattern::Code {
  using CodePointer = std::unique_ptr<pcre2_code, decltype(&pcre2_code_free)>;

  /// Returns what pcre2_match() returns, after a second try if the stack was too small.
  int match(std::string_view text, std::size_t from, MatchWorkspace& space) const {
    const auto attempt = [&] {
      return pcre2_match(code.get(), reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(), from,
                         PCRE2_NO_UTF_CHECK, space.match.get(), space.context.get());
    };
    int found = attempt();
    if (found == PCRE2_ERROR_JIT_STACKLIMIT && !space.stack) {
      space.grow_stack();
      found = attempt();
    }
    return found;
  }

  CodePointer code;
  std::string origin;
};

TextPattern::TextPattern(const std::string& pattern, std::string origin) {
  int error = 0;
  PCRE2_SIZE offset = 0;
  Code::CodePointer code(
      pcre2_compile(reinterpret_cast<PCRE2_SPTR>(pattern.data()), pattern.size(),
                    PCRE2_UTF | PCRE2_UCP | PCRE2_MULTILINE | PCRE2_NEVER_BACKSLASH_C, &error,
                    &offset, nullptr),
      &pcre2_code_free);
  if (!code) {
    throw UnsupportedTokenizer("pattern", origin,
                               "'" + pattern.substr(0, 200) + "': " + pcre2_message(error) +
                                   " at byte " + std::to_string(offset),
                               "a regular expression that PCRE2 compiles");
  }
  // Without a just-in-time compiler (a system that forbids it) PCRE2 interprets the pattern.
  pcre2_jit_compile(code.get(), PCRE2_JIT_COMPLETE);
  code_ = std::make_unique<const Code>(Code{std::move(code), std::move(origin)});
}

TextPattern::TextPattern(TextPattern&&) noexcept = default;
TextPattern& TextPattern::operator=(TextPattern&&) noexcept = default;
TextPattern::~TextPattern() = default;

void TextPattern::for_each_match(std::string_view text,
                                 const std::function<void(std::size_t, std::size_t)>& use) const {
  const auto replaced = with_stand_ins(text);
  const std::string_view subject = replaced ? *replaced : text;
  MatchWorkspace space(code_->code.get());
  std::size_t last_end = std::string_view::npos;
  for (std::size_t from = 0; from <= subject.size();) {
    const int found = code_->match(subject, from, space);
    if (found == PCRE2_ERROR_NOMATCH) return;
    if (found < 0) {
      throw core::Error(
          {.what = "the pattern of " + code_->origin + " cannot be matched to this text",
           .found = pcre2_message(found),
           .expected = "at most " + std::to_string(kMatchLimit) + " steps a match",
           .remedy = "give token ids with --tokens"});
    }
    const PCRE2_SIZE* range = pcre2_get_ovector_pointer(space.match.get());
    const std::size_t begin = range[0];
    const std::size_t end = std::max(range[1], begin);
    if (begin == end && end == last_end) {
      from = end + std::max<std::size_t>(utf8_character_length(subject.substr(end)), 1);
      continue;
    }
    use(begin, end);
    last_end = from = end;
  }
}

}  // namespace sketchscope::text
