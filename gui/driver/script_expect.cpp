// What a script expects of the run: values and knob changes.
#include <algorithm>
#include <string_view>
#include <vector>

#include "engine/core/error.hpp"
#include "engine/core/text.hpp"
#include "gui/driver/drawn_text.hpp"
#include "gui/driver/picture.hpp"
#include "gui/driver/script_hand.hpp"
#include "gui/platform/png.hpp"

namespace sketchscope {

std::string ScriptHand::value(const std::string& path) const {
  const Values values = collect_values(app_);
  const auto found = values.find(path);
  if (found != values.end()) return found->second;
  std::vector<std::string_view> names;
  for (const auto& [name, text] : values) names.push_back(name);
  throw UsageError({.what = "value",
                    .found = "'" + path + "'",
                    .expected = "one of the values, nearest: " + join(nearest(path, names, 5))});
}

void ScriptHand::expect(const ScriptLine& line) {
  if (line.words[1] == "change") {
    expect_change(line);
  } else if (line.words[1] == "text") {
    expect_text(line);
  } else if (line.words[1] == "item") {
    expect_item(line);
  } else if (line.words[1] == "picture") {
    expect_picture(line);
  } else {
    expect_value(line);
  }
}

void ScriptHand::expect_value(const ScriptLine& line) {
  const auto& words = line.words;
  if (words.size() < 4) {
    throw UsageError({.what = "expect", .found = line.text, .expected = "PATH OP VALUE"});
  }
  wait_idle();
  std::string found;
  const auto holds = [&] {
    found = value(words[1]);
    return compare_values(found, words[2], words[3]);
  };
  if (holds()) return;
  if (words.size() >= 6 && words[4] == "within") {
    const std::size_t last =
        app_.history().size() + static_cast<std::size_t>(script_number(line, words[5], 1));
    bool held = false;
    wait_until(line.text, [&] { return (held = holds()) || app_.history().size() >= last; });
    if (held || holds()) return;
  }
  throw Error({.what = words[1], .found = found, .expected = words[2] + " " + words[3]});
}

void ScriptHand::expect_item(const ScriptLine& line) {
  const std::string wanted = line.words.size() == 4 ? line.words[3] : "";
  if (wanted != "shown" && wanted != "hidden") {
    throw UsageError(
        {.what = "expect item", .found = line.text, .expected = "expect item PATH shown | hidden"});
  }
  // An item that was drawn in the last frame but one counts as drawn.
  frames(2);
  const bool shown = app_.items().find(line.words[2]).has_value();
  if (shown == (wanted == "shown")) return;
  const auto names = app_.items().nearest(line.words[2], 5);
  throw Error({.what = "item " + line.words[2],
               .found = shown ? "it is on the screen" : "it is not on the screen",
               .expected = "it " + wanted + "; nearest: " + join({names.begin(), names.end()})});
}

void ScriptHand::expect_text(const ScriptLine& line) {
  const auto& words = line.words;
  const bool wanted = words[3] == "contains";
  if (words.size() != 5 || (!wanted && words[3] != "lacks")) {
    throw UsageError({.what = "expect text",
                      .found = line.text,
                      .expected = "expect text PANEL contains WORDS, or lacks"});
  }
  wait_idle();
  const std::string drawn = drawn_text(app_, words[2], out_);
  app_.frame();  // what was drawn last was the panel alone
  if ((drawn.find(words[4]) != std::string::npos) == wanted) return;
  throw Error({.what = "texts of " + words[2],
               .found = "\n" + drawn,
               .expected = (wanted ? "'" : "no '") + words[4] + "' among them"});
}

void ScriptHand::expect_picture(const ScriptLine& line) {
  const auto& words = line.words;
  if (words.size() != 5 || (words[3] != "==" && words[3] != "!=")) {
    throw UsageError({.what = "expect picture",
                      .found = line.text,
                      .expected = "expect picture ITEM == FILE, or !=; ITEM may be window"});
  }
  wait_idle();
  const Image expected = read_png(file(words[4]));
  const Image made = picture(words[2]);
  const PictureDistance apart = picture_distance(expected, made);
  const bool wanted = words[3] == "==";
  if (apart.within({}) == wanted) return;
  if (!wanted) {
    throw Error(
        {.what = "picture of " + words[2], .found = "as in " + words[4], .expected = "another"});
  }
  const std::string difference = "difference-line-" + std::to_string(line.number) + ".png";
  app_.save_picture(side_by_side(expected, made), out_ / difference);
  const std::string found =
      apart.same_size
          ? number_text(apart.share_beyond * 100) + " % of its pixels are off, one by " +
                std::to_string(apart.most) + " of 255"
          : std::to_string(made.width) + " × " + std::to_string(made.height) + " pixels";
  throw Error({.what = "picture of " + words[2],
               .found = found,
               .expected = "as in " + words[4] + "; expected, made and difference: " + difference});
}

void ScriptHand::expect_change(const ScriptLine& line) {
  const auto& words = line.words;
  if (words.size() < 5 || words[3] != "within") {
    throw UsageError({.what = "expect change",
                      .found = line.text,
                      .expected = "expect change KNOB within N steps"});
  }
  const std::string& knob = words[2];
  const auto sent = sent_.find(knob);
  if (sent == sent_.end()) {
    throw UsageError({.what = "expect change", .found = knob, .expected = "a knob set before"});
  }
  // The step that was under way when the knob was sent cannot have it yet.
  const std::size_t last =
      sent->second.after + static_cast<std::size_t>(script_number(line, words[4], 1));
  const auto changed = [&] {
    const auto records = app_.history().records();
    for (std::size_t i = sent->second.before; i < std::min(records.size(), last + 1); ++i) {
      for (const auto& change : records[i]->changes) {
        if (change.knob == knob) return true;
      }
    }
    return false;
  };
  bool found = false;
  wait_until(line.text, [&] { return (found = changed()) || app_.history().size() > last; });
  if (found || changed()) return;
  throw Error({.what = "change of " + knob,
               .found = "none up to step " + std::to_string(last),
               .expected = "one from step " + std::to_string(sent->second.before) + " on"});
}

}  // namespace sketchscope
