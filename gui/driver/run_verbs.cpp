// The verbs of the run: waits, steps, knobs, prompts and files.
#include <string>

#include "engine/core/error.hpp"
#include "engine/core/text.hpp"
#include "gui/driver/script_hand.hpp"
#include "gui/driver/verbs.hpp"

namespace sketchscope {
namespace {

void wait_for(ScriptHand& hand, const ScriptLine& line) {
  const std::string& what = line.words[1];
  if (what == "idle" && line.words.size() == 2) return hand.wait_idle();
  if (what == "opened" && line.words.size() == 2) {
    return hand.wait_until("what is being opened",
                           [&] { return !hand.stage().facts().opening.has_value(); });
  }
  if (line.words.size() == 3 && what == "state") {
    const std::string& phase = line.words[2];
    return hand.wait_until("state " + phase, [&] { return hand.value("state.phase") == phase; });
  }
  if (line.words.size() == 3 && (what == "step" || what == "steps")) {
    auto wanted = static_cast<std::size_t>(script_number(line, line.words[2], 0));
    if (what == "steps") wanted += hand.read_steps();
    if (what == "step") ++wanted;  // Steps count from 0.
    return hand.wait_for_steps(line.text, wanted);
  }
  throw UsageError(
      {.what = "wait", .found = "'" + line.text + "'", .expected = usage_text(*find_verb("wait"))});
}

void set_timeout(ScriptHand& hand, const ScriptLine& line) {
  const auto seconds = parse_number<double>(line.words[1]);
  if (!seconds || !(*seconds > 0)) {
    throw UsageError(
        {.what = "timeout", .found = "'" + line.words[1] + "'", .expected = "seconds above 0"});
  }
  hand.set_timeout(*seconds);
}

void advance(ScriptHand& hand, const ScriptLine& line) {
  const int count = script_number(line, line.words[1], 1);
  hand.stage().source().send(command::Pause{}, {});
  hand.wait_idle();
  const std::size_t wanted = hand.published_steps() + static_cast<std::size_t>(count);
  hand.stage().source().send(command::Step{count}, {});
  hand.wait_for_steps(line.text, wanted);
}

void run_until(ScriptHand& hand, const ScriptLine& line) {
  const std::string argument = line.words.size() > 2 ? " " + line.words[2] : "";
  hand.stage().source().send(command::RunUntil{parse_breakpoint(line.words[1] + argument)},
                             "until");
}

void set_speed(ScriptHand& hand, const ScriptLine& line) {
  const double speed = parse_number<double>(line.words[1]).value_or(-1);
  if (speed < 0) {
    throw UsageError(
        {.what = "speed", .found = line.words[1], .expected = "tokens per second, or 0"});
  }
  hand.stage().source().send(command::SetSpeed{speed}, "speed");
}

void set_prompt(ScriptHand& hand, const ScriptLine& line) {
  hand.stage().source().send(command::Restart{line.words[1]}, "restart");
}

void set(ScriptHand& hand, const ScriptLine& line) {
  // An invalid value is refused before sending, as a widget would not offer it.
  Knobs probe;
  set_knob(probe, line.words[1], line.words[2]);
  hand.send_knob(line.words[1], line.words[2]);
  hand.frames(1);
}

void turn(ScriptHand& hand, const ScriptLine& line) {
  hand.remark("to " + hand.turn_knob(line.words[1]));
  hand.frames(1);
}

void open_path(ScriptHand& hand, const ScriptLine& line) {
  hand.stage().open(hand.file(line.words[1]));
}

void drop_path(ScriptHand& hand, const ScriptLine& line) {
  hand.stage().platform().drop(hand.file(line.words[1]));
  hand.frames(1);
}

}  // namespace

std::vector<ScriptVerb> run_verbs() {
  constexpr auto kRun = VerbGroup::run;
  return {
      {.name = "wait",
       .group = kRun,
       .forms = {{"step N", "draws frames until step N (from 0) is published"},
                 {"steps N", "N more steps"},
                 {"state PHASE",
                  "`starting`, `paused`, `running`, `at_context_end`, `failed`, `saved`"},
                 {"idle", "until every command was carried out"},
                 {"opened", "until nothing is being opened any more"}},
       .run = wait_for},
      {.name = "timeout",
       .group = kRun,
       .forms = {{"SECONDS", "how long any wait may take (30)"}},
       .run = set_timeout},
      {.name = "advance",
       .group = kRun,
       .forms = {{"N", "makes exactly N steps, then pauses: the same picture every time"}},
       .run = advance},
      {.name = "until",
       .group = kRun,
       .forms = {{"EVENT [VALUE]",
                  "generates until it happens: `step 200`, `eviction`, `position 58`, "
                  "`disagreement`, `kl 0.5`"}},
       .run = run_until},
      {.name = "speed",
       .group = kRun,
       .forms = {{"N", "tokens per second, 0 is unlimited"}},
       .run = set_speed},
      {.name = "prompt",
       .group = kRun,
       .forms = {{"TEXT", "begins a new run from this text"}},
       .run = set_prompt},
      {.name = "set",
       .group = kRun,
       .forms = {{"KNOB VALUE", "sends a knob's value: `set sketch_width 256`"}},
       .run = set},
      {.name = "turn",
       .group = kRun,
       .forms = {{"KNOB", "the next of a series of values over the knob's whole range"}},
       .run = turn},
      {.name = "open",
       .group = kRun,
       .forms = {{"PATH",
                  "opens a model directory, a `.scope` run, a text or a folder of results. A path "
                  "is looked for in the output folder, then beside the script"}},
       .run = open_path},
      {.name = "drop",
       .group = kRun,
       .forms = {{"PATH", "lets it fall on the window"}},
       .run = drop_path},
  };
}

}  // namespace sketchscope
