#include "engine/formula/parser.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <system_error>
#include <vector>

#include "engine/core/text.hpp"

namespace sketchscope::formula {
namespace {

struct BinaryOperator {
  std::string_view text;
  Op op;
  int precedence;
};

constexpr int kSignPrecedence = 4;
constexpr int kPowerPrecedence = 5;

// An operator that begins like another stands before it, so that the longer one is found.
constexpr std::array kOperators = {
    BinaryOperator{"<=", Op::less_equal, 1},
    BinaryOperator{">=", Op::greater_equal, 1},
    BinaryOperator{"==", Op::equal, 1},
    BinaryOperator{"!=", Op::not_equal, 1},
    BinaryOperator{"<", Op::less, 1},
    BinaryOperator{">", Op::greater, 1},
    BinaryOperator{"+", Op::add, 2},
    BinaryOperator{"-", Op::subtract, 2},
    BinaryOperator{"*", Op::multiply, 3},
    BinaryOperator{"/", Op::divide, 3},
    BinaryOperator{"^", Op::power, kPowerPrecedence},
};

bool is_digit(char letter) {
  return letter >= '0' && letter <= '9';
}

bool is_letter(char letter) {
  return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || letter == '_';
}

/// A recursive descent that emits the program while it reads. Every function reads one construct
/// and throws a Mistake where the text does not go on with it.
class Parser {
 public:
  Parser(std::string_view text, std::span<const std::string_view> names)
      : text_(text), names_(names) {}

  Program run() {
    if (text_.size() > kLongestText) {
      throw Mistake{.column = static_cast<int>(kLongestText) + 1,
                    .found = std::to_string(text_.size()) + " bytes",
                    .expected = "a formula of at most " + std::to_string(kLongestText)};
    }
    read_operators(1);
    skip_blanks();
    if (at_ < text_.size()) fail(at_, "an operator or the end");
    return std::move(program_);
  }

 private:
  // Reads operands and the operators between them that bind at least as tightly as `weakest`.
  void read_operators(int weakest) {
    read_operand();
    while (const BinaryOperator* found = next_operator()) {
      if (found->precedence < weakest) return;
      const std::size_t start = at_;
      at_ += found->text.size();
      const bool from_right = found->op == Op::power;
      read_operators(from_right ? found->precedence : found->precedence + 1);
      emit({.op = found->op}, start);
    }
  }

  void read_operand() {
    skip_blanks();
    const std::size_t start = at_;
    if (take('-')) {
      nest(start);
      read_operators(kSignPrecedence + 1);
      --nesting_;
      emit({.op = Op::negate}, start);
    } else if (take('(')) {
      nest(start);
      read_operators(1);
      expect(')');
      --nesting_;
    } else if (at_ < text_.size() && is_letter(text_[at_])) {
      read_word();
    } else if (at_ < text_.size() && (is_digit(text_[at_]) || text_[at_] == '.')) {
      const float number = read_number();
      emit({.op = Op::number, .number = number}, start);
    } else {
      fail(start, "a number, a name, a function or '('");
    }
  }

  void read_word() {
    const std::size_t start = at_;
    while (at_ < text_.size() && (is_letter(text_[at_]) || is_digit(text_[at_]))) ++at_;
    const std::string_view word = text_.substr(start, at_ - start);
    const auto function = std::ranges::find(functions(), word, &Function::name);
    if (function != functions().end()) return read_call(*function, start);
    const auto name = std::ranges::find(names_, word);
    if (name == names_.end()) fail_word(word, start);
    emit({.op = Op::name, .index = use(static_cast<std::size_t>(name - names_.begin()))}, start);
  }

  void read_call(const Function& function, std::size_t start) {
    expect('(');
    nest(start);
    const int values = function.op == Op::pool ? 1 : function.arguments;
    for (int argument = 0; argument < values; ++argument) {
      if (argument > 0) expect_argument(function);
      read_operators(1);
    }
    int width = 0;
    if (function.op == Op::pool) {
      expect_argument(function);
      width = read_pool_width();
    }
    skip_blanks();
    if (at_ < text_.size() && text_[at_] == ',') fail(at_, arguments_text(function));
    expect(')');
    --nesting_;
    emit({.op = function.op, .index = width}, start);
  }

  void expect_argument(const Function& function) {
    skip_blanks();
    if (at_ < text_.size() && text_[at_] == ')') fail(at_, arguments_text(function));
    expect(',');
  }

