// This file has the verbs of expectations: values, knob changes, texts, items and pictures.
#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "engine/core/error.hpp"
#include "engine/core/text.hpp"
#include "gui/driver/expression.hpp"
#include "gui/driver/script.hpp"
#include "gui/driver/scripted_user.hpp"
#include "gui/driver/values.hpp"
#include "gui/platform/picture.hpp"

namespace sketchscope::driver {
namespace {

std::string unescaped(std::string_view text) {
  static constexpr std::array<std::pair<std::string_view, char>, 5> kNames = {
      {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}}};
  std::string plain;
  while (!text.empty()) {
    std::size_t taken = 1;
    char letter = text.front();
    for (const auto& [name, meant] : kNames) {
      if (!text.starts_with(name)) continue;
      letter = meant;
      taken = name.size();
    }
    plain += letter;
    text.remove_prefix(taken);
  }
  return plain;
}

/// Returns the contents of an SVG document's <text> elements, one per line.
std::string svg_texts(const std::string& svg) {
  constexpr std::string_view kEnd = "</text>";
  std::string texts;
  for (std::size_t at = svg.find("<text"); at != std::string::npos; at = svg.find("<text", at)) {
    const std::size_t begin = svg.find('>', at) + 1;
    const std::size_t end = svg.find(kEnd, begin);
    if (begin == 0 || end == std::string::npos) break;
    texts += unescaped(std::string_view(svg).substr(begin, end - begin)) + "\n";
    at = end + kEnd.size();
  }
  return texts;
}

core::UsageError wrong_form(const ScriptLine& line, const std::string& what,
                            const std::string& form) {
  return core::UsageError({.what = what, .found = line.text, .expected = form});
}

/// The words of `expect LEFT OP RIGHT [within N steps]`. A side of several words is an expression.
struct Comparison {
  std::string left;
  std::string op;
  std::string right;
  bool quoted = false;     ///< the right side is a text, never a path
  std::size_t within = 0;  ///< steps; 0 for at once
};

Comparison comparison_of(const ScriptLine& line) {
  constexpr std::array<std::string_view, 7> kOperators = {
      "==", "!=", "<", "<=", ">", ">=", "contains"};
  const auto& words = line.words;
  std::size_t op = 1;
  while (op < words.size() && std::ranges::find(kOperators, words[op]) == kOperators.end()) ++op;
  // A word in the place of the operator that is none is refused when it is compared by.
  if (op == words.size()) op = 2;
  std::size_t end = words.size();
  Comparison found;
  for (const std::size_t length : {2U, 3U}) {  // "within 5 steps", or without the last word
    if (words.size() < op + 2 + length || words[words.size() - length] != "within") continue;
    end = words.size() - length;
    found.within = static_cast<std::size_t>(script_number(line, words[end + 1], 1));
  }
  if (op == 1 || op + 1 >= end) throw wrong_form(line, "expect", "PATH OP VALUE");
  const auto joined = [&](std::size_t first, std::size_t last) {
    std::string text;
    for (std::size_t word = first; word < last; ++word) {
      text += (text.empty() ? "" : " ") + words[word];
    }
    return text;
  };
  found.left = joined(1, op);
  found.op = words[op];
  found.right = joined(op + 1, end);
  found.quoted = line.quoted.contains(op + 1);
  return found;
}

/// Returns the value of an arithmetic expression as text; empty if the side is none.
std::optional<std::string> computed(ScriptedUser& user, const std::string& side) {
  if (side.find(' ') == std::string::npos) return std::nullopt;
  const auto value = expression_value(
      side, [&](const std::string& path) { return find_value(user.window(), path); });
  return value ? core::number_text(*value) : kAbsentValue;
}

std::string right_side(ScriptedUser& user, const Comparison& comparison) {
  if (comparison.quoted) return comparison.right;
  if (auto value = computed(user, comparison.right)) return *value;
  return find_value(user.window(), comparison.right).value_or(comparison.right);
}

void expect_value(ScriptedUser& user, const ScriptLine& line) {
  const Comparison comparison = comparison_of(line);
  user.wait_idle();
  std::string found;
  std::string wanted;
  const auto holds = [&] {
    const auto value = computed(user, comparison.left);
    found = value ? *value : user.value(comparison.left);
    wanted = right_side(user, comparison);
    return compare_values(found, comparison.op, wanted);
  };
  if (holds()) return;
  if (comparison.within > 0) {
    const std::size_t last = user.read_steps() + comparison.within;
    bool held = false;
    user.wait_until(line.text, [&] { return (held = holds()) || user.read_steps() >= last; });
    if (held || holds()) return;
  }
  const std::string meant = wanted == comparison.right ? "" : " (" + wanted + ")";
  throw core::Error({.what = comparison.left,
                     .found = found,
                     .expected = comparison.op + " " + comparison.right + meant});
}

void expect_item(ScriptedUser& user, const ScriptLine& line) {
  const std::string wanted = line.words.size() == 4 ? line.words[3] : "";
  if (wanted != "shown" && wanted != "hidden") {
    throw wrong_form(line, "expect item", "expect item PATH shown | hidden");
  }
  // Two frames are drawn, since the register also has the items of the frame before the last.
  user.frames(2);
  const widgets::ItemRegistry& items = user.window().items();
  const bool shown = items.find(line.words[2]).has_value();
  if (shown == (wanted == "shown")) return;
  const auto names = items.nearest(line.words[2], 5);
  throw core::Error(
      {.what = "item " + line.words[2],
       .found = shown ? "it is on the screen" : "it is not on the screen",
       .expected = "it " + wanted + "; nearest: " + core::join({names.begin(), names.end()})});
}

void expect_text(ScriptedUser& user, const ScriptLine& line) {
  const auto& words = line.words;
  const bool wanted = words[3] == "contains";
  if (words.size() != 5 || (!wanted && words[3] != "lacks")) {
    throw wrong_form(line, "expect text", "expect text PANEL contains WORDS, or lacks");
  }
  user.wait_idle();
  const std::string drawn = svg_texts(user.window().draw_svg(words[2] == "window" ? "" : words[2]));
  user.frames(1);  // redraws the window after the panel's figure
  if ((drawn.find(words[4]) != std::string::npos) == wanted) return;
  throw core::Error({.what = "texts of " + words[2],
                     .found = "\n" + drawn,
                     .expected = (wanted ? "'" : "no '") + words[4] + "' among them"});
}

void expect_picture(ScriptedUser& user, const ScriptLine& line) {
  const auto& words = line.words;
  if (words.size() != 5 || (words[3] != "==" && words[3] != "!=")) {
    throw wrong_form(line, "expect picture",
                     "expect picture ITEM == FILE, or !=; ITEM may be window");
  }
  user.wait_idle();
  const plot::Image expected = platform::read_png(user.file(words[4]));
  const plot::Image made = user.picture(words[2]);
  const platform::PictureDistance apart = platform::picture_distance(expected, made);
  const bool wanted = words[3] == "==";
  if (apart.within({}) == wanted) return;
  if (!wanted) {
    throw core::Error(
        {.what = "picture of " + words[2], .found = "as in " + words[4], .expected = "another"});
  }
  const std::string difference = "difference-line-" + std::to_string(line.number) + ".png";
  user.window().save_picture(platform::side_by_side(expected, made), user.out() / difference);
  const std::string found =
      apart.same_size
          ? core::number_text(apart.share_beyond * 100) + " % of its pixels are off, one by " +
                std::to_string(apart.most) + " of 255"
          : std::to_string(made.width) + " × " + std::to_string(made.height) + " pixels";
  throw core::Error(
      {.what = "picture of " + words[2],
       .found = found,
       .expected = "as in " + words[4] + "; expected, made and difference: " + difference});
}

void expect_change(ScriptedUser& user, const ScriptLine& line) {
  const auto& words = line.words;
  if (words.size() < 5 || words[3] != "within") {
    throw wrong_form(line, "expect change", "expect change KNOB within N steps");
  }
  const std::string& knob = words[2];
  const auto sent = user.sent(knob);
  if (!sent) {
    throw core::UsageError(
        {.what = "expect change", .found = knob, .expected = "a knob set before"});
  }
  // The step in progress when the knob was sent cannot apply it.
  const std::size_t last = sent->after + static_cast<std::size_t>(script_number(line, words[4], 1));
  const auto changed = [&] {
    const auto records = user.window().facts().history.records();
    for (std::size_t i = sent->before; i < std::min(records.size(), last + 1); ++i) {
      for (const auto& change : records[i]->changes) {
        if (change.knob == knob) return true;
      }
    }
    return false;
  };
  bool found = false;
  user.wait_until(line.text, [&] { return (found = changed()) || user.read_steps() > last; });
  if (found || changed()) return;
  throw core::Error({.what = "change of " + knob,
                     .found = "none up to step " + std::to_string(last),
                     .expected = "one from step " + std::to_string(sent->before) + " on"});
}

void expect(ScriptedUser& user, const ScriptLine& line) {
  const std::string& kind = line.words[1];
  if (kind == "change") return expect_change(user, line);
  if (kind == "text") return expect_text(user, line);
  if (kind == "item") return expect_item(user, line);
  if (kind == "picture") return expect_picture(user, line);
  expect_value(user, line);
}

void take_screenshot(ScriptedUser& user, const ScriptLine& line) {
  user.screenshot(line.words[1], line.words.size() > 2 ? line.words[2] : "window");
}

}  // namespace

std::vector<ScriptVerb> expectation_verbs() {
  return {
      {.name = "expect",
       .forms =
           {{"PATH OP VALUE",
             "a value; OP is `==` `!=` `<` `<=` `>` `>=` `contains`; VALUE may be the path of "
             "another value, unless it stands in quotes; either may be a figure over steps, such "
             "as "
             "`mean(PATH)`"},
            {"EXPRESSION OP EXPRESSION…", "such as `run.perplexity < 1.2 * other.perplexity`"},
            {"PATH OP VALUE within N steps", "it is so, or becomes so"},
            {"change KNOB within N steps",
             "a record shows that the knob sent last took effect in time"},
            {"text PANEL contains WORDS", "what the panel draws (`window`: all); or `lacks`"},
            {"item PATH shown", "it is on the screen; or `hidden`"},
            {"picture ITEM == FILE",
             "an item looks as in a PNG, but for what a rasteriser rounds otherwise; or `!=`. ITEM "
             "may be `window`"}},
       .run = expect},
      {.name = "screenshot",
       .forms = {{"FILE [ITEM]", "writes the window, or an item alone, as PNG"}},
       .run = take_screenshot},
  };
}

}  // namespace sketchscope::driver
