#include "gui/driver/expression.hpp"

#include <cctype>
#include <limits>
#include <vector>

#include "engine/core/error.hpp"
#include "engine/core/text.hpp"
#include "gui/driver/values.hpp"

namespace sketchscope::driver {
namespace {

constexpr int kDeepest = 32;  // of nested parentheses

/// Splits a text into signs and operands. A path may contain parentheses: "mean(last.logit_kl)".
std::vector<std::string> tokens_of(std::string_view text) {
  std::vector<std::string> tokens;
  std::string operand;
  int inside = 0;  // parentheses of the operand
  const auto end_operand = [&] {
    if (!operand.empty()) tokens.push_back(std::move(operand));
    operand.clear();
  };
  for (const char letter : text) {
    if (inside > 0 || (letter == '(' && !operand.empty())) {
      inside += letter == '(' ? 1 : letter == ')' ? -1 : 0;
      operand += letter;
    } else if (std::isspace(static_cast<unsigned char>(letter)) != 0) {
      end_operand();
    } else if (letter == '(' || letter == ')' ||
               // Within a word these signs belong to a name, such as "next-token".
               (operand.empty() && std::string_view("+-*/").find(letter) != std::string::npos)) {
      end_operand();
      tokens.emplace_back(1, letter);
    } else {
      operand += letter;
    }
  }
  end_operand();
  return tokens;
}

class Expression {
 public:
  Expression(std::string_view text, const FindValue& find)
      : text_(text), tokens_(tokens_of(text)), find_(find) {}

  std::optional<double> value() {
    if (tokens_.size() < 3) return std::nullopt;
    const double result = sum(0);
    if (at_ != tokens_.size()) throw mistake();
    return absent_ ? std::nullopt : std::optional(result);
  }

 private:
  [[nodiscard]] bool take(std::string_view sign) {
    if (at_ >= tokens_.size() || tokens_[at_] != sign) return false;
    ++at_;
    return true;
  }

  double sum(int depth) {
    double result = product(depth);
    while (true) {
      if (take("+")) {
        result += product(depth);
      } else if (take("-")) {
        result -= product(depth);
      } else {
        return result;
      }
    }
  }

  double product(int depth) {
    double result = operand(depth);
    while (true) {
      if (take("*")) {
        result *= operand(depth);
      } else if (take("/")) {
        result /= operand(depth);
      } else {
        return result;
      }
    }
  }

  double operand(int depth) {
    if (depth > kDeepest || at_ >= tokens_.size()) throw mistake();
    if (take("-")) return -operand(depth + 1);
    if (take("(")) {
      const double inside = sum(depth + 1);
      if (!take(")")) throw mistake();
      return inside;
    }
    const std::string& word = tokens_[at_++];
    if (const auto number = core::parse_number<double>(word)) return *number;
    const auto found = find_(word);
    if (found == kAbsentValue) {
      absent_ = true;
      return std::numeric_limits<double>::quiet_NaN();
    }
    const auto number = found ? core::parse_number<double>(*found) : std::nullopt;
    if (!number) {
      throw core::UsageError({.what = "operand of '" + std::string(text_) + "'",
                              .found = "'" + word + "'" + (found ? ", which is " + *found : ""),
                              .expected = "a number, or the path of one"});
    }
    return *number;
  }

  [[nodiscard]] core::UsageError mistake() const {
    return core::UsageError(
        {.what = "expression",
         .found = "'" + std::string(text_) + "'",
         .expected = "numbers and paths with + - * / between them, as in 1.2 * other.perplexity"});
  }

  std::string_view text_;
  std::vector<std::string> tokens_;
  const FindValue& find_;
  std::size_t at_ = 0;
  bool absent_ = false;
};

}  // namespace

std::optional<double> expression_value(std::string_view text, const FindValue& find) {
  return Expression(text, find).value();
}

}  // namespace sketchscope::driver