  int read_pool_width() {
    skip_blanks();
    const std::size_t start = at_;
    while (at_ < text_.size() && (is_digit(text_[at_]) || text_[at_] == '.')) ++at_;
    const auto width = core::parse_number<int>(text_.substr(start, at_ - start));
    if (width && *width >= 1 && *width <= kWidestPool && *width % 2 == 1) return *width;
    throw Mistake{.column = column(start),
                  .found = found_at(start),
                  .expected = "an odd number from 1 to " + std::to_string(kWidestPool) +
                              " as the width of pool"};
  }

  float read_number() {
    const char* const first = text_.data() + at_;
    float number = 0;
    const auto [end, error] = std::from_chars(first, text_.data() + text_.size(), number);
    if (error != std::errc{} || !std::isfinite(number)) {
      fail(at_, "a number that 32 bits of floating point hold");
    }
    at_ += static_cast<std::size_t>(end - first);
    return number;
  }

  const BinaryOperator* next_operator() {
    skip_blanks();
    const std::string_view rest = text_.substr(at_);
    const auto found = std::ranges::find_if(
        kOperators, [&](const BinaryOperator& known) { return rest.starts_with(known.text); });
    return found == kOperators.end() ? nullptr : &*found;
  }

  // Returns the index of a name among those that the program uses.
  int use(std::size_t name) {
    const auto found = std::ranges::find(program_.names, name);
    const auto index = found - program_.names.begin();
    if (found == program_.names.end()) program_.names.push_back(name);
    return static_cast<int>(index);
  }

  void emit(const Operation& operation, std::size_t start) {
    if (program_.operations.size() == kMostOperations) {
      throw Mistake{.column = column(start),
                    .found = "one operation more",
                    .expected = "at most " + std::to_string(kMostOperations)};
    }
    program_.operations.push_back(operation);
    values_ += 1 - arguments_of(operation.op);
    program_.depth = std::max(program_.depth, values_);
    if (values_ > kDeepest) fail_depth(start);
  }

  void nest(std::size_t start) {
    if (++nesting_ > kDeepest) fail_depth(start);
  }

  void skip_blanks() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
  }

  bool take(char letter) {
    if (at_ == text_.size() || text_[at_] != letter) return false;
    ++at_;
    return true;
  }

  void expect(char letter) {
    skip_blanks();
    if (!take(letter)) fail(at_, std::string("'") + letter + "'");
  }

  static int column(std::size_t start) { return static_cast<int>(start) + 1; }

  // Returns the word or the character that stands at a place, in quotation marks.
  [[nodiscard]] std::string found_at(std::size_t start) const {
    if (start >= text_.size()) return "the end";
    std::size_t end = start;
    while (end < text_.size() && (is_letter(text_[end]) || is_digit(text_[end]))) ++end;
    if (end == start) ++end;
    // All bytes of one character beyond ASCII belong together.
    while (end < text_.size() && (static_cast<unsigned char>(text_[end]) & 0xC0U) == 0x80U) ++end;
    return "'" + std::string(text_.substr(start, end - start)) + "'";
  }

  [[noreturn]] void fail(std::size_t start, const std::string& expected) const {
    throw Mistake{.column = column(start), .found = found_at(start), .expected = expected};
  }

  [[noreturn]] static void fail_depth(std::size_t start) {
    throw Mistake{.column = column(start),
                  .found = "a formula that nests more deeply",
                  .expected = "at most " + std::to_string(kDeepest) + " values held at once"};
  }

  [[noreturn]] void fail_word(std::string_view word, std::size_t start) const {
    std::vector<std::string_view> known(names_.begin(), names_.end());
    for (const Function& function : functions()) known.push_back(function.name);
    fail(start, "a known name, nearest: " + core::join(core::nearest(word, known)));
  }

  static std::string arguments_text(const Function& function) {
    return std::to_string(function.arguments) + (function.arguments == 1 ? " value" : " values") +
           " for " + std::string(function.name);
  }

  std::string_view text_;
  std::span<const std::string_view> names_;
  std::size_t at_ = 0;
  int nesting_ = 0;
  int values_ = 0;  // on the stack after the operations so far
  Program program_;
};

}  // namespace

std::variant<Program, Mistake> parse(std::string_view text,
                                     std::span<const std::string_view> names) {
  try {
    return Parser(text, names).run();
  } catch (const Mistake& mistake) {
    return mistake;
  }
}

}  // namespace sketchscope::formula
