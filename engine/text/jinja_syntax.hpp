#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/text/jinja_tokens.hpp"
#include "engine/text/jinja_value.hpp"

namespace sketchscope::text {

/// An expression of a template.
struct JinjaExpression {
  enum class Kind {
    constant,
    name,
    list,
    dictionary,   ///< keys and values in turn
    attribute,    ///< parts: of what
    item,         ///< parts: of what, which
    slice,        ///< parts: of what, begin, end, step; an absent one is undefined
    call,         ///< parts: what is called, arguments
    filter,       ///< parts: of what, arguments
    test,         ///< parts: of what, arguments
    inverse,      ///< not
    negative,     ///< a number below 0
    both,         ///< and
    either,       ///< or
    arithmetic,   ///< + - ~ and others
    comparison,   ///< parts: left, right
    alternatives  ///< parts: value if true, condition, value if false
  };

  Kind kind = Kind::constant;
  std::string word = {};  ///< name of the variable, attribute, filter or test; the operator's sign
  JinjaValue value = {};  ///< of a constant
  std::vector<JinjaExpression> parts = {};
  std::vector<std::string> argument_names = {};  ///< of the last arguments, which are named
  int depth = 1;                                 ///< how many expressions stand in each other
};

/// A statement of a template.
struct JinjaStatement {
  enum class Kind {
    plain,      ///< word is the text
    output,     ///< expressions: one
    condition,  ///< a body for each expression, and one more for else
    loop,       ///< expressions: the list, perhaps a condition; bodies: the loop's, that of else
    assign,     ///< names: a variable, perhaps its attribute; expressions: one
    capture,    ///< the same with a body in place of the expression
    block,      ///< a body that is written as it stands
    macro,      ///< word is its name
    leave,      ///< break
    skip        ///< continue
  };

  Kind kind = Kind::plain;
  std::string word = {};
  std::vector<std::string> names = {};
  std::vector<JinjaExpression> expressions = {};
  std::vector<std::vector<JinjaStatement>> bodies = {};
  int line = 1;
};

/// The tokens of a template, read one after the other.
class JinjaCursor {
 public:
  explicit JinjaCursor(std::vector<JinjaToken> tokens) : tokens_(std::move(tokens)) {}

  [[nodiscard]] bool at_end() const { return at_ >= tokens_.size(); }
  /// Returns the token that is `ahead` of the next one; at the end one that nothing takes.
  [[nodiscard]] const JinjaToken& peek(std::size_t ahead = 0) const;
  [[nodiscard]] bool is(JinjaToken::Kind kind, std::string_view text = {}) const;
  /// Takes the next token if it is this one.
  bool skip(JinjaToken::Kind kind, std::string_view text = {});
  /// Takes the next token, or throws Error where it is of another kind.
  JinjaToken take(JinjaToken::Kind kind, std::string_view text = {});
  /// Throws Error at the next token.
  [[noreturn]] void refuse(const std::string& understood) const;

 private:
  std::vector<JinjaToken> tokens_;
  std::size_t at_ = 0;
};

/// Reads an expression; where it may not be one of alternatives ("a if b"), as behind `if` and
/// `in`, it ends before `if`. Throws Error on what is none and on one nested deeper than any real
/// one.
JinjaExpression parse_jinja_expression(JinjaCursor& cursor, bool alternatives = true);

/// Reads a template. Throws Error on what is none, and on tags that are not understood.
std::vector<JinjaStatement> parse_jinja(std::string_view source);

}  // namespace sketchscope::text
