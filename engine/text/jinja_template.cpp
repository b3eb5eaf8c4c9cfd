#include "engine/text/jinja_template.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "engine/core/error.hpp"
#include "engine/text/jinja_methods.hpp"
#include "engine/text/jinja_syntax.hpp"

namespace sketchscope::text {
namespace {

constexpr std::size_t kMostSteps = 2'000'000;  // more than any real template takes
constexpr std::size_t kCopiesOfTexts = 1000;   // that the steps may make
constexpr std::int64_t kLongestRange = 1000;
constexpr int kDeepestValue = 16;

/// Special tokens that templates may read and that are not known here.
constexpr std::string_view kOtherTokens[] = {
    "unk_token", "pad_token", "sep_token", "cls_token", "mask_token", "additional_special_tokens"};

/// The way in which the loop around a statement goes on behind it.
enum class JinjaFlow { onward, skip, leave };

[[noreturn]] void raise_exception(const std::string& message) {
  throw core::Error({.what = "the model's chat template refuses this chat",
                     .found = "'" + message.substr(0, 300) + "'",
                     .expected = {},
                     .remedy = "leave --system out if it was given, or write the prompt with the "
                               "model's special tokens in it and give it as plain text"});
}

class TemplateWriter {
 public:
  using Expression = JinjaExpression;
  using Statement = JinjaStatement;
  using Scope = std::map<std::string, JinjaValue>;

  explicit TemplateWriter(Scope variables) {
    steps_left_ = kMostSteps;
    for (const auto& [name, value] : variables) steps_left_ += weight_of(value) * kCopiesOfTexts;
    scopes_.push_back(std::move(variables));
    scopes_.emplace_back();
  }

  std::string write(const std::vector<Statement>& statements) {
    (void)execute(statements);
    return std::move(written_);
  }

 private:
  void charge(std::size_t steps) {
    if (steps > steps_left_) refuse_template("more steps than any real one takes", "fewer");
    steps_left_ -= steps;
  }

  JinjaFlow execute(const std::vector<Statement>& statements) {
    for (const Statement& statement : statements) {
      charge(1);
      const JinjaFlow flow = execute(statement);
      if (flow != JinjaFlow::onward) return flow;
    }
    return JinjaFlow::onward;
  }

  JinjaFlow execute(const Statement& statement) {
    switch (statement.kind) {
      case Statement::Kind::plain:
        charge(statement.word.size());
        written_ += statement.word;
        return JinjaFlow::onward;
      case Statement::Kind::output:
        written_ += text_of_value(evaluate(statement.expressions.front()));
        return JinjaFlow::onward;
      case Statement::Kind::condition:
        return execute_condition(statement);
      case Statement::Kind::loop:
        execute_loop(statement);
        return JinjaFlow::onward;
      case Statement::Kind::assign:
        assign(statement, evaluate(statement.expressions.front()));
        return JinjaFlow::onward;
      case Statement::Kind::capture:
        return capture(statement);
      case Statement::Kind::block:
        return execute(statement.bodies.front());
      case Statement::Kind::macro:
        return JinjaFlow::onward;
      case Statement::Kind::leave:
        return JinjaFlow::leave;
      case Statement::Kind::skip:
        return JinjaFlow::skip;
    }
    return JinjaFlow::onward;
  }

  JinjaFlow execute_condition(const Statement& statement) {
    for (std::size_t i = 0; i < statement.expressions.size(); ++i) {
      if (is_true(evaluate(statement.expressions[i]))) return execute(statement.bodies[i]);
    }
    const bool otherwise = statement.bodies.size() > statement.expressions.size();
    return otherwise ? execute(statement.bodies.back()) : JinjaFlow::onward;
  }

