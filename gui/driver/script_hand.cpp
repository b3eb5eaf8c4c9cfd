#include "gui/driver/script_hand.hpp"

#include <chrono>
#include <string_view>
#include <utility>

#include "engine/core/error.hpp"
#include "engine/core/text.hpp"
#include "gui/driver/turn_knob.hpp"
#include "gui/driver/values.hpp"
#include "gui/driver/verbs.hpp"
#include "gui/platform/picture.hpp"

namespace sketchscope {
namespace {

constexpr double kPollSeconds = 0.005;

std::string steps_text(std::size_t steps) {
  return std::to_string(steps) + " steps";
}

}  // namespace

ScriptHand::ScriptHand(Stage& stage, std::filesystem::path out, std::filesystem::path folder)
    : stage_(stage), robot_(stage), out_(std::move(out)), folder_(std::move(folder)) {
  // An auto-sized ImGui window is invisible in its first frame.
  frames(2);
}

void ScriptHand::carry_out(const ScriptLine& line) {
  const ScriptVerb* verb = find_verb(line.verb());
  if (verb == nullptr || verb->run == nullptr) {
    throw UsageError({.what = "script line " + std::to_string(line.number),
                      .found = "'" + line.text + "'",
                      .expected = "a statement that does something by itself"});
  }
  verb->run(*this, line);
}

std::string ScriptHand::take_remark() {
  return std::exchange(remark_, {});
}

std::filesystem::path ScriptHand::file(const std::string& name) const {
  std::error_code ignored;
  const bool made_here = std::filesystem::exists(out_ / name, ignored);
  return (made_here ? out_ : folder_) / name;
}

void ScriptHand::frames(int count) {
  for (int i = 0; i < count; ++i) stage_.frame();
}

void ScriptHand::wait_until(const std::string& what, const std::function<bool()>& done) {
  using Clock = std::chrono::steady_clock;
  const auto give_up = Clock::now() + std::chrono::duration<double>(timeout_seconds_);
  stage_.frame();
  while (!done()) {
    if (stage_.platform().closing()) throw Error("the window was closed while a script waited");
    if (Clock::now() > give_up) {
      throw Error({.what = "waited " + number_text(timeout_seconds_) + " s for " + what,
                   .found = "phase " + value("state.phase") + " after " + steps_text(read_steps()) +
                            ", last error: " + value("errors.last")});
    }
    stage_.platform().wait(kPollSeconds);
    stage_.frame();
  }
}

void ScriptHand::wait_idle() {
  wait_until("every command to be carried out", [&] { return stage_.source().idle(); });
  // Another frame reads what the last command published after the former one.
  stage_.frame();
}

void ScriptHand::wait_for_steps(const std::string& what, std::size_t steps) {
  wait_until(what, [&] {
    if (read_steps() >= steps) return true;
    refuse_if_over(steps);
    return false;
  });
}

void ScriptHand::refuse_if_over(std::size_t steps) const {
  const RunPhase phase = stage_.facts().state.phase;
  const bool over = phase == RunPhase::at_context_end || phase == RunPhase::failed;
  // The state may be newer than the records read by this frame.
  if (!over || !stage_.source().idle() || published_steps() >= steps) return;
  throw Error({.what = "the run is over",
               .found = steps_text(published_steps()) + ", phase " + value("state.phase"),
               .expected = steps_text(steps)});
}

std::size_t ScriptHand::published_steps() const {
  return stage_.source().log().read(0, 0).records.size();
}

void ScriptHand::send_knob(const std::string& knob, const std::string& value) {
  const std::size_t before = published_steps();
  stage_.send(command::SetKnob{knob, value}, "knob/" + knob);
  note_sent(knob, {before, published_steps()});
}

std::optional<ScriptHand::Sent> ScriptHand::sent(const std::string& knob) const {
  const auto found = sent_.find(knob);
  return found == sent_.end() ? std::nullopt : std::optional(found->second);
}

std::string ScriptHand::turn_knob(const std::string& knob) {
  const KnobInfo& info = knob_info(knob);
  // The published state has the sent knobs only once all commands were carried out.
  if (stage_.source().idle()) turned_ = stage_.source().state()->wanted;
  std::string next = turned_value(turned_, info, turns_[knob]++);
  set_knob(turned_, info.name, next);
  send_knob(knob, next);
  return next;
}

Item ScriptHand::item(const std::string& path) const {
  const auto found = stage_.items().find(path);
  if (found && found->enabled) return *found;
  const auto names = stage_.items().nearest(path, 5);
  throw Error(
      {.what = "item '" + path + "'",
       .found = found ? "it is disabled" : "none of that name on the screen",
       .expected = "an item, nearest: " + join({names.begin(), names.end()}) +
                   "; or, to click, an action, nearest: " + join(stage_.actions().nearest(path))});
}

std::string ScriptHand::value(const std::string& path) const {
  const Values values = collect_values(stage_);
  const auto found = values.find(path);
  if (found != values.end()) return found->second;
  std::vector<std::string_view> names;
  for (const auto& [name, text] : values) names.push_back(name);
  throw UsageError({.what = "value",
                    .found = "'" + path + "'",
                    .expected = "one of the values, nearest: " + join(nearest(path, names, 5))});
}

Image ScriptHand::picture(const std::string& path) {
  stage_.frame();
  return path == "window" ? stage_.screenshot() : cropped(stage_.screenshot(), item(path).rect);
}

void ScriptHand::screenshot(const std::string& file, const std::string& item) {
  stage_.save_picture(picture(item), out_ / file);
}

}  // namespace sketchscope
