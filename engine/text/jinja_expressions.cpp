#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "engine/text/jinja_syntax.hpp"

namespace sketchscope::text {
namespace {

constexpr int kDeepestExpression = 100;

class ExpressionParser {
 public:
  using Expression = JinjaExpression;
  using Kind = JinjaExpression::Kind;
  using Token = JinjaToken::Kind;

  explicit ExpressionParser(JinjaCursor& cursor) : cursor_(cursor) {}

  Expression alternatives() {
    Expression value = either();
    while (word("if")) {
      Expression condition = either();
      Expression otherwise = {.value = undefined_value()};
      if (word("else")) otherwise = nested([&] { return alternatives(); });
      value = made(Kind::alternatives, {}, std::move(value), std::move(condition),
                   std::move(otherwise));
    }
    return value;
  }

  Expression either() {
    Expression left = both();
    while (word("or")) left = made(Kind::either, {}, std::move(left), both());
    return left;
  }

 private:
  bool word(std::string_view name) { return cursor_.skip(Token::name, name); }
  bool sign(std::string_view text) { return cursor_.skip(Token::sign, text); }

  /// Returns an expression of these parts. A chain, as a + b + c, is nested as well.
  template <typename... Parts>
  Expression made(Kind kind, std::string name, Parts&&... parts) {
    Expression whole{.kind = kind, .word = std::move(name)};
    (add_part(whole, std::forward<Parts>(parts)), ...);
    return whole;
  }

  void add_part(Expression& whole, Expression part) {
    whole.depth = std::max(whole.depth, part.depth + 1);
    whole.parts.push_back(std::move(part));
    if (whole.depth > kDeepestExpression) refuse_depth();
  }

  [[noreturn]] void refuse_depth() const {
    cursor_.refuse("expressions nested at most " + std::to_string(kDeepestExpression) + " deep");
  }

  template <typename Parse>
  Expression nested(const Parse& parse) {
    if (++open_ > kDeepestExpression) refuse_depth();
    Expression inner = parse();
    --open_;
    return inner;
  }

  Expression both() {
    Expression left = inverse();
    while (word("and")) left = made(Kind::both, {}, std::move(left), inverse());
    return left;
  }

  Expression inverse() {
    if (!word("not")) return comparison();
    return made(Kind::inverse, {}, nested([&] { return inverse(); }));
  }

  Expression comparison() {
    Expression left = sum();
    const std::string compared = comparison_sign();
    if (compared.empty()) return left;
    left = made(Kind::comparison, compared, std::move(left), sum());
    if (!comparison_sign().empty()) cursor_.refuse("one comparison, without a chain");
    return left;
  }

  /// Takes the sign of a comparison; empty if there is none.
  std::string comparison_sign() {
    for (const char* known : {"==", "!=", "<=", ">=", "<", ">"}) {
      if (sign(known)) return known;
    }
    if (word("in")) return "in";
    const JinjaToken& next = cursor_.peek(1);
    if (!cursor_.is(Token::name, "not") || next.kind != Token::name || next.text != "in") return {};
    (void)word("not");
    (void)word("in");
    return "not in";
  }

  /// Reads operands between signs of one rank, from left to right.
  template <typename Operand>
  Expression chain(const std::vector<const char*>& signs, const Operand& operand) {
    Expression left = operand();
    while (true) {
      const auto found = std::ranges::find_if(
          signs, [&](const char* known) { return cursor_.is(Token::sign, known); });
      if (found == signs.end()) return left;
      (void)sign(*found);
      left = made(Kind::arithmetic, *found, std::move(left), operand());
    }
  }

  Expression sum() {
    return chain({"+", "-"}, [&] { return joined(); });
  }

  Expression joined() {
    return chain({"~"}, [&] { return product(); });
  }

  Expression product() {
    return chain({"*", "//", "/", "%"}, [&] { return operand(true); });
  }

  Expression operand(bool filtered) {
    Expression value;
    if (sign("-")) {
      value = made(Kind::negative, {}, nested([&] { return operand(false); }));
    } else {
      value = primary();
    }
    value = with_suffixes(std::move(value));
    if (!filtered) return value;
    while (true) {
      if (sign("|")) {
        Expression filter = made(Kind::filter, cursor_.take(Token::name).text, std::move(value));
        if (sign("(")) take_arguments(filter);
        value = std::move(filter);
      } else if (word("is")) {
        value = test(std::move(value));
      } else if (cursor_.is(Token::sign, "(")) {
        value = with_suffixes(std::move(value));
      } else {
        return value;
      }
    }
  }

