#include "gui/app/script_controller.hpp"

#include <utility>

#include "engine/core/error.hpp"
#include "engine/core/files.hpp"
#include "gui/driver/scripted_user.hpp"

namespace sketchscope::app {

void ScriptController::add_tour_actions(widgets::ActionTable& actions) {
  const auto open = [this] { return tour_.is_open(); };
  const auto seen = [this] {
    parts_.settings.change([](Settings& settings) { settings.tour_seen = true; });
  };
  actions.add("tour", "Guided tour", "Six pages: what there is to see, and what to do with it",
              {.run = [this, seen] {
                parts_.workspace.show_alone({});
                tour_.open();
                seen();
              }});
  actions.add(
      "tour_show", "Tour: show me", "Does in the window what the page is about",
      {.enabled =
           [this] { return tour_.is_open() && parts_.run.state().phase != run::RunPhase::saved; },
       .run =
           [this] {
             if (!before_tour_) before_tour_ = former_run_of(parts_.run);
             wanted_ = tour_.page().script;
           }});
  actions.add("tour_next", "Tour: next page", "",
              {.enabled = open, .run = [this] { tour_.is_last() ? end_tour() : tour_.next(); }});
  actions.add("tour_back", "Tour: page before", "",
              {.enabled = [this] { return tour_.is_open() && tour_.index() > 0; },
               .run = [this] { tour_.back(); }});
  actions.add("tour_close", "Tour: end", "The run that it found comes back",
              {.enabled = open, .run = [this] { end_tour(); }});
  actions.add("tour_decline", "Tour: offer it no more", "",
              {.enabled = [this] { return offers_tour(); }, .run = seen});
}

void ScriptController::end_tour() {
  tour_.close();
  if (!before_tour_) return;
  parts_.make_again(*std::exchange(before_tour_, std::nullopt));
  parts_.notices.add_information("The tour is over: your run and its knobs are as they were");
}

void ScriptController::add_actions(widgets::ActionTable& actions) {
  add_tour_actions(actions);
  actions.add("record", "Record a script",
              "Everything that is done from here on, as a script that does it again",
              {.enabled =
                   [this] {
                     const run::LiveState& state = parts_.run.state();
                     return !recorder_.is_recording() && !state.branching && state.others.empty();
                   },
               .run = [this] { recorder_.start(parts_.window); }});
  actions.add("stop_recording", "Stop recording",
              "Saves the script, which `sketchscope script` runs",
              {.enabled = [this] { return recorder_.is_recording(); },
               .run =
                   [this] {
                     const std::string script = recorder_.stop(parts_.window);
                     const auto path = parts_.figures.place().path_of("recording", ".script");
                     parts_.figures.save_and_tell(path, [&] { core::write_file(path, script); });
                   }});
}

bool ScriptController::offers_tour() const {
  return parts_.settings.are_kept() && !parts_.settings.get().tour_seen && !tour_.is_open();
}

void ScriptController::draw(const widgets::ControlContext& controls, plot::Canvas& overlay,
                            const widgets::ActionTable& actions, const plot::Rect& area,
                            const std::string& hint) {
  if (tour_.is_open()) tour_.draw(controls, overlay, actions, area);
  if (offers_tour() && parts_.notices.empty()) Tour::draw_offer(controls, actions, area, hint);
}

void ScriptController::play(std::string_view script) {
  const bool listened = recorder_.set_listening(false);
  try {
    driver::ScriptedUser user(parts_.window, parts_.figures.place().folder());
    for (const driver::ScriptLine& line : driver::parse_script(script)) user.carry_out(line);
  } catch (const core::Error& error) {
    parts_.notices.add_error(error.what());
  }
  recorder_.set_listening(listened);
}

void ScriptController::end_frame() {
  if (const auto script = std::exchange(wanted_, std::nullopt)) play(*script);
}

}  // namespace sketchscope::app
