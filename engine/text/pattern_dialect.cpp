#include "engine/text/pattern_dialect.hpp"

#include <algorithm>
#include <cctype>
#include <utility>
#include <vector>

#include "engine/text/pattern_properties.hpp"
#include "engine/text/tokenizer_parts.hpp"

namespace sketchscope::text {
namespace {

bool is_hexadecimal(std::string_view text) {
  return std::ranges::all_of(
      text, [](char letter) { return std::isxdigit(static_cast<unsigned char>(letter)) != 0; });
}

/// Returns the length of the digits at the begin of a text.
std::size_t digits_length(std::string_view text) {
  const auto end =
      std::ranges::find_if_not(text, [](char letter) { return letter >= '0' && letter <= '9'; });
  return static_cast<std::size_t>(end - text.begin());
}

class DialectRewriter {
 public:
  DialectRewriter(std::string_view pattern, const std::string& origin)
      : pattern_(pattern), origin_(origin) {}

  std::string run() {
    while (at_ < pattern_.size()) {
      if (pattern_[at_] == '\\' && at_ + 1 < pattern_.size()) {
        take_escape();
      } else if (in_brackets_) {
        take_member();
      } else {
        take_part();
      }
    }
    return std::move(rewritten_);
  }

 private:
  [[nodiscard]] std::string_view rest() const { return pattern_.substr(at_); }

  [[noreturn]] void refuse(const std::string& found, const std::string& expected) const {
    throw UnsupportedTokenizer(
        "pattern", origin_, found + " in '" + std::string(pattern_.substr(0, 200)) + "'", expected);
  }

  /// Writes something that a quantifier may follow.
  void write_atom(std::string_view text) {
    if (!in_brackets_) atom_ = rewritten_.size();
    rewritten_ += text;
  }

  /// Writes a set of characters, or all others, given as members of a class.
  void write_members(const std::string& members, bool negated, const std::string& name) {
    const auto complement = complement_of(members);
    if (complement) return write_atom(negated ? *complement : members);
    if (!in_brackets_) return write_atom((negated ? "[^" : "[") + members + "]");
    if (negated) refuse(name + " in brackets", "a class without it");
    rewritten_ += members;
  }

  void take_escape() {
    const char letter = pattern_[at_ + 1];
    const std::string name = {'\\', letter};
    at_ += 2;
    switch (letter) {
      case 'w':
      case 'W':
        return write_members(oniguruma_word_characters(in_brackets_), letter == 'W', name);
      case 'h':
      case 'H':
        return write_members("0-9a-fA-F", letter == 'H', name);
      case 'b':
      case 'B':
        return in_brackets_ ? write_atom(name) : write_boundary(letter == 'b');
      case 'p':
      case 'P':
        return take_property(letter == 'P');
      case 'u':
        return take_code_point();
      case 'v':
        return write_atom("\\x{B}");
      case 'Q':  // quotes in PCRE2
      case 'E':
        return write_atom({&letter, 1});
      default:
        return write_atom(name + taken_operand(letter));
    }
  }

  /// Takes what belongs to an escape: digits, or a name in braces.
  std::string taken_operand(char letter) {
    const auto digits = [&](const char* known, std::size_t most) {
      return std::min(most, std::min(rest().find_first_not_of(known), rest().size()));
    };
    std::size_t length = 0;
    const bool named = letter == 'x' || letter == 'o' || letter == 'k' || letter == 'g';
    if (named && (rest().starts_with('{') || rest().starts_with('<'))) {
      length = std::min(rest().find(rest().front() == '{' ? '}' : '>'), rest().size() - 1) + 1;
    } else if (letter == 'x') {
      length = digits("0123456789abcdefABCDEF", 2);
      if (length == 0) refuse("\\x without digits", "digits after it");
    } else if (letter >= '0' && letter <= '9') {
      length = digits("0123456789", 2);
    } else if (letter == 'c') {
      length = std::min<std::size_t>(1, rest().size());
    }
    at_ += length;
    return std::string(pattern_.substr(at_ - length, length));
  }

  void write_boundary(bool between) {
    const std::string word = "[" + oniguruma_word_characters(false) + "]";
    const std::string before = "(?<=" + word + ")";
    const std::string after = "(?=" + word + ")";
    const std::string not_before = "(?<!" + word + ")";
    const std::string not_after = "(?!" + word + ")";
    write_atom(between ? "(?:" + before + not_after + "|" + not_before + after + ")"
                       : "(?:" + before + after + "|" + not_before + not_after + ")");
  }

  /// Rewrites what follows \p: a name in braces; without them it is the letter.
  void take_property(bool negated) {
    const std::size_t end = rest().find('}');
    if (!rest().starts_with('{') || end == std::string_view::npos) {
      return write_atom(negated ? "P" : "p");
    }
    std::string_view name = rest().substr(1, end - 1);
    at_ += end + 1;
    const std::string whole = "\\p{" + std::string(name) + "}";
    if (name.starts_with('^')) {
      negated = !negated;
      name.remove_prefix(1);
    }
    write_members(property_members(name, in_brackets_), negated, whole);
  }