  Expression primary() {
    const JinjaToken& next = cursor_.peek();
    if (next.kind == Token::name) return named(cursor_.take(Token::name).text);
    if (next.kind == Token::number) {
      return {.value = std::stoi(cursor_.take(Token::number).text)};
    }
    if (next.kind == Token::text) {
      std::string text;
      while (cursor_.is(Token::text)) text += cursor_.take(Token::text).text;
      return {.value = std::move(text)};
    }
    if (sign("(")) {
      Expression inner = nested([&] { return alternatives(); });
      if (sign(")")) return inner;
      (void)cursor_.take(Token::sign, ",");
      Expression tuple = listed(Kind::list, ")");
      tuple.parts.insert(tuple.parts.begin(), inner);
      tuple.depth = std::max(tuple.depth, inner.depth + 1);
      return tuple;
    }
    if (sign("[")) return listed(Kind::list, "]");
    if (sign("{")) return listed(Kind::dictionary, "}");
    cursor_.refuse("a value");
  }

  static Expression named(const std::string& name) {
    if (name == "true" || name == "True") return {.value = true};
    if (name == "false" || name == "False") return {.value = false};
    if (name == "none" || name == "None") return {.value = nullptr};
    return {.kind = Kind::name, .word = name};
  }

  Expression listed(Kind kind, std::string_view end) {
    Expression list{.kind = kind};
    while (!sign(end)) {
      add_part(list, nested([&] { return alternatives(); }));
      if (kind == Kind::dictionary) {
        (void)cursor_.take(Token::sign, ":");
        add_part(list, nested([&] { return alternatives(); }));
      }
      if (!sign(",") && !cursor_.is(Token::sign, end)) cursor_.refuse("',' between values");
    }
    return list;
  }

  /// Reads what follows a value: attributes, items in brackets, and calls.
  Expression with_suffixes(Expression value) {
    while (true) {
      if (sign(".")) {
        value = made(Kind::attribute, cursor_.take(Token::name).text, std::move(value));
      } else if (sign("[")) {
        value = item(std::move(value));
      } else if (sign("(")) {
        Expression call = made(Kind::call, {}, std::move(value));
        take_arguments(call);
        value = std::move(call);
      } else {
        return value;
      }
    }
  }

  Expression item(Expression of) {
    const auto bound = [&] {
      const bool absent = cursor_.is(Token::sign, ":") || cursor_.is(Token::sign, "]");
      return absent ? Expression{.value = undefined_value()}
                    : nested([&] { return alternatives(); });
    };
    if (cursor_.is(Token::sign, "]")) cursor_.refuse("an item's place");
    Expression begin = bound();
    if (sign("]")) return made(Kind::item, {}, std::move(of), std::move(begin));
    (void)cursor_.take(Token::sign, ":");
    Expression end = bound();
    Expression step{.value = 1};
    if (sign(":")) step = bound();
    (void)cursor_.take(Token::sign, "]");
    return made(Kind::slice, {}, std::move(of), std::move(begin), std::move(end), std::move(step));
  }

  void take_arguments(Expression& call) {
    while (!sign(")")) {
      const JinjaToken& after = cursor_.peek(1);
      if (cursor_.is(Token::name) && after.kind == Token::sign && after.text == "=") {
        call.argument_names.push_back(cursor_.take(Token::name).text);
        (void)cursor_.take(Token::sign, "=");
      } else if (!call.argument_names.empty()) {
        cursor_.refuse("named arguments after the first of them");
      }
      add_part(call, nested([&] { return alternatives(); }));
      if (!sign(",") && !cursor_.is(Token::sign, ")")) cursor_.refuse("',' between arguments");
    }
  }

  Expression test(Expression of) {
    const bool inverted = word("not");
    Expression test = made(Kind::test, cursor_.take(Token::name).text, std::move(of));
    if (sign("(")) {
      take_arguments(test);
    } else if (begins_argument()) {
      add_part(test, with_suffixes(primary()));
    }
    return inverted ? made(Kind::inverse, {}, std::move(test)) : test;
  }

  /// Returns whether a test's argument follows without brackets, as in "a is divisibleby 3".
  [[nodiscard]] bool begins_argument() const {
    const JinjaToken& next = cursor_.peek();
    if (next.kind == Token::name) {
      if (next.text == "is") cursor_.refuse("one test of a value");
      return next.text != "else" && next.text != "or" && next.text != "and";
    }
    return next.kind == Token::text || next.kind == Token::number ||
           (next.kind == Token::sign && (next.text == "[" || next.text == "{"));
  }

  JinjaCursor& cursor_;
  int open_ = 0;
};

}  // namespace

JinjaExpression parse_jinja_expression(JinjaCursor& cursor, bool alternatives) {
  ExpressionParser parser(cursor);
  return alternatives ? parser.alternatives() : parser.either();
}

}  // namespace sketchscope::text
