// This file has the verbs of the run: waits, steps, knobs, prompts and files.
#include <string>

#include "engine/core/error.hpp"
#include "engine/core/files.hpp"
#include "engine/core/text.hpp"
#include "engine/settings/knob_changes.hpp"
#include "gui/driver/script.hpp"
#include "gui/driver/scripted_user.hpp"

namespace sketchscope::driver {
namespace {

void wait_for(ScriptedUser& user, const ScriptLine& line) {
  const std::string& what = line.words[1];
  if (what == "idle" && line.words.size() == 2) return user.wait_idle();
  if (what == "given" && line.words.size() == 2) return user.wait_for_given_text();
  if (what == "opened" && line.words.size() == 2) {
    return user.wait_until("what is being opened",
                           [&] { return !user.window().facts().opening.has_value(); });
  }
  if (line.words.size() == 3 && what == "state") {
    const std::string& phase = line.words[2];
    return user.wait_until("state " + phase, [&] { return user.value("state.phase") == phase; });
  }
  if (line.words.size() == 3 && (what == "step" || what == "steps")) {
    auto wanted = static_cast<std::size_t>(script_number(line, line.words[2], 0));
    if (what == "steps") wanted += user.read_steps();
    if (what == "step") ++wanted;  // Steps count from 0.
    return user.wait_for_steps(line.text, wanted);
  }
  throw core::UsageError(
      {.what = "wait", .found = "'" + line.text + "'", .expected = usage_text(*find_verb("wait"))});
}

void set_timeout(ScriptedUser& user, const ScriptLine& line) {
  const auto seconds = core::parse_number<double>(line.words[1]);
  if (!seconds || !(*seconds > 0)) {
    throw core::UsageError(
        {.what = "timeout", .found = "'" + line.words[1] + "'", .expected = "seconds above 0"});
  }
  user.set_timeout(*seconds);
}

void advance(ScriptedUser& user, const ScriptLine& line) {
  const int count = script_number(line, line.words[1], 1);
  user.window().source().send(run::command::Pause{}, {});
  user.wait_idle();
  const std::size_t wanted = user.published_steps() + static_cast<std::size_t>(count);
  user.window().source().send(run::command::Step{count}, {});
  user.wait_for_steps(line.text, wanted);
}

void run_until(ScriptedUser& user, const ScriptLine& line) {
  const std::string argument = line.words.size() > 2 ? " " + line.words[2] : "";
  user.window().source().send(
      run::command::RunUntil{run::parse_breakpoint(line.words[1] + argument)}, "until");
}

void look(ScriptedUser& user, const ScriptLine& line) {
  user.wait_idle();
  const std::string& word = line.words[1];
  const std::string value = core::parse_number<double>(word) ? word : user.value(word);
  const auto step = core::parse_number<std::int64_t>(value);
  const auto steps = static_cast<std::int64_t>(user.read_steps());
  if (!step || *step < 0 || *step >= steps) {
    throw core::UsageError({.what = "look",
                            .found = value == word ? word : word + " " + value,
                            .expected = steps == 0 ? "a step, and there is none yet"
                                                   : "a step, 0 to " + std::to_string(steps - 1)});
  }
  user.window().look_at(*step);
  user.remark("at step " + value);
  // The first frame asks the engine for what the cache held then, the last one draws it.
  user.frames(1);
  user.wait_idle();
}

void set_speed(ScriptedUser& user, const ScriptLine& line) {
  const double speed = core::parse_number<double>(line.words[1]).value_or(-1);
  if (speed < 0) {
    throw core::UsageError(
        {.what = "speed", .found = line.words[1], .expected = "tokens per second, or 0"});
  }
  user.window().source().send(run::command::SetSpeed{speed}, "speed");
}

void set_prompt(ScriptedUser& user, const ScriptLine& line) {
  user.window().source().send(run::command::Restart{line.words[1]}, "restart");
}

void give(ScriptedUser& user, const ScriptLine& line) {
  user.window().source().send(run::command::Feed{.text = line.words[1]}, "restart");
}

void give_file(ScriptedUser& user, const ScriptLine& line) {
  user.window().source().send(run::command::Feed{.text = core::read_file(user.file(line.words[1]))},
                              "restart");
}

void set(ScriptedUser& user, const ScriptLine& line) {
  // An invalid value is refused before sending, as a widget would not offer it.
  settings::Knobs probe;
  settings::set_knob(probe, line.words[1], line.words[2]);
  user.send_knob(line.words[1], line.words[2]);
  user.frames(1);
}

void turn(ScriptedUser& user, const ScriptLine& line) {
  user.remark("to " + user.turn_knob(line.words[1]));
  user.frames(1);
}

void add_run(ScriptedUser& user, const ScriptLine& line) {
  std::string changes;
  for (std::size_t word = 1; word < line.words.size(); ++word) changes += line.words[word] + ",";
  user.window().send(
      run::command::AddRun{settings::with_changes(user.window().facts().state.wanted, changes)},
      {});
  user.wait_idle();
}

void lay_over(ScriptedUser& user, const ScriptLine& line) {
  user.window().lay_over(user.file(line.words[1]));
}

void move_panel(ScriptedUser& user, const ScriptLine& line) {
  user.window().move_panel(line.words[1], line.words[2], line.words[3]);
  user.frames(1);
}

void open_path(ScriptedUser& user, const ScriptLine& line) {
  user.window().open(user.file(line.words[1]));
}

void drop_path(ScriptedUser& user, const ScriptLine& line) {
  user.window().platform().drop(user.file(line.words[1]));
  user.frames(1);
}

}  // namespace

std::vector<ScriptVerb> run_verbs() {
  return {
      {.name = "wait",
       .forms = {{"step N", "draws frames until step N (from 0) is published"},
                 {"steps N", "N more steps"},
                 {"state PHASE",
                  "`starting`, `paused`, `running`, `at_context_end`, `failed`, `saved`"},
                 {"idle", "until every command was carried out"},
                 {"given", "until the given text has ended"},
                 {"opened", "until nothing is being opened any more"}},
       .run = wait_for},
      {.name = "timeout",
       .forms = {{"SECONDS", "how long any wait may take (30)"}},
       .run = set_timeout},
      {.name = "advance",
       .forms = {{"N", "makes exactly N steps, then pauses: the same picture every time"}},
       .run = advance},
      {.name = "until",
       .forms = {{"EVENT [VALUE]",
                  "generates until it happens: `step 200`, `eviction`, `position 58`, "
                  "`disagreement`, `kl 0.5`"}},
       .run = run_until},
      {.name = "look",
       .forms = {{"STEP",
                  "locks the step that all panels show: its number or a value, as in "
                  "`look step_of_max(last.logit_kl)`; `click follow` unlocks it"}},
       .run = look},
      {.name = "speed", .forms = {{"N", "tokens per second, 0 is unlimited"}}, .run = set_speed},
      {.name = "prompt", .forms = {{"TEXT", "begins a new run from this text"}}, .run = set_prompt},
      {.name = "give",
       .forms =
           {{"TEXT",
             "begins a new run that is given this text token by token, each scored: it plays and "
             "pauses at the text's end, for which `wait given` waits"}},
       .run = give},
      {.name = "give_file",
       .forms = {{"PATH", "the same with the text of a file"}},
       .run = give_file},
      {.name = "set",
       .forms = {{"KNOB VALUE", "sends a knob's value: `set sketch_width 256`"}},
       .run = set},
      {.name = "turn",
       .forms = {{"KNOB", "the next of a series of values over the knob's whole range"}},
       .run = turn},
      {.name = "add_run",
       .forms =
           {{"KNOB=VALUE…",
             "adds a run beside A, with A's knobs but for these, that is fed the same tokens"}},
       .run = add_run},
      {.name = "lay_over",
       .forms = {{"PATH", "shows a `.scope` run over the others in all charts over steps"}},
       .run = lay_over},
      {.name = "move",
       .forms = {{"PANEL SIDE PANEL",
                  "moves a card: `tab`, `above`, `below`, `left_of` or `right_of` another one"}},
       .run = move_panel},
      {.name = "open",
       .forms = {{"PATH",
                  "opens a model directory, a `.scope` run, a text or a folder of results. A path "
                  "is looked for in the output folder, then beside the script"}},
       .run = open_path},
      {.name = "drop", .forms = {{"PATH", "lets it fall on the window"}}, .run = drop_path},
  };
}

}  // namespace sketchscope::driver