  void execute_loop(const Statement& loop) {
    auto items = items_of(evaluate(loop.expressions.front()));
    if (loop.expressions.size() > 1) {
      std::erase_if(items, [&](const JinjaValue& item) {
        scopes_.emplace_back();
        bind(loop.names, item);
        const bool kept = is_true(evaluate(loop.expressions[1]));
        scopes_.pop_back();
        return !kept;
      });
    }
    if (items.empty() && loop.bodies.size() > 1) (void)execute(loop.bodies[1]);
    for (std::size_t i = 0; i < items.size(); ++i) {
      scopes_.emplace_back();
      bind(loop.names, items[i]);
      scopes_.back()["loop"] = described(items, i);
      charge(weight_of(scopes_.back()["loop"]));
      const JinjaFlow flow = execute(loop.bodies.front());
      scopes_.pop_back();
      if (flow == JinjaFlow::leave) break;
    }
  }

  void bind(const std::vector<std::string>& names, const JinjaValue& item) {
    charge(weight_of(item));
    if (names.size() == 1) {
      scopes_.back()[names.front()] = item;
      return;
    }
    const auto parts = items_of(item);
    if (parts.size() != names.size()) refuse_template("a loop over other items", "pairs");
    for (std::size_t i = 0; i < names.size(); ++i) scopes_.back()[names[i]] = parts[i];
  }

  /// Returns what a template knows as `loop`.
  static JinjaValue described(const std::vector<JinjaValue>& items, std::size_t at) {
    const std::size_t count = items.size();
    JinjaValue loop = {{"index0", at},           {"index", at + 1},  {"revindex0", count - at - 1},
                       {"revindex", count - at}, {"first", at == 0}, {"last", at + 1 == count},
                       {"length", count}};
    loop["previtem"] = at > 0 ? items[at - 1] : undefined_value();
    loop["nextitem"] = at + 1 < count ? items[at + 1] : undefined_value();
    return loop;
  }

  JinjaFlow capture(const Statement& statement) {
    const std::string before = std::exchange(written_, {});
    scopes_.emplace_back();
    const JinjaFlow flow = execute(statement.bodies.front());
    scopes_.pop_back();
    JinjaValue value = std::exchange(written_, before);
    if (flow == JinjaFlow::onward) assign(statement, std::move(value));
    return flow;
  }

  void assign(const Statement& statement, JinjaValue value) {
    const std::string& name = statement.names.front();
    if (statement.names.size() == 1) {
      scopes_.back()[name] = std::move(value);
      return;
    }
    JinjaValue* const space = find(name);
    if (space == nullptr || !space->is_object()) {
      refuse_template("an attribute of '" + name + "' that is set", "a namespace");
    }
    (*space)[statement.names[1]] = std::move(value);
    if (depth_of(*space) > kDeepestValue) refuse_template("values in each other", "fewer");
  }

  JinjaValue* find(const std::string& name) {
    for (auto scope = scopes_.rbegin(); scope != scopes_.rend(); ++scope) {
      if (const auto found = scope->find(name); found != scope->end()) return &found->second;
    }
    return nullptr;
  }

  JinjaValue evaluate(const Expression& expression) {
    JinjaValue value = value_of(expression);
    charge(weight_of(value));
    return value;
  }

  JinjaValue value_of(const Expression& expression) {
    using Kind = Expression::Kind;
    const auto part = [&](std::size_t i) { return evaluate(expression.parts[i]); };
    switch (expression.kind) {
      case Kind::constant:
        return expression.value;
      case Kind::name:
        return variable(expression.word);
      case Kind::list:
      case Kind::dictionary:
        return collected(expression);
      case Kind::attribute:
        return jinja_item(part(0), expression.word);
      case Kind::item:
        return jinja_item(part(0), part(1));
      case Kind::slice:
        return jinja_slice(part(0), part(1), part(2), part(3));
      case Kind::call:
        return called(expression);
      case Kind::filter:
        return apply_jinja_filter(expression.word, part(0), arguments_of(expression));
      case Kind::test:
        return holds_jinja_test(expression.word, part(0), arguments_of(expression));
      case Kind::inverse:
        return !is_true(part(0));
      case Kind::negative:
        return jinja_arithmetic("-", 0, part(0));
      case Kind::both: {
        JinjaValue left = part(0);
        return is_true(left) ? part(1) : left;
      }
      case Kind::either: {
        JinjaValue left = part(0);
        return is_true(left) ? left : part(1);
      }
      case Kind::arithmetic:
        return jinja_arithmetic(expression.word, part(0), part(1));
      case Kind::comparison:
        return jinja_comparison(expression.word, part(0), part(1));
      case Kind::alternatives:
        return is_true(part(1)) ? part(0) : part(2);
    }
    return undefined_value();
  }

