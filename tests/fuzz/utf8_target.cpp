#include "engine/text/utf8.hpp"

#include "engine/text/unicode_stand_ins.hpp"
#include "tests/fuzz/check.hpp"
#include "tests/fuzz/targets.hpp"

namespace sketchscope::fuzz {
namespace {

bool run_utf8(std::string_view input) {
  const std::string text = text::utf8_replacing_invalid(input);
  require(text::utf8_run_length(text, true) == text.size(), "bytes that are no UTF-8 stay");
  require(text::utf8_replacing_invalid(text) == text, "a text in UTF-8 changes");
  require(text::utf8_unfinished_length(input) <= std::min<std::size_t>(input.size(), 3),
          "a beginning of a character that is longer than one");
  for (std::string_view rest = text; !rest.empty();) {
    const std::size_t length = text::utf8_character_length(rest);
    require(text::utf8_text(text::utf8_code_point(rest)) == rest.substr(0, length),
            "a character does not come back");
    rest.remove_prefix(length);
  }
  const auto stand_ins = text::with_stand_ins(text);
  require(!stand_ins || stand_ins->size() == text.size(), "stand-ins move what follows them");
  return true;
}

std::vector<std::string> utf8_seeds() {
  return {"a\xC3\xA9\xE2\x96\x81\xF0\x9F\x9A\xAA", "\xED\xA0\x80\xF4\x90\x80\x80\xC0\xAF\xE2\x96"};
}

}  // namespace

Target utf8_target() {
  return {"utf8", "bytes that may be UTF-8", run_utf8, utf8_seeds};
}

}  // namespace sketchscope::fuzz
