#include <algorithm>
#include <utility>

#include "engine/text/jinja_syntax.hpp"

namespace sketchscope::text {
namespace {

constexpr int kDeepestTag = 50;
constexpr const char* kKnownTags =
    "the tags if, elif, else, for, set, macro, break, continue, generation";

class TemplateParser {
 public:
  using Statement = JinjaStatement;
  using Kind = JinjaStatement::Kind;
  using Token = JinjaToken::Kind;

  explicit TemplateParser(JinjaCursor cursor) : cursor_(std::move(cursor)) {}

  std::vector<Statement> whole() {
    std::vector<Statement> statements = body();
    if (!cursor_.at_end()) refuse_tag();
    return statements;
  }

 private:
  /// Reads statements up to a tag that begins none, as endif.
  std::vector<Statement> body() {
    if (++open_ > kDeepestTag)
      cursor_.refuse("tags nested at most " + std::to_string(kDeepestTag) + " deep");
    std::vector<Statement> statements;
    while (!cursor_.at_end()) {
      if (cursor_.is(Token::tag_begin) && !begins_statement(cursor_.peek(1).text)) break;
      const int line = cursor_.peek().line;
      statements.push_back(statement());
      statements.back().line = line;
    }
    --open_;
    return statements;
  }

  static bool begins_statement(const std::string& name) {
    constexpr std::string_view kNames[] = {"if",    "for",      "set",       "macro",
                                           "break", "continue", "generation"};
    return std::ranges::find(kNames, name) != std::end(kNames);
  }

  Statement statement() {
    if (cursor_.is(Token::plain)) {
      return {.kind = Kind::plain, .word = cursor_.take(Token::plain).text};
    }
    if (cursor_.skip(Token::output_begin)) {
      Statement output{.kind = Kind::output};
      output.expressions.push_back(parse_jinja_expression(cursor_));
      (void)cursor_.take(Token::output_end);
      return output;
    }
    (void)cursor_.take(Token::tag_begin);
    const std::string name = cursor_.take(Token::name).text;
    if (name == "if") return condition();
    if (name == "for") return loop();
    if (name == "set") return assignment();
    if (name == "macro") return macro();
    if (name == "generation") return block();
    end_tag();
    return {.kind = name == "break" ? Kind::leave : Kind::skip};
  }

  void end_tag() { (void)cursor_.take(Token::tag_end); }

  /// Takes a tag of this name if it comes next, its end not included.
  bool tag(std::string_view name) {
    const JinjaToken& next = cursor_.peek(1);
    if (!cursor_.is(Token::tag_begin) || next.kind != Token::name || next.text != name)
      return false;
    (void)cursor_.take(Token::tag_begin);
    (void)cursor_.take(Token::name);
    return true;
  }

  void close(std::string_view name) {
    if (!tag(name)) refuse_tag();
    end_tag();
  }

  [[noreturn]] void refuse_tag() const {
    if (cursor_.at_end()) cursor_.refuse("a tag that ends the one before");
    refuse_template(
        "the tag '" + cursor_.peek(1).text + "' in line " + std::to_string(cursor_.peek().line),
        kKnownTags);
  }

  Statement condition() {
    Statement whole{.kind = Kind::condition};
    do {
      whole.expressions.push_back(parse_jinja_expression(cursor_, false));
      end_tag();
      whole.bodies.push_back(body());
    } while (tag("elif"));
    if (tag("else")) {
      end_tag();
      whole.bodies.push_back(body());
    }
    close("endif");
    return whole;
  }

  Statement loop() {
    Statement whole{.kind = Kind::loop};
    do {
      whole.names.push_back(cursor_.take(Token::name).text);
    } while (cursor_.skip(Token::sign, ","));
    (void)cursor_.take(Token::name, "in");
    whole.expressions.push_back(parse_jinja_expression(cursor_, false));
    if (cursor_.skip(Token::name, "if")) {
      whole.expressions.push_back(parse_jinja_expression(cursor_));
    }
    end_tag();
    whole.bodies.push_back(body());
    if (tag("else")) {
      end_tag();
      whole.bodies.push_back(body());
    }
    close("endfor");
    return whole;
  }

  Statement assignment() {
    Statement whole{.kind = Kind::assign};
    whole.names.push_back(cursor_.take(Token::name).text);
    if (cursor_.skip(Token::sign, ".")) whole.names.push_back(cursor_.take(Token::name).text);
    if (cursor_.skip(Token::sign, "=")) {
      whole.expressions.push_back(parse_jinja_expression(cursor_));
      end_tag();
      return whole;
    }
    whole.kind = Kind::capture;
    end_tag();
    whole.bodies.push_back(body());
    close("endset");
    return whole;
  }

  Statement macro() {
    Statement whole{.kind = Kind::macro, .word = cursor_.take(Token::name).text};
    while (!cursor_.is(Token::tag_end)) {
      if (cursor_.at_end()) cursor_.refuse("the macro's end");
      if (cursor_.skip(Token::sign, "=")) {
        (void)parse_jinja_expression(cursor_);
      } else if (!cursor_.skip(Token::sign, "(") && !cursor_.skip(Token::sign, ")") &&
                 !cursor_.skip(Token::sign, ",")) {
        (void)cursor_.take(Token::name);
      }
    }
    end_tag();
    (void)body();
    close("endmacro");
    return whole;
  }

  Statement block() {
    Statement whole{.kind = Kind::block};
    end_tag();
    whole.bodies.push_back(body());
    close("endgeneration");
    return whole;
  }

  JinjaCursor cursor_;
  int open_ = 0;
};

}  // namespace

const JinjaToken& JinjaCursor::peek(std::size_t ahead) const {
  static const JinjaToken kNothing{.text = "the end"};
  return at_ + ahead < tokens_.size() ? tokens_[at_ + ahead] : kNothing;
}

bool JinjaCursor::is(JinjaToken::Kind kind, std::string_view text) const {
  return !at_end() && peek().kind == kind && (text.empty() || peek().text == text);
}

bool JinjaCursor::skip(JinjaToken::Kind kind, std::string_view text) {
  const bool taken = is(kind, text);
  if (taken) ++at_;
  return taken;
}

JinjaToken JinjaCursor::take(JinjaToken::Kind kind, std::string_view text) {
  if (!is(kind, text)) {
    const std::string wanted = !text.empty()                       ? "'" + std::string(text) + "'"
                               : kind == JinjaToken::Kind::name    ? "a name"
                               : kind == JinjaToken::Kind::tag_end ? "the end of the tag"
                               : kind == JinjaToken::Kind::output_end ? "the end of the output"
                                                                      : "another part of Jinja";
    refuse(wanted);
  }
  return tokens_[at_++];
}

void JinjaCursor::refuse(const std::string& understood) const {
  const std::string text = peek().text.empty() ? "a tag" : "'" + peek().text.substr(0, 40) + "'";
  const std::string name = at_end() ? "the end" : text;
  refuse_template(name + " in line " + std::to_string(peek().line), understood);
}

std::vector<JinjaStatement> parse_jinja(std::string_view source) {
  return TemplateParser(JinjaCursor(split_jinja(source))).whole();
}

}  // namespace sketchscope::text
