#include "gui/app/run_controller.hpp"

#include <cmath>

#include "gui/view/comparison.hpp"

namespace sketchscope {
namespace {

constexpr int kManySteps = 10;
constexpr double kReadableSpeed = 10;  // tokens per second at which text is readable

}  // namespace

RunController::RunController(ShownRun& run, Recorder& recorder)
    : run_(run), send_([this, &recorder](Command command, std::string tag) {
        undo_.note(command, state().wanted);
        recorder.note_command(command);
        run_.source().send(std::move(command), std::move(tag));
      }) {}

bool RunController::can_go_on() const {
  return state().phase == RunPhase::paused || state().phase == RunPhase::running;
}

void RunController::add_actions(ActionTable& actions) {
  add_play_actions(actions);
  add_measure_actions(actions);
  add_until_actions(actions);
  add_compare_actions(actions);
}

void RunController::add_play_actions(ActionTable& actions) {
  const auto running = [this] { return state().phase == RunPhase::running; };
  const auto can_run = [this] { return can_go_on(); };
  actions.add({.name = "play",
               .title = "Play",
               .help = "Generate until paused",
               .enabled = [this] { return state().phase == RunPhase::paused; },
               .run = [this] { send_(command::Play{}, {}); }});
  actions.add({.name = "pause",
               .title = "Pause",
               .help = "Stop at the next step",
               .enabled = running,
               .run = [this] { send_(command::Pause{}, {}); }});
  actions.add({.name = "play_or_pause",
               .title = "Play or pause",
               .help = "",
               .key = plain_key(Key::space),
               .enabled = can_run,
               .run = [this, running] {
                 send_(running() ? Command(command::Pause{}) : Command(command::Play{}), {});
               }});
  actions.add({.name = "step",
               .title = "One step",
               .help = "Generate one token, then pause",
               .key = plain_key(key_of('N')),
               .enabled = can_run,
               .run = [this] { send_(command::Step{1}, {}); }});
  actions.add({.name = "ten_steps",
               .title = "Ten steps",
               .help = "Generate ten tokens, then pause",
               .key = KeyChord{.key = key_of('N'), .shift = true},
               .enabled = can_run,
               .run = [this] { send_(command::Step{kManySteps}, {}); }});
  actions.add({.name = "restart",
               .title = "New run",
               .help = "The same prompt from the start, with the knobs as they are",
               .key = control_key('R'),
               .run = [this] { send_(command::Restart{}, "restart"); }});
  actions.add({.name = "prompt",
               .title = "Prompt…",
               .help = "Write another prompt and start from it",
               .key = control_key('E'),
               .only_opens = true,
               .run = [this] { prompt_editor_.open(run_.source().prompt()); }});
}

void RunController::add_measure_actions(ActionTable& actions) {
  actions.add({.name = "branch",
               .title = "Branch from the prompt",
               .help = "Many paths at once: one forks where the model is unsure",
               .key = control_key('B'),
               .run = [this] { send_(command::Branch{}, "branch"); }});
  actions.add({.name = "end_branching",
               .title = "End branching",
               .help = "The watched path goes on alone",
               .enabled = [this] { return state().branching != nullptr; },
               .run = [this] { send_(command::EndBranching{}, "branch"); }});
  actions.add({.name = "speed_readable",
               .title = "Speed: readable",
               .help = "Ten tokens per second",
               .run = [this] { send_(command::SetSpeed{kReadableSpeed}, "speed"); }});
  actions.add({.name = "speed_unlimited",
               .title = "Speed: unlimited",
               .help = "As fast as the machine allows",
               .run = [this] { send_(command::SetSpeed{0}, "speed"); }});
  actions.add({.name = "twin",
               .title = "Twin on or off",
               .help = "The full-cache reference that divergence is measured against",
               .run = [this] { send_(command::SetTwin{!state().twin}, "twin"); }});
  actions.add({.name = "audit",
               .title = "Audit on or off",
               .help = "Keep evicted keys and values, only to measure",
               .run = [this] { send_(command::SetAudit{!state().audit}, "audit"); }});
  actions.add(
      {.name = "rebuild",
       .title = "Rebuild exactly",
       .help = "Replay the tokens under the knobs in force, so that no table is approximate",
       .run = [this] { send_(command::RebuildExactly{}, "rebuild"); }});
}

void RunController::add_until_actions(ActionTable& actions) {
  const auto can_run = [this] { return can_go_on(); };
  const auto until = [this](Breakpoint breakpoint) {
    send_(command::RunUntil{breakpoint}, "until");
  };
  actions.add({.name = "run_until",
               .title = "Run until…",
               .help = "A step, an eviction, a disagreement, a divergence",
               .key = control_key('U'),
               .only_opens = true,
               .enabled = can_run,
               .run = [this] { breakpoint_editor_.open(); }});
  actions.add({.name = "until_eviction",
               .title = "Run until something is evicted",
               .enabled = can_run,
               .run = [until] { until({Breakpoint::Kind::eviction}); }});
  actions.add(
      {.name = "until_this_is_evicted",
       .title = "Run until the locked position is evicted",
       .help = "Lock one with a click in the text or the raster",
       .enabled = [this,
                   can_run] { return can_run() && run_.selection().locked_position.has_value(); },
       .run =
           [this, until] {
             until({Breakpoint::Kind::position,
                    static_cast<double>(*run_.selection().locked_position)});
           }});
  actions.add({.name = "until_disagreement",
               .title = "Run until lane and twin disagree",
               .help = "About the likeliest next token",
               .enabled = [this, can_run] { return can_run() && state().twin; },
               .run = [until] { until({Breakpoint::Kind::disagreement}); }});
  actions.add({.name = "undo",
               .title = "Undo the last turn of a knob",
               .help = "At the next step; what was evicted stays so",
               .key = control_key('Z'),
               .enabled = [this] { return !undo_.empty(); },
               .run =
                   [this] {
                     if (const auto before = undo_.undo()) run_.source().send(*before, {});
                   }});
}

void RunController::add_compare_actions(ActionTable& actions) {
  const auto comparing = [this] { return state().other != nullptr; };
  const auto live = [this] { return state().phase != RunPhase::saved; };
  actions.add({.name = "compare",
               .title = "Compare with these knobs",
               .help = "Begin again with a second run, B, which keeps them; then turn those of A",
               .key = control_key('D'),
               .enabled = live,
               .run = [this] { send_(command::Compare{}, "compare"); }});
  actions.add({.name = "compare_same",
               .title = "Compare on the same tokens",
               .help = "Begin again with a second run, B, which keeps these knobs and is fed what "
                       "A draws",
               .enabled = live,
               .run = [this] { send_(command::Compare{ComparedTokens::same}, "compare"); }});
  actions.add(
      {.name = "continue_here",
       .title = "Continue from the step shown",
       .help = "Lock an earlier step: A goes on from there with the knobs as they are, the run so "
               "far stays as B",
       .key = plain_key(key_of('C')),
       .enabled =
           [this, live] {
             return live() && !state().branching && run_.selection().locked_step &&
                    *run_.selection().locked_step + 1 < run_.steps();
           },
       .run =
           [this] {
             const std::int64_t step = *run_.selection().locked_step;
             run_.keep_notes(step);
             send_(command::ContinueFrom{step}, "continue");
           }});
  actions.add({.name = "swap",
               .title = "Exchange A and B",
               .help = "The panels show the other run, and the knobs change it",
               .key = plain_key(key_of('X')),
               .enabled = comparing,
               .run = [this] {
                 undo_.clear();
                 send_(command::Swap{}, {});
               }});
  actions.add(
      {.name = "first_divergence",
       .title = "Look at the first difference of A and B",
       .help = "Lock the step that fed the first other token",
       .key = plain_key(key_of('D')),
       .enabled =
           [this] { return first_divergence(run_.history(), run_.other_history()).has_value(); },
       .run =
           [this] {
             const auto position = first_divergence(run_.history(), run_.other_history());
             Selection& selection = run_.selection();
             selection.locked_position = *position;
             selection.locked_step = run_.history().fed_at(*position);
           }});
  actions.add({.name = "end_compare",
               .title = "End comparing",
               .help = "A goes on alone",
               .enabled = comparing,
               .run = [this] { send_(command::EndCompare{}, "compare"); }});
}

float RunController::draw_context_end(const ControlContext& controls, const Rect& area) {
  const Theme& theme = controls.theme;
  const float unit = theme.unit();
  const Rect strip{area.left, area.top, area.right, area.top + std::round(unit * 3.2F)};
  controls.canvas.fill(strip, theme.accent.with_alpha(0.12));
  const std::string text = "The context is full: all " +
                           std::to_string(run_.model().config.positions) +
                           " positions of the model are used.";
  const TextStyle style{.color = theme.text, .vertical = VerticalAlign::middle};
  const float left = strip.left + unit * 1.3F;
  controls.canvas.text({left, strip.center().y}, text, style);

  const float width = unit * 8;
  Rect button = strip.inset(0, unit * 0.5F);
  button.left = left + controls.canvas.measure(text, style).width + unit * 1.5F;
  button.right = button.left + width;
  if (text_button(controls, "ContextEnd/new_run", button, "New run", Emphasis::accent,
                  "The same prompt again, with the knobs as they are.")) {
    send_(command::Restart{}, "restart");
  }
  button.left = button.right + unit * 0.6F;
  button.right = button.left + width;
  if (text_button(controls, "ContextEnd/prompt", button, "Prompt…", Emphasis::plain,
                  "Write another prompt.")) {
    prompt_editor_.open(run_.source().prompt());
  }
  return strip.bottom;
}

void RunController::draw(const ControlContext& controls, const Rect& window) {
  prompt_editor_.draw(controls, run_.source(), send_, window);
  breakpoint_editor_.draw(controls, send_, window);
}

}  // namespace sketchscope
