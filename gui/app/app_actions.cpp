// What a person can do in the window. One table feeds buttons, shortcuts, palette and scripts.
#include "gui/app/app.hpp"

#include <algorithm>

namespace sketchscope {
namespace {

constexpr KeyChord plain(Key key) {
  return {.key = key};
}
constexpr KeyChord control(char symbol) {
  return {.key = key_of(symbol), .control = true};
}

constexpr float kZoomStep = 1.1F;
constexpr double kRangeZoom = 1.5;
constexpr double kPanShare = 0.25;
constexpr int kManySteps = 10;
constexpr double kReadableSpeed = 10;  // tokens per second that an eye can follow

}  // namespace

void App::add_run_actions() {
  const auto running = [this] { return state_->phase == RunPhase::running; };
  const auto can_go_on = [this] {
    return state_->phase == RunPhase::paused || state_->phase == RunPhase::running;
  };
  actions_.add({.name = "play",
                .title = "Play",
                .help = "Generate until paused",
                .enabled = [this] { return state_->phase == RunPhase::paused; },
                .run = [this] { send_(command::Play{}, {}); }});
  actions_.add({.name = "pause",
                .title = "Pause",
                .help = "Stop at the next step",
                .enabled = running,
                .run = [this] { send_(command::Pause{}, {}); }});
  actions_.add({.name = "play_or_pause",
                .title = "Play or pause",
                .help = "",
                .key = plain(Key::space),
                .enabled = can_go_on,
                .run = [this, running] {
                  if (running()) {
                    send_(command::Pause{}, {});
                  } else {
                    send_(command::Play{}, {});
                  }
                }});
  actions_.add({.name = "step",
                .title = "One step",
                .help = "Generate one token, then pause",
                .key = plain(key_of('N')),
                .enabled = can_go_on,
                .run = [this] { send_(command::Step{1}, {}); }});
  actions_.add({.name = "ten_steps",
                .title = "Ten steps",
                .help = "Generate ten tokens, then pause",
                .key = KeyChord{.key = key_of('N'), .shift = true},
                .enabled = can_go_on,
                .run = [this] { send_(command::Step{kManySteps}, {}); }});
  actions_.add({.name = "restart",
                .title = "New run",
                .help = "The same prompt from the start, with the knobs as they are",
                .key = control('R'),
                .run = [this] { send_(command::Restart{}, "restart"); }});
  actions_.add({.name = "prompt",
                .title = "Prompt…",
                .help = "Write another prompt and start from it",
                .key = control('E'),
                .run = [this] { prompt_editor_.open(source_.prompt()); }});
  actions_.add({.name = "branch",
                .title = "Branch from the prompt",
                .help = "Many paths at once: one forks where the model is unsure",
                .key = control('B'),
                .run = [this] { send_(command::Branch{}, "branch"); }});
  actions_.add({.name = "end_branching",
                .title = "End branching",
                .help = "The watched path goes on alone",
                .enabled = [this] { return state_->branching != nullptr; },
                .run = [this] { send_(command::EndBranching{}, "branch"); }});
  actions_.add({.name = "speed_readable",
                .title = "Speed: readable",
                .help = "Ten tokens per second",
                .run = [this] { send_(command::SetSpeed{kReadableSpeed}, "speed"); }});
  actions_.add({.name = "speed_unlimited",
                .title = "Speed: unlimited",
                .help = "As fast as the machine allows",
                .run = [this] { send_(command::SetSpeed{0}, "speed"); }});
  actions_.add({.name = "twin",
                .title = "Twin on or off",
                .help = "The full-cache reference that divergence is measured against",
                .run = [this] { send_(command::SetTwin{!state_->twin}, "twin"); }});
  actions_.add({.name = "audit",
                .title = "Audit on or off",
                .help = "Keep evicted keys and values, only to measure",
                .run = [this] { send_(command::SetAudit{!state_->audit}, "audit"); }});
  actions_.add(
      {.name = "rebuild",
       .title = "Rebuild exactly",
       .help = "Replay the tokens under the knobs in force, so that no table is approximate",
       .run = [this] { send_(command::RebuildExactly{}, "rebuild"); }});
}

void App::add_view_actions() {
  actions_.add({.name = "palette",
                .title = "Search actions",
                .help = "Everything that can be done, by name",
                .key = control('P'),
                .run = [this] { palette_.open(); }});
  actions_.add({.name = "previous_step",
                .title = "Look at the step before",
                .help = "Lock the cursor of all panels",
                .key = plain(Key::left),
                .repeats = true,
                .run = [this] { move_cursor(-1); }});
  actions_.add({.name = "next_step",
                .title = "Look at the step after",
                .help = "Lock the cursor of all panels",
                .key = plain(Key::right),
                .repeats = true,
                .run = [this] { move_cursor(1); }});
  actions_.add({.name = "follow",
                .title = "Follow the newest step",
                .help = "Unlock the cursor, and let the step axes move with the run",
                .key = plain(Key::end),
                .run = [this] {
                  selection_.window.follow();
                  selection_.locked_step.reset();
                  selection_.locked_position.reset();
                  selection_.eviction.reset();
                }});
  add_range_actions();
  actions_.add({.name = "next_layer",
                .title = "Next layer",
                .help = "In the panels that show one layer",
                .key = plain(Key::down),
                .repeats = true,
                .run = [this] {
                  selection_.layer = (selection_.layer + 1) % source_.model().config.layers;
                }});
  actions_.add({.name = "previous_layer",
                .title = "Previous layer",
                .help = "In the panels that show one layer",
                .key = plain(Key::up),
                .repeats = true,
                .run = [this] {
                  const int layers = source_.model().config.layers;
                  selection_.layer = (selection_.layer + layers - 1) % layers;
                }});
  actions_.add({.name = "larger", .title = "Larger text", .key = control('='), .run = [this] {
                  set_zoom(zoom_ * kZoomStep);
                }});
  actions_.add({.name = "smaller", .title = "Smaller text", .key = control('-'), .run = [this] {
                  set_zoom(zoom_ / kZoomStep);
                }});
  actions_.add({.name = "picture",
                .title = "Save a picture of the window",
                .help = "As PNG, in the folder the program was started from",
                .key = control('S'),
                .run = [this] { picture_wanted_ = true; }});
  actions_.add({.name = "dismiss",
                .title = "Dismiss messages, show all panels",
                .key = plain(Key::escape),
                .run = [this] {
                  notices_.dismiss_all();
                  workspace_.show_alone({});
                }});
  actions_.add(
      {.name = "quit", .title = "Quit", .key = control('Q'), .run = [this] { platform_.close(); }});
}

void App::add_range_actions() {
  const auto steps = [this] { return static_cast<std::int64_t>(history_.size()); };
  const auto zoom = [this, steps](double factor) {
    const StepRange now = selection_.window.range(steps());
    const auto cursor = selection_.step(steps());
    const auto at = static_cast<double>(cursor.value_or(0));
    const bool inside = at >= now.first && at <= now.last;
    selection_.window.zoom(inside ? at : (now.first + now.last) / 2, factor, steps());
  };
  const auto pan = [this, steps](double share) {
    selection_.window.pan(share * selection_.window.range(steps()).width(), steps());
  };
  const auto zoomed = [this] { return !selection_.window.shows_all(); };
  actions_.add({.name = "zoom_in",
                .title = "Fewer steps",
                .help = "Zoom all step axes in around the cursor",
                .key = plain(key_of('=')),
                .repeats = true,
                .run = [zoom] { zoom(1 / kRangeZoom); }});
  actions_.add({.name = "zoom_out",
                .title = "More steps",
                .help = "Zoom all step axes out around the cursor",
                .key = plain(key_of('-')),
                .repeats = true,
                .enabled = zoomed,
                .run = [zoom] { zoom(kRangeZoom); }});
  actions_.add({.name = "pan_left",
                .title = "Earlier steps",
                .help = "Move all step axes by a quarter of their range",
                .key = KeyChord{.key = Key::left, .shift = true},
                .repeats = true,
                .enabled = zoomed,
                .run = [pan] { pan(-kPanShare); }});
  actions_.add({.name = "pan_right",
                .title = "Later steps",
                .help = "Move all step axes by a quarter of their range",
                .key = KeyChord{.key = Key::right, .shift = true},
                .repeats = true,
                .enabled = zoomed,
                .run = [pan] { pan(kPanShare); }});
  actions_.add({.name = "fit",
                .title = "The whole run",
                .help = "All step axes show every step, and those that come",
                .key = plain(key_of('F')),
                .enabled = zoomed,
                .run = [this] { selection_.window.fit(); }});
  actions_.add({.name = "log_scale",
                .title = "Divergence: logarithmic or linear",
                .help = "The scale of the axes of KL",
                .key = plain(key_of('L')),
                .run = [this] {
                  const bool linear = selection_.divergence_scale == Scale::linear;
                  selection_.divergence_scale = linear ? Scale::log10 : Scale::linear;
                }});
}

void App::add_panel_actions() {
  for (const Panel* panel : workspace_.panels()) {
    const std::string name(panel->name());
    actions_.add(
        {.name = "alone_" + name,
         .title = "Only " + std::string(panel->title()),
         .help = std::string(panel->help()),
         .run = [this, name] { workspace_.show_alone(workspace_.alone() == name ? "" : name); }});
  }
}

void App::move_cursor(std::int64_t by) {
  const auto steps = static_cast<std::int64_t>(history_.size());
  if (steps == 0) return;
  const std::int64_t from = selection_.locked_step.value_or(steps - 1);
  selection_.locked_step = std::clamp<std::int64_t>(from + by, 0, steps - 1);
}

}  // namespace sketchscope
