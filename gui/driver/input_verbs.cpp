// This file has the verbs of mouse and keyboard.
#include <string>
#include <utility>

#include "engine/core/error.hpp"
#include "engine/core/text.hpp"
#include "gui/driver/script.hpp"
#include "gui/driver/scripted_user.hpp"

namespace sketchscope::driver {
namespace {

std::string last_part(const std::string& path) {
  return path.substr(path.rfind('/') + 1);
}

/// Returns the point at a share of an item's size, given by the words from `first` on; its centre
/// by default.
plot::Point point_in(const plot::Rect& rect, const ScriptLine& line, std::size_t first) {
  if (line.words.size() < first + 2) return rect.center();
  const auto share = [&](const std::string& word) {
    const auto number = core::parse_number<double>(word);
    if (number && *number >= 0 && *number <= 1) return static_cast<float>(*number);
    throw core::UsageError({.what = line.verb(), .found = word, .expected = "a share from 0 to 1"});
  };
  return {rect.left + share(line.words[first]) * rect.width(),
          rect.top + share(line.words[first + 1]) * rect.height()};
}

void click(ScriptedUser& user, const ScriptLine& line) {
  const std::string& name = line.words[1];
  const widgets::ActionTable& actions = user.window().actions();
  if (actions.find(name) == nullptr) {
    return user.input().click(point_in(user.item(name).rect, line, 2));
  }
  if (!actions.run(name)) {
    throw core::Error({.what = "action '" + name + "'",
                       .found = "it is disabled in phase " + user.value("state.phase")});
  }
  user.frames(2);
}

void drag(ScriptedUser& user, const ScriptLine& line) {
  const plot::Rect slider = user.item(line.words[1]).rect;
  const std::string knob = last_part(line.words[1]);
  const std::string path = knob == "speed" ? "state.speed" : "wanted." + knob;
  const auto wanted = core::parse_number<double>(line.words[2]);
  if (!wanted) {
    throw core::UsageError({.what = "drag", .found = line.words[2], .expected = "a number"});
  }
  constexpr float kSmallestMove = 0.25F;
  const float middle = slider.center().y;
  float low = slider.left;
  float high = slider.right;
  SimulatedInput& input = user.input();
  input.move(slider.center());
  input.press();
  // Every slider increases to the right, so the place is found by bisection.
  std::string reached = user.value(path);
  while (high - low > kSmallestMove) {
    const float x = (low + high) / 2;
    const std::size_t steps = user.published_steps();
    input.move({x, middle});
    user.wait_idle();
    const std::string before = std::exchange(reached, user.value(path));
    if (reached != before) user.note_sent(knob, {steps, user.published_steps()});
    const double now = core::parse_number<double>(reached).value_or(0);
    if (now == *wanted) break;
    (now < *wanted ? low : high) = x;
  }
  input.release();
  user.remark("reached " + reached);
}

void hover(ScriptedUser& user, const ScriptLine& line) {
  user.input().move(point_in(user.item(line.words[1]).rect, line, 2));
  // Panels show the hovered object one frame later.
  user.frames(2);
}

void sweep(ScriptedUser& user, const ScriptLine& line) {
  const plot::Rect rect = user.item(line.words[1]).rect;
  const plot::Point to = point_in(rect, line, 4);
  SimulatedInput& input = user.input();
  input.move(point_in(rect, line, 2));
  input.press();
  input.move(to);
  input.move(to);
  input.release();
}

void scroll(ScriptedUser& user, const ScriptLine& line) {
  const auto notches = core::parse_number<double>(line.words[2]);
  if (!notches) {
    throw core::UsageError(
        {.what = "scroll", .found = line.words[2], .expected = "notches of the wheel"});
  }
  user.input().move(point_in(user.item(line.words[1]).rect, line, 3));
  user.input().scroll(static_cast<float>(*notches));
}

void type(ScriptedUser& user, const ScriptLine& line) {
  user.input().type(line.words[1]);
}

void key(ScriptedUser& user, const ScriptLine& line) {
  std::string text;
  for (std::size_t i = 1; i < line.words.size(); ++i) text += line.words[i] + " ";
  const auto chord = widgets::parse_chord(text);
  if (!chord) throw core::UsageError({.what = "key", .found = text, .expected = "a key: Ctrl P"});
  user.input().press_key(*chord);
}

void resize(ScriptedUser& user, const ScriptLine& line) {
  constexpr int kSmallest = 200;
  user.window().platform().resize(
      {static_cast<float>(script_number(line, line.words[1], kSmallest)),
       static_cast<float>(script_number(line, line.words[2], kSmallest))});
  user.frames(2);
}

void draw_frames(ScriptedUser& user, const ScriptLine& line) {
  user.frames(script_number(line, line.words[1], 1));
}

}  // namespace

std::vector<ScriptVerb> input_verbs() {
  return {
      {.name = "click",
       .forms = {{"ACTION", "runs an action: `click pause`"},
                 {"ITEM [X Y]",
                  "presses the mouse on an item, at a share of its width and height (0.5 0.5)"}},
       .run = click},
      {.name = "drag",
       .forms = {{"ITEM VALUE",
                  "moves a slider with the mouse until it shows the value, as near as its pixels "
                  "allow"}},
       .run = drag},
      {.name = "hover", .forms = {{"ITEM [X Y]", "rests the mouse on an item"}}, .run = hover},
      {.name = "sweep",
       .forms = {{"ITEM X1 Y1 X2 Y2",
                  "drags the mouse from one share of the item's size to another"}},
       .run = sweep},
      {.name = "scroll",
       .forms = {{"ITEM NOTCHES [X Y]", "turns the wheel over an item; above 0 is up"}},
       .run = scroll},
      {.name = "type",
       .forms = {{"TEXT", "types into the widget that has the keyboard"}},
       .run = type},
      {.name = "key", .forms = {{"[Ctrl] [Shift] KEY", "presses a key: `key Ctrl P`"}}, .run = key},
      {.name = "resize",
       .forms = {{"WIDTH HEIGHT", "resizes the window, in pixels"}},
       .run = resize},
      {.name = "frames", .forms = {{"N", "draws frames"}}, .run = draw_frames},
  };
}

}  // namespace sketchscope::driver
