// What a person can do in the window. One table feeds buttons, shortcuts, palette and scripts.
#include "gui/app/app.hpp"

#include <algorithm>

#include "gui/view/comparison.hpp"

namespace sketchscope {
namespace {

constexpr KeyChord plain(Key key) {
  return {.key = key};
}
constexpr KeyChord control(char symbol) {
  return {.key = key_of(symbol), .control = true};
}

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
                .only_opens = true,
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

void App::add_until_actions() {
  const auto can_run = [this] {
    return state_->phase == RunPhase::paused || state_->phase == RunPhase::running;
  };
  const auto until = [this](Breakpoint breakpoint) {
    send_(command::RunUntil{breakpoint}, "until");
  };
  actions_.add({.name = "run_until",
                .title = "Run until…",
                .help = "A step, an eviction, a disagreement, a divergence",
                .key = control('U'),
                .only_opens = true,
                .enabled = can_run,
                .run = [this] { breakpoint_editor_.open(); }});
  actions_.add({.name = "until_eviction",
                .title = "Run until something is evicted",
                .enabled = can_run,
                .run = [until] { until({Breakpoint::Kind::eviction}); }});
  actions_.add(
      {.name = "until_this_is_evicted",
       .title = "Run until the locked position is evicted",
       .help = "Lock one with a click in the text or the raster",
       .enabled = [this, can_run] { return can_run() && selection_.locked_position.has_value(); },
       .run =
           [this, until] {
             until({Breakpoint::Kind::position, static_cast<double>(*selection_.locked_position)});
           }});
  actions_.add({.name = "until_disagreement",
                .title = "Run until lane and twin disagree",
                .help = "About the likeliest next token",
                .enabled = [this, can_run] { return can_run() && state_->twin; },
                .run = [until] { until({Breakpoint::Kind::disagreement}); }});
  actions_.add({.name = "undo",
                .title = "Undo the last turn of a knob",
                .help = "At the next step; what was evicted stays so",
                .key = control('Z'),
                .enabled = [this] { return !undo_.empty(); },
                .run =
                    [this] {
                      if (const auto before = undo_.undo()) source_.send(*before, {});
                    }});
}

void App::add_compare_actions() {
  const auto comparing = [this] { return state_->other != nullptr; };
  const auto live = [this] { return state_->phase != RunPhase::saved; };
  actions_.add({.name = "compare",
                .title = "Compare with these knobs",
                .help = "Begin again with a second run, B, which keeps them; then turn those of A",
                .key = control('D'),
                .enabled = live,
                .run = [this] { send_(command::Compare{}, "compare"); }});
  actions_.add({.name = "compare_same",
                .title = "Compare on the same tokens",
                .help = "Begin again with a second run, B, which keeps these knobs and is fed what "
                        "A draws",
                .enabled = live,
                .run = [this] { send_(command::Compare{ComparedTokens::same}, "compare"); }});
  actions_.add(
      {.name = "continue_here",
       .title = "Continue from the step shown",
       .help = "Lock an earlier step: A goes on from there with the knobs as they are, the run so "
               "far stays as B",
       .key = plain(key_of('C')),
       .enabled =
           [this, live] {
             const auto steps = static_cast<std::int64_t>(history_.size());
             return live() && !state_->branching && selection_.locked_step &&
                    *selection_.locked_step + 1 < steps;
           },
       .run =
           [this] {
             const std::int64_t step = *selection_.locked_step;
             notes_to_keep_ = notes_;
             std::erase_if(*notes_to_keep_,
                           [step](const StepNote& note) { return note.step > step; });
             send_(command::ContinueFrom{step}, "continue");
           }});
  actions_.add({.name = "swap",
                .title = "Exchange A and B",
                .help = "The panels show the other run, and the knobs change it",
                .key = plain(key_of('X')),
                .enabled = comparing,
                .run = [this] {
                  undo_.clear();
                  send_(command::Swap{}, {});
                }});
  actions_.add(
      {.name = "first_divergence",
       .title = "Look at the first difference of A and B",
       .help = "Lock the step that fed the first other token",
       .key = plain(key_of('D')),
       .enabled = [this] { return first_divergence(history_, other_history_).has_value(); },
       .run =
           [this] {
             const auto position = first_divergence(history_, other_history_);
             selection_.locked_position = *position;
             selection_.locked_step = history_.fed_at(*position);
           }});
  actions_.add({.name = "end_compare",
                .title = "End comparing",
                .help = "A goes on alone",
                .enabled = comparing,
                .run = [this] { send_(command::EndCompare{}, "compare"); }});
}

void App::add_view_actions() {
  actions_.add({.name = "palette",
                .title = "Search actions",
                .help = "Everything that can be done, by name",
                .key = control('P'),
                .only_opens = true,
                .run = [this] { palette_.open(); }});
  actions_.add({.name = "shortcuts",
                .title = "Shortcuts",
                .help = "Every key on one sheet",
                .key = plain(Key::f1),
                .only_opens = true,
                .run = [this] { shortcut_sheet_.open(); }});
  actions_.add({.name = "messages",
                .title = "Messages",
                .help = "The latest that was said, dismissed or not",
                .key = plain(Key::f2),
                .only_opens = true,
                .run = [this] { message_sheet_.open(); }});
  const auto begun = [this] { return !history_.empty(); };
  actions_.add({.name = "previous_step",
                .title = "Look at the step before",
                .help = "Lock the cursor of all panels",
                .key = plain(Key::left),
                .repeats = true,
                .enabled = begun,
                .run = [this] { move_cursor(-1); }});
  actions_.add({.name = "next_step",
                .title = "Look at the step after",
                .help = "Lock the cursor of all panels",
                .key = plain(Key::right),
                .repeats = true,
                .enabled = begun,
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

void App::move_cursor(std::int64_t by) {
  const auto steps = static_cast<std::int64_t>(history_.size());
  if (steps == 0) return;
  const std::int64_t from = selection_.locked_step.value_or(steps - 1);
  selection_.locked_step = std::clamp<std::int64_t>(from + by, 0, steps - 1);
}

}  // namespace sketchscope
