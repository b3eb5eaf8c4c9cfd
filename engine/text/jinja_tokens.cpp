#include "engine/text/jinja_tokens.hpp"

#include <algorithm>
#include <cctype>
#include <utility>

#include "engine/core/text.hpp"
#include "engine/text/jinja_text.hpp"
#include "engine/text/jinja_value.hpp"
#include "engine/text/text_replace.hpp"
#include "engine/text/utf8.hpp"

namespace sketchscope::text {
namespace {

constexpr std::size_t kLargestTemplate = std::size_t{256} << 10;
constexpr std::string_view kJinjaSigns[] = {"==", "!=", "<=", ">=", "//", "**", "+", "-", "*",
                                            "/",  "%",  "~",  "<",  ">",  "=",  "(", ")", "[",
                                            "]",  "{",  "}",  ".",  ":",  ",",  "|"};

bool is_name_character(char letter) {
  return std::isalnum(static_cast<unsigned char>(letter)) != 0 || letter == '_';
}

bool is_digit(char letter) {
  return letter >= '0' && letter <= '9';
}

class Splitter {
 public:
  using Kind = JinjaToken::Kind;

  explicit Splitter(std::string_view source) : source_(source) {}

  std::vector<JinjaToken> run() {
    while (at_ < source_.size()) take_plain_text();
    return std::move(tokens_);
  }

 private:
  [[nodiscard]] char letter(std::size_t at) const { return at < source_.size() ? source_[at] : 0; }
  [[nodiscard]] bool begins_with(std::string_view mark) const {
    return source_.substr(at_).starts_with(mark);
  }

  void add(Kind kind, std::string text) {
    line_ +=
        static_cast<int>(std::ranges::count(source_.substr(counted_, begin_ - counted_), '\n'));
    counted_ = begin_;
    tokens_.push_back({kind, std::move(text), line_});
  }

  /// Takes the text before the next mark, and what that mark begins.
  void take_plain_text() {
    std::size_t mark = at_;
    while (mark < source_.size() &&
           !(source_[mark] == '{' && std::string_view("{%#").find(letter(mark + 1)) < 3)) {
      ++mark;
    }
    std::string_view plain = source_.substr(at_, mark - at_);
    const bool ends = mark == source_.size();
    const char sign = letter(mark + 2);
    if (!ends && sign == '-') plain = without_white_ends(plain, TextEnds::right);
    if (!ends && sign != '-' && sign != '+' && letter(mark + 1) != '{') {
      plain = without_indentation(plain);
    }
    if (!plain.empty()) add(Kind::plain, std::string(plain));
    if (ends) {
      at_ = mark;
      return;
    }
    const char kind = source_[mark + 1];
    at_ = mark + (sign == '-' || sign == '+' ? 3 : 2);
    begin_ = at_;
    if (kind == '#') {
      take_comment();
    } else {
      take_expression(kind == '%');
    }
  }

  /// Returns a text without the blanks that stand alone between a line's begin and a tag.
  [[nodiscard]] std::string_view without_indentation(std::string_view plain) const {
    const std::size_t newline = plain.rfind('\n');
    if (newline == std::string_view::npos && !at_line_begin_) return plain;
    const std::size_t begin = newline == std::string_view::npos ? 0 : newline + 1;
    return without_white_ends(plain.substr(begin)).empty() ? plain.substr(0, begin) : plain;
  }

  void take_comment() {
    const std::size_t end = source_.find("#}", at_);
    if (end == std::string_view::npos) refuse_template("a comment without end", "'#}' after '{#'");
    const char sign = end > at_ ? source_[end - 1] : '#';
    at_ = end + 2;
    drop_after_mark(sign, true);
  }

  /// Drops what a mark takes away behind it: all blanks after a '-', else a newline after a tag.
  void drop_after_mark(char sign, bool tag) {
    if (sign == '-') {
      while (const std::size_t length = white_length(source_.substr(at_))) at_ += length;
    } else if (tag && sign != '+' && letter(at_) == '\n') {
      ++at_;
    }
    at_line_begin_ = source_[at_ - 1] == '\n';
  }