  JinjaValue variable(const std::string& name) {
    if (const JinjaValue* const found = find(name)) return *found;
    if (std::ranges::find(kOtherTokens, name) != std::end(kOtherTokens)) {
      refuse_template("the variable '" + name + "'", "bos_token and eos_token");
    }
    return undefined_value();
  }

  JinjaValue collected(const Expression& expression) {
    const bool pairs = expression.kind == Expression::Kind::dictionary;
    JinjaValue all = pairs ? JinjaValue::object() : JinjaValue::array();
    for (std::size_t i = 0; i < expression.parts.size(); ++i) {
      JinjaValue value = evaluate(expression.parts[i]);
      if (!pairs) {
        all.push_back(std::move(value));
        continue;
      }
      if (!value.is_string()) refuse_template(kind_of(value) + " as a key", "a text");
      all[value.get<std::string>()] = evaluate(expression.parts[++i]);
    }
    if (depth_of(all) > kDeepestValue) refuse_template("values in each other", "fewer");
    return all;
  }

  /// Returns the arguments of a call, filter or test, which follow its first part.
  JinjaArguments arguments_of(const Expression& expression) {
    JinjaArguments arguments;
    const std::size_t placed = expression.parts.size() - expression.argument_names.size();
    for (std::size_t i = 1; i < expression.parts.size(); ++i) {
      JinjaValue value = evaluate(expression.parts[i]);
      if (i < placed) {
        arguments.placed.push_back(std::move(value));
      } else {
        arguments.named.emplace_back(expression.argument_names[i - placed], std::move(value));
      }
    }
    return arguments;
  }

  JinjaValue called(const Expression& call) {
    const Expression& what = call.parts.front();
    if (what.kind == Expression::Kind::attribute) {
      const JinjaValue of = evaluate(what.parts.front());
      return call_jinja_method(what.word, of, arguments_of(call));
    }
    const JinjaArguments arguments = arguments_of(call);
    const bool named = !arguments.named.empty();
    if (what.word == "namespace" && arguments.placed.empty()) {
      JinjaValue space = JinjaValue::object();
      for (const auto& [name, value] : arguments.named) space[name] = value;
      return space;
    }
    if (what.word == "raise_exception" && arguments.placed.size() == 1 && !named) {
      raise_exception(text_of_value(arguments.placed.front()));
    }
    if (what.word == "range" && !named) return range(arguments.placed);
    refuse_template("a call of '" + what.word + "'",
                    "namespace(…), range(…), raise_exception(…) and methods");
  }

  static JinjaValue range(const std::vector<JinjaValue>& bounds) {
    const bool numbers = std::ranges::all_of(
        bounds, [](const JinjaValue& bound) { return bound.is_number_integer(); });
    if (!numbers || bounds.empty() || bounds.size() > 2) {
      refuse_template("a range of other arguments", "one number or two");
    }
    const auto begin = bounds.size() == 2 ? bounds.front().get<std::int64_t>() : 0;
    const auto end = bounds.back().get<std::int64_t>();
    JinjaValue list = JinjaValue::array();
    for (std::int64_t i = begin; i < end; ++i) {
      if (list.size() >= kLongestRange) refuse_template("a long range", "a shorter one");
      list.push_back(i);
    }
    return list;
  }

  std::vector<Scope> scopes_;  // the innermost last; the first is that of the given variables
  std::string written_;
  std::size_t steps_left_ = 0;
};

}  // namespace

std::string write_jinja(std::string_view source, std::map<std::string, JinjaValue> variables) {
  return TemplateWriter(std::move(variables)).write(parse_jinja(source));
}

}  // namespace sketchscope::text
