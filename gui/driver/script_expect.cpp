// What a script expects of the run: values and knob changes.
#include <algorithm>
#include <string_view>
#include <vector>

#include "engine/core/error.hpp"
#include "engine/core/text.hpp"
#include "gui/driver/script_hand.hpp"

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
