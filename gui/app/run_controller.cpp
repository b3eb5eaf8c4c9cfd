#include "gui/app/run_controller.hpp"

#include <imgui.h>

#include <cmath>
#include <variant>

#include "gui/panels/explained_eviction.hpp"
#include "gui/view/running_comparison.hpp"

namespace sketchscope::app {
namespace {

constexpr int kManySteps = 10;         // of the action "ten_steps"
constexpr double kReadableSpeed = 10;  // tokens per second at which text is readable

/// Returns whether a command replaces the run on the screen by another.
bool replaces_run(const run::Command& command) {
  return std::holds_alternative<run::command::Restart>(command) ||
         std::holds_alternative<run::command::Feed>(command) ||
         std::holds_alternative<run::command::Resume>(command) ||
         std::holds_alternative<run::command::Branch>(command) ||
         std::holds_alternative<run::command::Compare>(command);
}

std::optional<int> first_difference(const view::History& a, const view::History& b) {
  const view::RunningComparison comparison = view::comparison_of(a, b);
  if (const auto position = comparison.first_divergence()) return position;
  return comparison.first_other_victims();
}

}  // namespace

RunController::RunController(ShownRun& run, Workspace& workspace, driver::Recorder& recorder)
    : run_(run),
      workspace_(workspace),
      send_([this, &recorder](run::Command command, std::string tag) {
        if (replaces_run(command)) keep_run();
        undo_.note(command, state().wanted);
        recorder.note_command(command);
        run_.source().send(std::move(command), std::move(tag));
      }),
      runs_({.run = run_,
             .send = send_,
             .undo = undo_,
             .workspace = workspace,
             .recorder = recorder}) {}

bool RunController::can_ask_cost() const {
  return can_go_on() || state().phase == run::RunPhase::at_context_end;
}

bool RunController::can_go_on() const {
  return state().phase == run::RunPhase::paused || state().phase == run::RunPhase::running;
}

void RunController::add_actions(widgets::ActionTable& actions) {
  add_play_actions(actions);
  add_measure_actions(actions);
  add_until_actions(actions);
  add_compare_actions(actions);
  add_past_actions(actions);
  runs_.add_actions(actions);
}

void RunController::add_play_actions(widgets::ActionTable& actions) {
  const auto running = [this] { return state().phase == run::RunPhase::running; };
  const auto can_run = [this] { return can_go_on(); };
  // Both may be asked for again, so that a script need not know what goes on.
  actions.add("play", "Play", "Generate until paused",
              {.enabled = can_run, .run = [this] { send_(run::command::Play{}, {}); }});
  actions.add("pause", "Pause", "Stop at the next step",
              {.enabled = can_run, .run = [this] { send_(run::command::Pause{}, {}); }});
  actions.add(
      "play_or_pause", "Play or pause", "",
      {.key = widgets::plain_key(platform::Key::space), .enabled = can_run, .run = [this, running] {
         send_(running() ? run::Command(run::command::Pause{}) : run::Command(run::command::Play{}),
               {});
       }});
  actions.add("step", "One step", "Generate one token, then pause",
              {.key = widgets::plain_key('N'), .enabled = can_run, .run = [this] {
                 send_(run::command::Step{1}, {});
               }});
  actions.add("ten_steps", "Ten steps", "Generate ten tokens, then pause",
              {.key = widgets::shift_key(platform::key_of('N')), .enabled = can_run, .run = [this] {
                 send_(run::command::Step{kManySteps}, {});
               }});
  actions.add("restart", "New run", "The same prompt from the start, with the knobs as they are",
              {.key = widgets::control_key('R'),
               .run = [this] { send_(run::command::Restart{}, "restart"); }});
  actions.add("prompt", "Prompt…", "Write another prompt and start from it",
              {.key = widgets::control_key('E'), .only_opens = true, .run = [this] {
                 prompt_editor_.open(run_.source().prompt());
               }});
}

void RunController::add_measure_actions(widgets::ActionTable& actions) {
  actions.add("branch", "Branch from the prompt",
              "Many paths at once: one forks where the model is unsure",
              {.key = widgets::control_key('B'),
               .run = [this] { send_(run::command::Branch{}, "branch"); }});
  actions.add("end_branching", "End branching", "The watched path goes on alone",
              {.enabled = [this] { return state().branching != nullptr; },
               .run = [this] { send_(run::command::EndBranching{}, "branch"); }});
  actions.add("speed_readable", "Speed: readable", "Ten tokens per second",
              {.run = [this] { send_(run::command::SetSpeed{kReadableSpeed}, "speed"); }});
  actions.add("speed_unlimited", "Speed: unlimited", "As fast as the machine allows",
              {.run = [this] { send_(run::command::SetSpeed{0}, "speed"); }});
  actions.add("twin", "Twin on or off",
              "The full-cache reference that divergence is measured against",
              {.run = [this] { send_(run::command::SetTwin{!state().twin}, "twin"); }});
  actions.add("audit", "Audit on or off", "Keep evicted keys and values, only to measure",
              {.run = [this] { send_(run::command::SetAudit{!state().audit}, "audit"); }});
  actions.add("rebuild", "Rebuild exactly",
              "Replay the tokens under the knobs in force, so that no table is approximate",
              {.run = [this] { send_(run::command::RebuildExactly{}, "rebuild"); }});
}

void RunController::add_until_actions(widgets::ActionTable& actions) {
  const auto can_run = [this] { return can_go_on(); };
  const auto until = [this](run::Breakpoint breakpoint) {
    send_(run::command::RunUntil{breakpoint}, "until");
  };
  actions.add(
      "run_until", "Run until…", "A step, an eviction, a disagreement, a divergence",
      {.key = widgets::control_key('U'), .only_opens = true, .enabled = can_run, .run = [this] {
         breakpoint_editor_.open();
       }});
  actions.add("until_eviction", "Run until something is evicted", "",
              {.enabled = can_run, .run = [until] { until({run::Breakpoint::Kind::eviction}); }});
  actions.add(
      "until_this_is_evicted", "Run until the locked position is evicted",
      "Lock one with a click in the text or the raster",
      {.enabled = [this,
                   can_run] { return can_run() && run_.selection().locked_position.has_value(); },
       .run =
           [this, until] {
             until({run::Breakpoint::Kind::position,
                    static_cast<double>(*run_.selection().locked_position)});
           }});
  actions.add("until_disagreement", "Run until lane and twin disagree",
              "About the likeliest next token",
              {.enabled = [this, can_run] { return can_run() && state().twin; },
               .run = [until] { until({run::Breakpoint::Kind::disagreement}); }});
  actions.add("undo", "Undo the last turn of a knob", "At the next step; what was evicted stays so",
              {.key = widgets::control_key('Z'),
               .enabled = [this] { return !undo_.empty(); },
               .run =
                   [this] {
                     if (const auto before = undo_.undo()) run_.source().send(*before, {});
                   }});
}

void RunController::add_compare_actions(widgets::ActionTable& actions) {
  const auto comparing = [this] { return state().other() != nullptr; };
  const auto live = [this] { return state().phase != run::RunPhase::saved; };
  actions.add("compare", "Compare with these knobs",
              "Begin again with a second run, B, which keeps them and is fed the same tokens as A; "
              "then turn the knobs of A",
              {.key = widgets::control_key('D'), .enabled = live, .run = [this] {
                 send_(run::command::Compare{run::ComparedTokens::same}, "compare");
               }});
  actions.add("compare_own", "Compare, each on its own text",
              "Begin again with a second run, B, which keeps these knobs and draws its own tokens",
              {.enabled = live, .run = [this] {
                 send_(run::command::Compare{run::ComparedTokens::own}, "compare");
               }});
  actions.add("continue_here", "Continue from the step shown",
              "Lock an earlier step: A goes on from there with the knobs as they are, the run so "
              "far stays as B",
              {.key = widgets::plain_key('C'),
               .enabled =
                   [this, live] {
                     return live() && !state().branching && run_.selection().locked_step &&
                            *run_.selection().locked_step + 1 < run_.steps();
                   },
               .run =
                   [this] {
                     const std::int64_t step = *run_.selection().locked_step;
                     run_.keep_notes(step);
                     send_(run::command::ContinueFrom{step}, "continue");
                   }});
  actions.add("swap", "Exchange A and B", "The panels show the other run, and the knobs change it",
              {.key = widgets::plain_key('X'), .enabled = comparing, .run = [this] {
                 undo_.clear();
                 send_(run::command::Swap{}, {});
               }});
  actions.add(
      "first_divergence", "Look at the first difference of A and B",
      "Lock the step that fed the first other token, or where the texts agree, that of the first "
      "other eviction",
      {.key = widgets::plain_key('D'),
       .enabled =
           [this] { return first_difference(run_.history(), run_.other_history()).has_value(); },
       .run =
           [this] {
             const auto position = first_difference(run_.history(), run_.other_history());
             widgets::Selection& selection = run_.selection();
             selection.locked_position = *position;
             selection.locked_step = run_.history().fed_at(*position);
           }});
  actions.add(
      "end_compare", "End comparing", "A goes on alone",
      {.enabled = comparing, .run = [this] { send_(run::command::EndCompare{}, "compare"); }});
}

void RunController::add_past_actions(widgets::ActionTable& actions) {
  const auto explained = [this] {
    return panels::explained_eviction(run_.history(), run_.selection());
  };
  actions.add("cost", "What did this eviction cost?",
              "Repeat the run with the position that \"Why was this evicted?\" is about kept, and "
              "compare the probabilities of the tokens that followed",
              {.key = widgets::plain_key('W'),
               .enabled =
                   [this, explained] {
                     const auto place = explained();
                     return can_ask_cost() && place && place->step + 1 < run_.steps();
                   },
               .run =
                   [this, explained] {
                     const view::EvictionPlace place = *explained();
                     const record::EvictionRecord& eviction = *run_.history().eviction(place);
                     const int head = eviction.head.value_or(0);
                     run_.selection().eviction =
                         widgets::EvictionKey{place.step, eviction.layer, eviction.position, head};
                     send_(run::command::AskCost{.step = place.step,
                                                 .layer = eviction.layer,
                                                 .position = eviction.position,
                                                 .head = head},
                           "cost");
                   }});
}

void RunController::draw_context_end(const widgets::ControlContext& controls,
                                     const plot::Rect& area) {
  if (state().phase != run::RunPhase::at_context_end) return;
  const plot::Theme& theme = controls.theme;
  const float unit = theme.unit();
  const std::string text = "The context is full: all " +
                           std::to_string(run_.model().config.positions) +
                           " positions of the model are used.";
  const plot::TextStyle style{.color = theme.text, .vertical = plot::VerticalAlign::middle};
  const float words = controls.canvas.measure(text, style).width;
  const float width = unit * 8;
  const float pad = unit * 1.3F;
  // The card lies over the panels, which would move under the mouse if they made room for it.
  const float bottom = area.bottom - theme.gap();
  const float left = area.left + theme.gap();
  const plot::Rect card{left, bottom - std::round(unit * 3.4F),
                        left + words + 2 * width + pad * 3.5F, bottom};
  widgets::begin_card_window(controls, "ContextEnd", card);
  controls.canvas.fill({card.left, card.top, card.left + 3, card.bottom}, theme.accent);
  controls.canvas.text({card.left + pad, card.center().y}, text, style);

  plot::Rect button = card.inset(0, unit * 0.6F);
  button.left = card.left + pad * 2 + words;
  button.right = button.left + width;
  if (widgets::text_button(controls, "ContextEnd/new_run", button, "New run",
                           widgets::Emphasis::accent,
                           "The same prompt again, with the knobs as they are.")) {
    send_(run::command::Restart{}, "restart");
  }
  button.left = button.right + unit * 0.6F;
  button.right = button.left + width;
  if (widgets::text_button(controls, "ContextEnd/prompt", button, "Prompt…",
                           widgets::Emphasis::plain, "Write another prompt.")) {
    prompt_editor_.open(run_.source().prompt());
  }
  ImGui::End();
}

void RunController::draw(const widgets::ControlContext& controls, const plot::Rect& window) {
  prompt_editor_.draw(controls, run_.source(), send_, window);
  breakpoint_editor_.draw(controls, send_, window);
  runs_.draw(controls, window);
}

}  // namespace sketchscope::app