  void take_code_point() {
    const std::string_view digits = rest().substr(0, 4);
    if (digits.size() < 4 || !is_hexadecimal(digits)) refuse("\\u", "four digits after it");
    at_ += 4;
    write_atom("\\x{" + std::string(digits) + "}");
  }

  /// Takes a character between brackets. Oniguruma nests classes, PCRE2 does not.
  void take_member() {
    if (rest().starts_with("[:") && take_posix_class()) return;
    if (pattern_[at_] == '[' || rest().starts_with("&&")) {
      refuse("a class inside a class", "plain classes");
    }
    if (pattern_[at_] == ']') in_brackets_ = false;
    rewritten_ += pattern_[at_++];
  }

  bool take_posix_class() {
    const std::size_t end = rest().find(":]");
    if (end == std::string_view::npos) return false;
    std::string_view name = rest().substr(2, end - 2);
    const bool negated = name.starts_with('^');
    if (negated) name.remove_prefix(1);
    const auto members = posix_class_members(name);
    if (!members) return false;
    at_ += end + 2;
    write_members(*members, negated, "[:^" + std::string(name) + ":]");
    return true;
  }

  /// Takes a character that stands in no brackets.
  void take_part() {
    const char letter = pattern_[at_];
    if (letter == '{' && take_interval()) return;
    if (letter == '(') return take_group();
    if (letter == '[') return begin_class();
    ++at_;
    if (letter == '*' || letter == '+' || letter == '?') {
      rewritten_ += letter;
    } else if (letter == ')') {
      rewritten_ += letter;
      if (groups_.empty()) return;
      atom_ = groups_.back();
      groups_.pop_back();
    } else {
      const bool continues = (static_cast<unsigned char>(letter) & 0xC0) == 0x80;  // of UTF-8
      if (continues) {
        rewritten_ += letter;
      } else {
        write_atom({&letter, 1});
      }
    }
  }

  void begin_class() {
    write_atom("[");
    in_brackets_ = true;
    ++at_;
    if (rest().starts_with('^')) {
      rewritten_ += '^';
      ++at_;
    }
    if (rest().starts_with(']')) {  // a bracket that comes first is a member
      rewritten_ += "\\]";
      ++at_;
    }
  }

  /// Takes the begin of a group. Its option m, that . is any character, is s in PCRE2.
  void take_group() {
    groups_.push_back(rewritten_.size());
    rewritten_ += '(';
    ++at_;
    if (!rest().starts_with('?')) return;
    const std::size_t end = rest().find_first_not_of("imx-", 1);
    if (end == std::string_view::npos || (rest()[end] != ':' && rest()[end] != ')')) return;
    std::string options(rest().substr(0, end));
    std::ranges::replace(options, 'm', 's');
    rewritten_ += options;
    at_ += end;
  }

  /// Takes a quantifier {n}, {n,}, {n,m} or {,m}. In Oniguruma a + behind it, and a ? behind {n},
  /// are another quantifier of the whole; in PCRE2 they would change this one.
  bool take_interval() {
    const std::size_t least = digits_length(rest().substr(1));
    std::size_t end = 1 + least;
    const bool ranges = rest().substr(end).starts_with(',');
    const std::size_t most = ranges ? digits_length(rest().substr(end + 1)) : 0;
    end += ranges ? 1 + most : 0;
    if (least + most == 0 || !rest().substr(end).starts_with('}')) return false;
    std::string interval(rest().substr(0, end + 1));
    if (least == 0) interval.insert(1, "0");
    at_ += end + 1;
    const bool quantified = rest().starts_with('+') || (!ranges && rest().starts_with('?'));
    if (quantified) rewritten_.insert(std::min(atom_, rewritten_.size()), "(?:");
    rewritten_ += interval;
    if (quantified) rewritten_ += ')';
    return true;
  }

  std::string_view pattern_;
  std::string origin_;
  std::string rewritten_;
  std::size_t at_ = 0;
  std::size_t atom_ = 0;             // where the last part that a quantifier may follow begins
  std::vector<std::size_t> groups_;  // where the open groups begin
  bool in_brackets_ = false;
};

}  // namespace

std::string word_characters() {
  return oniguruma_word_characters(true) + R"(\x{200C}\x{200D})";  // the join controls
}

std::string pcre2_from_oniguruma(std::string_view pattern, const std::string& origin) {
  return DialectRewriter(pattern, origin).run();
}

std::string literal_pattern(std::string_view text) {
  std::string pattern;
  for (const char letter : text) {
    const bool special =
        std::string_view("\\^$.[]|()?*+{}#-").find(letter) != std::string_view::npos;
    if (special) pattern += '\\';
    pattern += letter;
  }
  return pattern;
}

}  // namespace sketchscope::text
