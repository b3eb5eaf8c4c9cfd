// The guided tour and the recorder: both speak the language of scripts.
#include "engine/core/error.hpp"
#include "engine/core/files.hpp"
#include "gui/app/app.hpp"
#include "gui/driver/script_hand.hpp"

namespace sketchscope {

void App::add_tour_actions() {
  const auto open = [this] { return tour_.is_open(); };
  const auto seen = [this] {
    change_settings([](Settings& settings) { settings.tour_seen = true; });
  };
  actions_.add({.name = "tour",
                .title = "Guided tour",
                .help = "Six pages: what there is to see, and what to do with it",
                .run = [this, seen] {
                  workspace_.show_alone({});
                  tour_.open();
                  seen();
                }});
  actions_.add({.name = "tour_show",
                .title = "Tour: show me",
                .help = "Does in the window what the page is about",
                .enabled = [this, open] { return open() && state_->phase != RunPhase::saved; },
                .run =
                    [this] {
                      deferred_.emplace_back(
                          [this, script = tour_.page().script] { play(script); });
                    }});
  actions_.add({.name = "tour_next", .title = "Tour: next page", .enabled = open, .run = [this] {
                  tour_.is_last() ? tour_.close() : tour_.next();
                }});
  actions_.add({.name = "tour_back",
                .title = "Tour: page before",
                .enabled = [this, open] { return open() && tour_.index() > 0; },
                .run = [this] { tour_.back(); }});
  actions_.add({.name = "tour_close", .title = "Tour: end", .enabled = open, .run = [this] {
                  tour_.close();
                }});
  actions_.add({.name = "tour_decline",
                .title = "Tour: offer it no more",
                .enabled = [this] { return offers_tour(); },
                .run = seen});
}

bool App::offers_tour() const {
  return !settings_file_.empty() && !settings_.tour_seen && !tour_.is_open();
}

void App::draw_tour(const ControlContext& controls, const Rect& area) {
  if (tour_.is_open()) tour_.draw(controls, overlay_, actions_, area);
  if (offers_tour() && notices_.empty()) Tour::draw_offer(controls, actions_, area);
}

void App::play(std::string_view script) {
  const bool listened = recorder_.set_listening(false);
  try {
    ScriptHand hand(*this, export_folder_);
    for (const ScriptLine& line : parse_script(script)) hand.carry_out(line);
  } catch (const Error& error) {
    notices_.add(Notice::Kind::error, error.what());
  }
  recorder_.set_listening(listened);
}

void App::add_record_actions() {
  actions_.add(
      {.name = "record",
       .title = "Record a script",
       .help = "Everything that is done from here on, as a script that does it again",
       .enabled =
           [this] { return !recorder_.is_recording() && !state_->branching && !state_->other; },
       .run = [this] { recorder_.start(*this); }});
  actions_.add({.name = "stop_recording",
                .title = "Stop recording",
                .help = "Saves the script, which `sketchscope script` runs",
                .enabled = [this] { return recorder_.is_recording(); },
                .run =
                    [this] {
                      const std::string script = recorder_.stop(*this);
                      const auto path = export_path("recording", ".script");
                      save_and_tell(path, [&] { write_file(path, script); });
                    }});
}

}  // namespace sketchscope
