#include "gui/driver/script_hand.hpp"

#include <array>
#include <chrono>
#include <string_view>
#include <utility>

#include "engine/core/error.hpp"
#include "engine/core/text.hpp"
#include "gui/driver/picture.hpp"
#include "gui/driver/turn_knob.hpp"

namespace sketchscope {
namespace {

using Clock = std::chrono::steady_clock;

constexpr double kPollSeconds = 0.005;

double seconds_of(const ScriptLine& line, const std::string& word) {
  const auto value = parse_number<double>(word);
  if (value && *value > 0) return *value;
  throw UsageError({.what = line.verb(), .found = "'" + word + "'", .expected = "seconds above 0"});
}

std::string last_part(const std::string& path) {
  return path.substr(path.rfind('/') + 1);
}

std::string steps_text(std::size_t steps) {
  return std::to_string(steps) + " steps";
}

}  // namespace

ScriptHand::ScriptHand(App& app, std::filesystem::path out, std::filesystem::path folder)
    : app_(app), robot_(app), out_(std::move(out)), folder_(std::move(folder)) {
  // A window that sizes itself shows nothing in its first frame.
  frames(2);
}

void ScriptHand::carry_out(const ScriptLine& line) {
  using Act = void (*)(ScriptHand&, const ScriptLine&);
  static const std::map<std::string_view, Act> acts = {
      {"wait", [](auto& hand, const auto& at) { hand.wait(at); }},
      {"timeout",
       [](auto& hand, const auto& at) { hand.timeout_seconds_ = seconds_of(at, at.words[1]); }},
      {"open", [](auto& hand, const auto& at) { hand.app_.open(hand.file(at.words[1])); }},
      {"drop",
       [](auto& hand, const auto& at) {
         hand.app_.platform().drop(hand.file(at.words[1]));
         hand.frames(1);
       }},
      {"until",
       [](auto& hand, const auto& at) {
         const std::string argument = at.words.size() > 2 ? " " + at.words[2] : "";
         hand.app_.source().send(command::RunUntil{parse_breakpoint(at.words[1] + argument)},
                                 "until");
       }},
      {"prompt",
       [](auto& hand, const auto& at) {
         hand.app_.source().send(command::Restart{at.words[1]}, "restart");
       }},
      {"advance", [](auto& hand, const auto& at) { hand.advance(at); }},
      {"set", [](auto& hand, const auto& at) { hand.set(at); }},
      {"turn", [](auto& hand, const auto& at) { hand.turn(at); }},
      {"drag", [](auto& hand, const auto& at) { hand.drag(at); }},
      {"click", [](auto& hand, const auto& at) { hand.click(at); }},
      {"hover", [](auto& hand, const auto& at) { hand.hover(at); }},
      {"type", [](auto& hand, const auto& at) { hand.robot_.type(at.words[1]); }},
      {"sweep", [](auto& hand, const auto& at) { hand.sweep(at); }},
      {"scroll", [](auto& hand, const auto& at) { hand.scroll(at); }},
      {"key", [](auto& hand, const auto& at) { hand.key(at); }},
      {"speed",
       [](auto& hand, const auto& at) {
         const double speed = parse_number<double>(at.words[1]).value_or(-1);
         if (speed < 0) {
           throw UsageError(
               {.what = "speed", .found = at.words[1], .expected = "tokens per second, or 0"});
         }
         hand.app_.source().send(command::SetSpeed{speed}, "speed");
       }},
      {"expect", [](auto& hand, const auto& at) { hand.expect(at); }},
      {"screenshot",
       [](auto& hand, const auto& at) {
         hand.screenshot(at.words[1], at.words.size() > 2 ? at.words[2] : "window");
       }},
      {"resize", [](auto& hand, const auto& at) { hand.resize(at); }},
      {"frames",
       [](auto& hand, const auto& at) { hand.frames(script_number(at, at.words[1], 1)); }},
  };
  acts.at(line.verb())(*this, line);
}

std::string ScriptHand::take_remark() {
  return std::exchange(remark_, {});
}

void ScriptHand::screenshot(const std::string& file, const std::string& item) {
  app_.save_picture(picture(item), out_ / file);
}

Image ScriptHand::picture(const std::string& path) {
  app_.frame();
  return path == "window" ? app_.screenshot() : cropped(app_.screenshot(), item(path).rect);
}

void ScriptHand::frames(int count) {
  for (int i = 0; i < count; ++i) app_.frame();
}

void ScriptHand::wait_until(const std::string& what, const std::function<bool()>& done) {
  const auto give_up = Clock::now() + std::chrono::duration<double>(timeout_seconds_);
  app_.frame();
  while (!done()) {
    if (app_.platform().closing()) throw Error("the window was closed while a script waited");
    if (Clock::now() > give_up) {
      throw Error({.what = "waited " + number_text(timeout_seconds_) + " s for " + what,
                   .found = "phase " + value("state.phase") + " after " +
                            steps_text(app_.history().size()) +
                            ", last error: " + value("errors.last")});
    }
    app_.platform().wait(kPollSeconds);
    app_.frame();
  }
}

void ScriptHand::wait_idle() {
  wait_until("every command to be carried out", [&] { return app_.source().idle(); });
  // One more, for what the last command published after the frame had read.
  app_.frame();
}

std::filesystem::path ScriptHand::file(const std::string& name) const {
  std::error_code ignored;
  const bool made_here = std::filesystem::exists(out_ / name, ignored);
  return (made_here ? out_ : folder_) / name;
}

void ScriptHand::wait(const ScriptLine& line) {
  const std::string& what = line.words[1];
  if (what == "idle" && line.words.size() == 2) return wait_idle();
  if (what == "opened" && line.words.size() == 2) {
    return wait_until("what is being opened", [&] { return app_.opening() == nullptr; });
  }
  if (line.words.size() == 3 && what == "state") {
    const std::string& phase = line.words[2];
    return wait_until("state " + phase, [&] { return value("state.phase") == phase; });
  }
  if (line.words.size() == 3 && (what == "step" || what == "steps")) {
    auto wanted = static_cast<std::size_t>(script_number(line, line.words[2], 0));
    if (what == "steps") wanted += app_.history().size();
    if (what == "step") ++wanted;  // Steps count from 0.
    return wait_until(line.text, [&] {
      if (app_.history().size() >= wanted) return true;
      refuse_if_over(wanted);
      return false;
    });
  }
  throw UsageError({.what = "wait",
                    .found = "'" + line.text + "'",
                    .expected = "step N, steps N, state PHASE, idle, or opened"});
}

void ScriptHand::advance(const ScriptLine& line) {
  const int count = script_number(line, line.words[1], 1);
  app_.source().send(command::Pause{}, {});
  wait_idle();
  const std::size_t wanted = published_steps() + static_cast<std::size_t>(count);
  app_.source().send(command::Step{count}, {});
  wait_until(line.text, [&] {
    if (app_.history().size() >= wanted) return true;
    refuse_if_over(wanted);
    return false;
  });
}

void ScriptHand::refuse_if_over(std::size_t steps) const {
  const RunPhase phase = app_.state().phase;
  const bool over = phase == RunPhase::at_context_end || phase == RunPhase::failed;
  // The state may be newer than the records that this frame has read.
  if (!over || !app_.source().idle() || published_steps() >= steps) return;
  throw Error({.what = "the run is over",
               .found = steps_text(published_steps()) + ", phase " + value("state.phase"),
               .expected = steps_text(steps)});
}

std::size_t ScriptHand::published_steps() const {
  return app_.source().log().read(0, 0).records.size();
}

void ScriptHand::send_knob(const std::string& knob, const std::string& value) {
  const std::size_t before = published_steps();
  app_.send(command::SetKnob{knob, value}, "knob/" + knob);
  sent_[knob] = {before, published_steps()};
}

void ScriptHand::set(const ScriptLine& line) {
  // Refused here already, as the widget would not offer it.
  Knobs probe;
  set_knob(probe, line.words[1], line.words[2]);
  send_knob(line.words[1], line.words[2]);
  app_.frame();
}

void ScriptHand::turn(const ScriptLine& line) {
  const KnobInfo& knob = knob_info(line.words[1]);
  // While commands are on their way the published state does not know them yet.
  if (app_.source().idle()) turned_ = app_.source().state()->wanted;
  const std::string next = turned_value(turned_, knob, turns_[line.words[1]]++);
  set_knob(turned_, knob.name, next);
  remark_ = "to " + next;
  send_knob(line.words[1], next);
  app_.frame();
}

Item ScriptHand::item(const std::string& path) const {
  const auto found = app_.items().find(path);
  if (found && found->enabled) return *found;
  const auto names = app_.items().nearest(path, 5);
  std::vector<std::string_view> actions;
  for (const Action& action : app_.actions().all()) actions.emplace_back(action.name);
  throw Error({.what = "item '" + path + "'",
               .found = found ? "it is disabled" : "none of that name on the screen",
               .expected = "an item, nearest: " + join({names.begin(), names.end()}) +
                           "; or, to click, an action, nearest: " + join(nearest(path, actions))});
}

void ScriptHand::drag(const ScriptLine& line) {
  const Rect slider = item(line.words[1]).rect;
  const std::string knob = last_part(line.words[1]);
  const std::string path = knob == "speed" ? "state.speed" : "wanted." + knob;
  const auto wanted = parse_number<double>(line.words[2]);
  if (!wanted) {
    throw UsageError({.what = "drag", .found = line.words[2], .expected = "a number"});
  }
  constexpr float kSmallestMove = 0.25F;
  const float middle = slider.center().y;
  float low = slider.left;
  float high = slider.right;
  robot_.move(slider.center());
  robot_.press();
  // Every slider rises to the right, so the place is found by halving.
  std::string reached = value(path);
  while (high - low > kSmallestMove) {
    const float x = (low + high) / 2;
    const std::size_t steps = published_steps();
    robot_.move({x, middle});
    wait_idle();
    const std::string before = std::exchange(reached, value(path));
    if (reached != before) sent_[knob] = {steps, published_steps()};
    const double now = parse_number<double>(reached).value_or(0);
    if (now == *wanted) break;
    (now < *wanted ? low : high) = x;
  }
  robot_.release();
  remark_ = "reached " + reached;
}

void ScriptHand::click(const ScriptLine& line) {
  const std::string& name = line.words[1];
  const Action* action = app_.actions().find(name);
  if (action == nullptr) {
    const Rect rect = item(name).rect;
    return robot_.click(line.words.size() == 4 ? point_in(rect, line, 2) : rect.center());
  }
  if (!action->is_enabled()) {
    throw Error({.what = "action '" + name + "'",
                 .found = "it is disabled in phase " + value("state.phase")});
  }
  action->run();
  app_.frame();
  app_.frame();
}

Point ScriptHand::point_in(const Rect& rect, const ScriptLine& line, std::size_t first) const {
  const auto share = [&](const std::string& word) {
    const auto number = parse_number<double>(word);
    if (number && *number >= 0 && *number <= 1) return static_cast<float>(*number);
    throw UsageError({.what = line.verb(), .found = word, .expected = "a share from 0 to 1"});
  };
  return {rect.left + share(line.words.at(first)) * rect.width(),
          rect.top + share(line.words.at(first + 1)) * rect.height()};
}

void ScriptHand::hover(const ScriptLine& line) {
  const Rect rect = item(line.words[1]).rect;
  robot_.move(line.words.size() == 4 ? point_in(rect, line, 2) : rect.center());
  // What is hovered is shown by all panels one frame later.
  frames(2);
}

void ScriptHand::sweep(const ScriptLine& line) {
  const Rect rect = item(line.words[1]).rect;
  const Point to = point_in(rect, line, 4);
  robot_.move(point_in(rect, line, 2));
  robot_.press();
  robot_.move(to);
  robot_.move(to);
  robot_.release();
}

void ScriptHand::scroll(const ScriptLine& line) {
  const auto notches = parse_number<double>(line.words[2]);
  if (!notches) {
    throw UsageError(
        {.what = "scroll", .found = line.words[2], .expected = "notches of the wheel"});
  }
  const Rect rect = item(line.words[1]).rect;
  robot_.move(line.words.size() == 5 ? point_in(rect, line, 3) : rect.center());
  robot_.scroll(static_cast<float>(*notches));
}

void ScriptHand::key(const ScriptLine& line) {
  std::string text;
  for (std::size_t i = 1; i < line.words.size(); ++i) text += line.words[i] + " ";
  const auto chord = parse_chord(text);
  if (!chord) throw UsageError({.what = "key", .found = text, .expected = "a key: Ctrl P"});
  robot_.press_key(*chord);
}

void ScriptHand::resize(const ScriptLine& line) {
  constexpr int kSmallest = 200;
  app_.resize({static_cast<float>(script_number(line, line.words[1], kSmallest)),
               static_cast<float>(script_number(line, line.words[2], kSmallest))});
  frames(2);
}

}  // namespace sketchscope