  void take_expression(bool tag) {
    add(tag ? Kind::tag_begin : Kind::output_begin, {});
    const std::string_view end = tag ? "%}" : "}}";
    int open = 0;  // brackets
    while (true) {
      while (const std::size_t length = white_length(source_.substr(at_))) at_ += length;
      begin_ = at_;
      if (at_ >= source_.size()) refuse_template("a tag without end", "'" + std::string(end) + "'");
      const bool signed_end = (letter(at_) == '-' || (tag && letter(at_) == '+')) &&
                              source_.substr(at_ + 1).starts_with(end);
      if (open == 0 && (signed_end || begins_with(end))) {
        const char sign = signed_end ? source_[at_] : ' ';
        at_ += end.size() + (signed_end ? 1 : 0);
        add(tag ? Kind::tag_end : Kind::output_end, {});
        drop_after_mark(sign, tag);
        return;
      }
      take_word(open);
    }
  }

  void take_word(int& open) {
    const char first = letter(at_);
    if (first == '\'' || first == '"') return add(Kind::text, quoted_text());
    if (is_name_character(first)) {
      const std::size_t begin = at_;
      while (is_name_character(letter(at_))) ++at_;
      const std::string word(source_.substr(begin, at_ - begin));
      if (!is_digit(first)) return add(Kind::name, word);
      const bool whole = std::ranges::all_of(word, is_digit) && word.size() <= 9 &&
                         !(letter(at_) == '.' && is_digit(letter(at_ + 1)));
      if (!whole) refuse_template("the number '" + word + "…'", "whole numbers");
      return add(Kind::number, word);
    }
    const auto* const sign = std::ranges::find_if(
        kJinjaSigns, [&](std::string_view known) { return begins_with(known); });
    if (sign == std::end(kJinjaSigns)) {
      refuse_template("the sign '" + utf8_replacing_invalid(source_.substr(at_, 4)) + "'",
                      "signs of Jinja");
    }
    at_ += sign->size();
    if (*sign == "(" || *sign == "[" || *sign == "{") ++open;
    if (*sign == ")" || *sign == "]" || *sign == "}") --open;
    if (open < 0) refuse_template("a bracket that closes none", "brackets in pairs");
    add(Kind::sign, std::string(*sign));
  }

  std::string quoted_text() {
    const char quote = source_[at_++];
    std::string text;
    while (letter(at_) != quote || at_ >= source_.size()) {
      if (at_ >= source_.size()) refuse_template("a quote without end", "quotes in pairs");
      if (source_[at_] == '\\') {
        text += escaped();
      } else {
        text += source_[at_++];
      }
    }
    ++at_;
    return text;
  }

  /// Returns what an escape in quotes stands for. Those that Python does not know stay as they are.
  std::string escaped() {
    constexpr std::string_view kLetters = "ntr\\'\"abfv";
    constexpr std::string_view kMeanings = "\n\t\r\\'\"\a\b\f\v";
    const char kind = letter(at_ + 1);
    at_ += 2;
    if (const auto which = kLetters.find(kind); which != std::string_view::npos) {
      return {kMeanings[which]};
    }
    if (kind == '\n') return {};
    if (is_digit(kind) || kind == 'N' || kind == 'U') {
      refuse_template(std::string("the escape '\\") + kind + "'", R"(\n, \t, \xHH, \uHHHH)");
    }
    if (kind != 'x' && kind != 'u') return {'\\', kind};
    const std::size_t count = kind == 'x' ? 2 : 4;
    const std::string_view digits = source_.substr(std::min(at_, source_.size()), count);
    const bool whole = digits.size() == count && std::ranges::all_of(digits, [](char digit) {
                         return std::isxdigit(static_cast<unsigned char>(digit)) != 0;
                       });
    const unsigned long point = whole ? std::stoul(std::string(digits), nullptr, 16) : 0xD800;
    if (point >= 0xD800 && point < 0xE000) {
      refuse_template(std::string("the escape '\\") + kind + "'", "a character after it");
    }
    at_ += digits.size();
    return utf8_text(static_cast<char32_t>(point));
  }

  std::string_view source_;
  std::size_t at_ = 0;
  std::size_t begin_ = 0;    // of the present token
  std::size_t counted_ = 0;  // where the lines before are counted
  int line_ = 1;
  bool at_line_begin_ = true;
  std::vector<JinjaToken> tokens_;
};

}  // namespace

std::vector<JinjaToken> split_jinja(std::string_view source) {
  if (source.size() > kLargestTemplate) {
    refuse_template(std::to_string(source.size()) + " bytes",
                    "at most " + std::to_string(kLargestTemplate));
  }
  std::string lines = replaced_text(source, "\r\n", "\n");
  std::ranges::replace(lines, '\r', '\n');
  if (lines.ends_with('\n')) lines.pop_back();
  return Splitter(lines).run();
}

}  // namespace sketchscope::text
