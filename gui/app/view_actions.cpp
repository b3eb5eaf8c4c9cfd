#include "gui/app/view_actions.hpp"

#include <algorithm>

namespace sketchscope {
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

void add_cursor_actions(ActionTable& actions, ShownRun& run) {
  const auto begun = [&run] { return !run.history().empty(); };
  actions.add({.name = "previous_step",
               .title = "Look at the step before",
               .help = "Lock the cursor of all panels",
               .key = plain_key(Key::left),
               .repeats = true,
               .enabled = begun,
               .run = [&run] { move_cursor(run, -1); }});
  actions.add({.name = "next_step",
               .title = "Look at the step after",
               .help = "Lock the cursor of all panels",
               .key = plain_key(Key::right),
               .repeats = true,
               .enabled = begun,
               .run = [&run] { move_cursor(run, 1); }});
  actions.add({.name = "follow",
               .title = "Follow the newest step",
               .help = "Unlock the cursor, and let the step axes move with the run",
               .key = plain_key(Key::end),
               .run = [&run] {
                 Selection& selection = run.selection();
                 selection.window.follow();
                 selection.locked_step.reset();
                 selection.locked_position.reset();
                 selection.eviction.reset();
               }});
  actions.add({.name = "next_layer",
               .title = "Next layer",
               .help = "In the panels that show one layer",
               .key = plain_key(Key::down),
               .repeats = true,
               .run = [&run] { move_layer(run, 1); }});
  actions.add({.name = "previous_layer",
               .title = "Previous layer",
               .help = "In the panels that show one layer",
               .key = plain_key(Key::up),
               .repeats = true,
               .run = [&run] { move_layer(run, -1); }});
}

void add_range_actions(ActionTable& actions, ShownRun& run) {
  const auto zoom = [&run](double factor) {
    StepWindow& window = run.selection().window;
    const StepRange now = window.range(run.steps());
    const auto at = static_cast<double>(run.selection().step(run.steps()).value_or(0));
    const bool inside = at >= now.first && at <= now.last;
    window.zoom(inside ? at : (now.first + now.last) / 2, factor, run.steps());
  };
  const auto pan = [&run](double share) {
    StepWindow& window = run.selection().window;
    window.pan(share * window.range(run.steps()).width(), run.steps());
  };
  const auto zoomed = [&run] { return !run.selection().window.shows_all(); };
  actions.add({.name = "zoom_in",
               .title = "Fewer steps",
               .help = "Zoom all step axes in around the cursor",
               .key = plain_key(key_of('=')),
               .repeats = true,
               .run = [zoom] { zoom(1 / kRangeZoom); }});
  actions.add({.name = "zoom_out",
               .title = "More steps",
               .help = "Zoom all step axes out around the cursor",
               .key = plain_key(key_of('-')),
               .repeats = true,
               .enabled = zoomed,
               .run = [zoom] { zoom(kRangeZoom); }});
  actions.add({.name = "pan_left",
               .title = "Earlier steps",
               .help = "Move all step axes by a quarter of their range",
               .key = KeyChord{.key = Key::left, .shift = true},
               .repeats = true,
               .enabled = zoomed,
               .run = [pan] { pan(-kPanShare); }});
  actions.add({.name = "pan_right",
               .title = "Later steps",
               .help = "Move all step axes by a quarter of their range",
               .key = KeyChord{.key = Key::right, .shift = true},
               .repeats = true,
               .enabled = zoomed,
               .run = [pan] { pan(kPanShare); }});
  actions.add({.name = "fit",
               .title = "The whole run",
               .help = "All step axes show every step, and those that come",
               .key = plain_key(key_of('F')),
               .enabled = zoomed,
               .run = [&run] { run.selection().window.fit(); }});
  actions.add({.name = "log_scale",
               .title = "Divergence: logarithmic or linear",
               .help = "The scale of the axes of KL",
               .key = plain_key(key_of('L')),
               .run = [&run] {
                 Scale& scale = run.selection().divergence_scale;
                 scale = scale == Scale::linear ? Scale::log10 : Scale::linear;
               }});
}

void set_zoom(SettingsKeeper& settings, float zoom) {
  constexpr float kSmallestZoom = 0.7F;
  constexpr float kLargestZoom = 2.5F;
  settings.change(
      [&](Settings& changed) { changed.zoom = std::clamp(zoom, kSmallestZoom, kLargestZoom); });
}

void add_look_actions(ActionTable& actions, SettingsKeeper& settings) {
  const auto brightness = [&settings](Brightness wanted) {
    settings.change([&](Settings& changed) { changed.brightness = wanted; });
  };
  const auto palette = [&settings](Palette wanted) {
    settings.change([&](Settings& changed) { changed.palette = wanted; });
  };
  actions.add(
      {.name = "larger", .title = "Larger text", .key = control_key('='), .run = [&settings] {
         set_zoom(settings, settings.get().zoom * kZoomStep);
       }});
  actions.add(
      {.name = "smaller", .title = "Smaller text", .key = control_key('-'), .run = [&settings] {
         set_zoom(settings, settings.get().zoom / kZoomStep);
       }});
  actions.add({.name = "usual_size",
               .title = "Usual text size",
               .key = control_key('0'),
               .run = [&settings] { set_zoom(settings, 1); }});
  actions.add({.name = "light", .title = "Theme: light", .run = [brightness] {
                 brightness(Brightness::light);
               }});
  actions.add({.name = "dark", .title = "Theme: dark", .run = [brightness] {
                 brightness(Brightness::dark);
               }});
  actions.add({.name = "safe_colors",
               .title = "Colours: for all kinds of sight",
               .help = "Statuses of positions after Okabe and Ito",
               .run = [palette] { palette(Palette::safe); }});
  actions.add({.name = "standard_colors", .title = "Colours: standard", .run = [palette] {
                 palette(Palette::standard);
               }});
}

}  // namespace sketchscope
