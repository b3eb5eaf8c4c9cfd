#include "gui/app/view_actions.hpp"

#include <algorithm>
#include <string>
#include <utility>

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

void set_zoom(SettingsStore& settings, float zoom) {
  constexpr float kSmallestZoom = 0.7F;
  constexpr float kLargestZoom = 2.5F;
  settings.change(
      [&](Settings& changed) { changed.zoom = std::clamp(zoom, kSmallestZoom, kLargestZoom); });
}

void add_look_actions(ActionTable& actions, SettingsStore& settings) {
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

void add_layout_actions(ActionTable& actions, Workspace& workspace, SettingsStore& settings) {
  actions.add({.name = "usual_layout",
               .title = "Layout: as it was at first",
               .help = "All panels, all borders in their places",
               .run = [&workspace] { workspace.set_layout({}); }});
  actions.add({.name = "all_panels",
               .title = "Layout: all panels at once, or as usual",
               .help = "Every panel in one grid, for a large screen",
               .key = plain_key(key_of('G')),
               .run = [&workspace] { workspace.show_grid(!workspace.shows_grid()); }});
  for (const std::string slot : {"1", "2", "3"}) {
    actions.add({.name = "save_layout_" + slot,
                 .title = "Layout " + slot + ": save",
                 .help = "The panels that are shown, and their borders",
                 .run = [&workspace, &settings, slot] {
                   settings.change([&](Settings& changed) {
                     changed.saved_layouts[slot] = workspace.layout();
                   });
                 }});
    actions.add(
        {.name = "layout_" + slot,
         .title = "Layout " + slot + ": use",
         .help = "As it was saved",
         .key = KeyChord{.key = key_of(slot[0]), .control = true},
         .enabled = [&settings, slot] { return settings.get().saved_layouts.contains(slot); },
         .run = [&workspace, &settings,
                 slot] { workspace.set_layout(settings.get().saved_layouts.at(slot)); }});
  }
}

void add_panel_layout_actions(ActionTable& actions, Workspace& workspace, const Panel& panel) {
  const std::string name(panel.name());
  const std::string title(panel.title());
  actions.add(
      {.name = "alone_" + name,
       .title = title + ": alone, or all panels",
       .help = std::string(panel.help()),
       .panel = name,
       .run = [&workspace, name] { workspace.show_alone(workspace.alone() == name ? "" : name); }});
  actions.add({.name = "hide_" + name,
               .title = title + ": hide or show",
               .panel = name,
               .run = [&workspace, name] {
                 LayoutChoice layout = workspace.layout();
                 if (layout.hidden.erase(name) == 0) layout.hidden.insert(name);
                 workspace.set_layout(std::move(layout));
               }});
}

void add_front_action(ActionTable& actions, Workspace& workspace, const Panel& panel) {
  const std::string name(panel.name());
  if (panels_sharing(name).size() == 1) return;
  actions.add({.name = "front_" + name,
               .title = std::string(panel.title()) + ": in front",
               .help = "Before the panels that it shares a place with",
               .run = [&workspace, name] {
                 workspace.set_layout(with_in_front(workspace.layout(), name));
               }});
}

void remember_layout(const Workspace& workspace, SettingsStore& settings) {
  if (workspace.is_dragging() || workspace.layout() == settings.get().layout) return;
  settings.change([&](Settings& changed) { changed.layout = workspace.layout(); });
}

}  // namespace sketchscope
