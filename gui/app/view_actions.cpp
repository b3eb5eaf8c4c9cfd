#include "gui/app/view_actions.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace sketchscope::app {
namespace {

constexpr float kZoomStep = 1.1F;
constexpr double kRangeZoom = 1.5;
constexpr double kPanShare = 0.25;

void move_cursor(ShownRun& run, std::int64_t by) {
  if (run.history().empty()) return;
  const std::int64_t newest = run.steps() - 1;
  std::optional<std::int64_t>& locked = run.selection().locked_step;
  locked = std::clamp<std::int64_t>(locked.value_or(newest) + by, 0, newest);
}

/// Moves the layer cyclically.
void move_layer(ShownRun& run, int by) {
  const int layers = run.model().config.layers;
  int& layer = run.selection().layer;
  layer = (layer + layers + by) % layers;
}

}  // namespace

void add_cursor_actions(widgets::ActionTable& actions, ShownRun& run) {
  const auto begun = [&run] { return !run.history().empty(); };
  actions.add("previous_step", "Look at the step before", "Lock the cursor of all panels",
              {.key = widgets::plain_key(platform::Key::left),
               .repeats = true,
               .enabled = begun,
               .run = [&run] { move_cursor(run, -1); }});
  actions.add("next_step", "Look at the step after", "Lock the cursor of all panels",
              {.key = widgets::plain_key(platform::Key::right),
               .repeats = true,
               .enabled = begun,
               .run = [&run] { move_cursor(run, 1); }});
  actions.add("follow", "Follow the newest step",
              "Unlock the cursor, and let the step axes move with the run",
              {.key = widgets::plain_key(platform::Key::end), .run = [&run] {
                 widgets::Selection& selection = run.selection();
                 selection.window.follow();
                 selection.locked_step.reset();
                 selection.locked_position.reset();
                 selection.eviction.reset();
               }});
  actions.add("next_layer", "Next layer", "In the panels that show one layer",
              {.key = widgets::plain_key(platform::Key::down), .repeats = true, .run = [&run] {
                 move_layer(run, 1);
               }});
  actions.add("previous_layer", "Previous layer", "In the panels that show one layer",
              {.key = widgets::plain_key(platform::Key::up), .repeats = true, .run = [&run] {
                 move_layer(run, -1);
               }});
}

void add_range_actions(widgets::ActionTable& actions, ShownRun& run) {
  const auto zoom = [&run](double factor) {
    view::StepWindow& window = run.selection().window;
    const view::StepRange now = window.range(run.steps());
    const auto at = static_cast<double>(run.selection().step(run.steps()).value_or(0));
    const bool inside = at >= now.first && at <= now.last;
    window.zoom(inside ? at : (now.first + now.last) / 2, factor, run.steps());
  };
  const auto pan = [&run](double share) {
    view::StepWindow& window = run.selection().window;
    window.pan(share * window.range(run.steps()).width(), run.steps());
  };
  const auto zoomed = [&run] { return !run.selection().window.shows_all(); };
  actions.add(
      "zoom_in", "Fewer steps", "Zoom all step axes in around the cursor",
      {.key = widgets::plain_key('='), .repeats = true, .run = [zoom] { zoom(1 / kRangeZoom); }});
  actions.add("zoom_out", "More steps", "Zoom all step axes out around the cursor",
              {.key = widgets::plain_key('-'), .repeats = true, .enabled = zoomed, .run = [zoom] {
                 zoom(kRangeZoom);
               }});
  actions.add("pan_left", "Earlier steps", "Move all step axes by a quarter of their range",
              {.key = widgets::shift_key(platform::Key::left),
               .repeats = true,
               .enabled = zoomed,
               .run = [pan] { pan(-kPanShare); }});
  actions.add("pan_right", "Later steps", "Move all step axes by a quarter of their range",
              {.key = widgets::shift_key(platform::Key::right),
               .repeats = true,
               .enabled = zoomed,
               .run = [pan] { pan(kPanShare); }});
  actions.add("fit", "The whole run", "All step axes show every step, and those that come",
              {.key = widgets::plain_key('F'), .enabled = zoomed, .run = [&run] {
                 run.selection().window.fit();
               }});
  actions.add("log_scale", "Divergence: logarithmic or linear", "The scale of the axes of KL",
              {.key = widgets::plain_key('L'), .run = [&run] {
                 plot::Scale& scale = run.selection().divergence_scale;
                 scale = scale == plot::Scale::linear ? plot::Scale::log10 : plot::Scale::linear;
               }});
}

