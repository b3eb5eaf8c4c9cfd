// The verbs of expectations: values, knob changes, texts, items and pictures.
#include <algorithm>
#include <string>

#include "engine/core/error.hpp"
#include "engine/core/text.hpp"
#include "gui/driver/drawn_text.hpp"
#include "gui/driver/script_hand.hpp"
#include "gui/driver/values.hpp"
#include "gui/driver/verbs.hpp"
#include "gui/platform/picture.hpp"

namespace sketchscope {
namespace {

/// Returns the right side of a comparison: the value if the word is the path of one, else the word
/// itself. A quoted word is never a path.
std::string right_side(const ScriptHand& hand, const ScriptLine& line, std::size_t word) {
  const std::string& text = line.words[word];
  if (line.quoted.contains(word)) return text;
  const Values values = collect_values(hand.stage());
  const auto found = values.find(text);
  return found == values.end() ? text : found->second;
}

void expect_value(ScriptHand& hand, const ScriptLine& line) {
  const auto& words = line.words;
  if (words.size() < 4) {
    throw UsageError({.what = "expect", .found = line.text, .expected = "PATH OP VALUE"});
  }
  hand.wait_idle();
  std::string found;
  std::string wanted;
  const auto holds = [&] {
    found = hand.value(words[1]);
    wanted = right_side(hand, line, 3);
    return compare_values(found, words[2], wanted);
  };
  if (holds()) return;
  if (words.size() >= 6 && words[4] == "within") {
    const std::size_t last =
        hand.read_steps() + static_cast<std::size_t>(script_number(line, words[5], 1));
    bool held = false;
    hand.wait_until(line.text, [&] { return (held = holds()) || hand.read_steps() >= last; });
    if (held || holds()) return;
  }
  const std::string meant = wanted == words[3] ? "" : " (" + wanted + ")";
  throw Error({.what = words[1], .found = found, .expected = words[2] + " " + words[3] + meant});
}

void expect_item(ScriptHand& hand, const ScriptLine& line) {
  const std::string wanted = line.words.size() == 4 ? line.words[3] : "";
  if (wanted != "shown" && wanted != "hidden") {
    throw UsageError(
        {.what = "expect item", .found = line.text, .expected = "expect item PATH shown | hidden"});
  }
  // Two frames are drawn, since the register also has the items of the frame before the last.
  hand.frames(2);
  const ItemRegistry& items = hand.stage().items();
  const bool shown = items.find(line.words[2]).has_value();
  if (shown == (wanted == "shown")) return;
  const auto names = items.nearest(line.words[2], 5);
  throw Error({.what = "item " + line.words[2],
               .found = shown ? "it is on the screen" : "it is not on the screen",
               .expected = "it " + wanted + "; nearest: " + join({names.begin(), names.end()})});
}

void expect_text(ScriptHand& hand, const ScriptLine& line) {
  const auto& words = line.words;
  const bool wanted = words[3] == "contains";
  if (words.size() != 5 || (!wanted && words[3] != "lacks")) {
    throw UsageError({.what = "expect text",
                      .found = line.text,
                      .expected = "expect text PANEL contains WORDS, or lacks"});
  }
  hand.wait_idle();
  const std::string drawn = svg_texts(hand.stage().draw_svg(words[2] == "window" ? "" : words[2]));
  hand.frames(1);  // redraws the window after the panel's figure
  if ((drawn.find(words[4]) != std::string::npos) == wanted) return;
  throw Error({.what = "texts of " + words[2],
               .found = "\n" + drawn,
               .expected = (wanted ? "'" : "no '") + words[4] + "' among them"});
}

void expect_picture(ScriptHand& hand, const ScriptLine& line) {
  const auto& words = line.words;
  if (words.size() != 5 || (words[3] != "==" && words[3] != "!=")) {
    throw UsageError({.what = "expect picture",
                      .found = line.text,
                      .expected = "expect picture ITEM == FILE, or !=; ITEM may be window"});
  }
  hand.wait_idle();
  const Image expected = read_png(hand.file(words[4]));
  const Image made = hand.picture(words[2]);
  const PictureDistance apart = picture_distance(expected, made);
  const bool wanted = words[3] == "==";
  if (apart.within({}) == wanted) return;
  if (!wanted) {
    throw Error(
        {.what = "picture of " + words[2], .found = "as in " + words[4], .expected = "another"});
  }
  const std::string difference = "difference-line-" + std::to_string(line.number) + ".png";
  hand.stage().save_picture(side_by_side(expected, made), hand.out() / difference);
  const std::string found =
      apart.same_size
          ? number_text(apart.share_beyond * 100) + " % of its pixels are off, one by " +
                std::to_string(apart.most) + " of 255"
          : std::to_string(made.width) + " × " + std::to_string(made.height) + " pixels";
  throw Error({.what = "picture of " + words[2],
               .found = found,
               .expected = "as in " + words[4] + "; expected, made and difference: " + difference});
}

void expect_change(ScriptHand& hand, const ScriptLine& line) {
  const auto& words = line.words;
  if (words.size() < 5 || words[3] != "within") {
    throw UsageError({.what = "expect change",
                      .found = line.text,
                      .expected = "expect change KNOB within N steps"});
  }
  const std::string& knob = words[2];
  const auto sent = hand.sent(knob);
  if (!sent) {
    throw UsageError({.what = "expect change", .found = knob, .expected = "a knob set before"});
  }
  // The step in progress when the knob was sent cannot apply it.
  const std::size_t last = sent->after + static_cast<std::size_t>(script_number(line, words[4], 1));
  const auto changed = [&] {
    const auto records = hand.stage().facts().history.records();
    for (std::size_t i = sent->before; i < std::min(records.size(), last + 1); ++i) {
      for (const auto& change : records[i]->changes) {
        if (change.knob == knob) return true;
      }
    }
    return false;
  };
  bool found = false;
  hand.wait_until(line.text, [&] { return (found = changed()) || hand.read_steps() > last; });
  if (found || changed()) return;
  throw Error({.what = "change of " + knob,
               .found = "none up to step " + std::to_string(last),
               .expected = "one from step " + std::to_string(sent->before) + " on"});
}

void expect(ScriptHand& hand, const ScriptLine& line) {
  const std::string& of = line.words[1];
  if (of == "change") return expect_change(hand, line);
  if (of == "text") return expect_text(hand, line);
  if (of == "item") return expect_item(hand, line);
  if (of == "picture") return expect_picture(hand, line);
  expect_value(hand, line);
}

void take_screenshot(ScriptHand& hand, const ScriptLine& line) {
  hand.screenshot(line.words[1], line.words.size() > 2 ? line.words[2] : "window");
}

}  // namespace

std::vector<ScriptVerb> expectation_verbs() {
  constexpr auto kExpectation = VerbGroup::expectation;
  return {
      {.name = "expect",
       .group = kExpectation,
       .forms =
           {{"PATH OP VALUE",
             "a value; OP is `==` `!=` `<` `<=` `>` `>=` `contains`; VALUE may be the path of "
             "another value, unless it stands in quotes"},
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
       .group = kExpectation,
       .forms = {{"FILE [ITEM]", "writes the window, or an item alone, as PNG"}},
       .run = take_screenshot},
  };
}

}  // namespace sketchscope