void add_position_actions(widgets::ActionTable& actions, ShownRun& run) {
  const auto span = [&run] {
    return view::position_span(static_cast<int>(run.history().tokens().size()),
                               run.model().config.positions);
  };
  const auto zoom = [&run, span](double factor) {
    view::PositionWindow& window = run.selection().positions;
    const view::PositionRange now = window.range(span());
    const auto chosen = run.selection().position();
    const bool inside = chosen && now.contains(*chosen);
    window.zoom(inside ? *chosen + 0.5 : (now.first + now.end) / 2.0, factor, span());
  };
  const auto pan = [&run, span](double share) {
    view::PositionWindow& window = run.selection().positions;
    window.pan(share * window.range(span()).count(), span());
  };
  const auto zoomed = [&run] { return !run.selection().positions.shows_all(); };
  actions.add("fewer_positions", "Fewer positions",
              "Zoom all axes of positions in around the chosen one",
              {.repeats = true, .run = [zoom] { zoom(1 / kRangeZoom); }});
  actions.add("more_positions", "More positions",
              "Zoom all axes of positions out around the chosen one",
              {.repeats = true, .enabled = zoomed, .run = [zoom] { zoom(kRangeZoom); }});
  actions.add("earlier_positions", "Earlier positions",
              "Move all axes of positions by a quarter of their range",
              {.repeats = true, .enabled = zoomed, .run = [pan] { pan(-kPanShare); }});
  actions.add("later_positions", "Later positions",
              "Move all axes of positions by a quarter of their range",
              {.repeats = true, .enabled = zoomed, .run = [pan] { pan(kPanShare); }});
  actions.add("all_positions", "All positions",
              "All axes of positions show every one, and those that come",
              {.key = widgets::KeyChord{.key = platform::key_of('F'), .shift = true},
               .enabled = zoomed,
               .run = [&run] { run.selection().positions.fit(); }});
}

void set_zoom(SettingsStore& settings, float zoom) {
  settings.change([&](Settings& changed) {
    changed.zoom = std::clamp(zoom, Settings::kSmallestZoom, Settings::kLargestZoom);
  });
}

void add_look_actions(widgets::ActionTable& actions, SettingsStore& settings) {
  const auto brightness = [&settings](plot::Brightness wanted) {
    settings.change([&](Settings& changed) { changed.brightness = wanted; });
  };
  const auto palette = [&settings](plot::Palette wanted) {
    settings.change([&](Settings& changed) { changed.palette = wanted; });
  };
  actions.add("larger", "Larger text", "", {.key = widgets::control_key('='), .run = [&settings] {
                                              set_zoom(settings, settings.get().zoom * kZoomStep);
                                            }});
  actions.add("smaller", "Smaller text", "", {.key = widgets::control_key('-'), .run = [&settings] {
                                                set_zoom(settings, settings.get().zoom / kZoomStep);
                                              }});
  actions.add("usual_size", "Usual text size", "",
              {.key = widgets::control_key('0'), .run = [&settings] { set_zoom(settings, 1); }});
  actions.add("light", "Theme: light", "",
              {.run = [brightness] { brightness(plot::Brightness::light); }});
  actions.add("dark", "Theme: dark", "",
              {.run = [brightness] { brightness(plot::Brightness::dark); }});
  actions.add("safe_colors", "Colours: for all kinds of sight",
              "Statuses of positions after Okabe and Ito",
              {.run = [palette] { palette(plot::Palette::safe); }});
  actions.add("standard_colors", "Colours: standard", "",
              {.run = [palette] { palette(plot::Palette::standard); }});
}

}  // namespace sketchscope::app
