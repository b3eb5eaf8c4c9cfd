// Actions that change how the run is shown: range of steps, looks, layout, single panels.
#include "gui/app/app.hpp"

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

}  // namespace

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

void App::add_look_actions() {
  const auto brightness = [this](Brightness wanted) {
    change_settings([&](Settings& settings) { settings.brightness = wanted; });
  };
  const auto palette = [this](Palette wanted) {
    change_settings([&](Settings& settings) { settings.palette = wanted; });
  };
  actions_.add({.name = "larger", .title = "Larger text", .key = control('='), .run = [this] {
                  set_zoom(settings_.zoom * kZoomStep);
                }});
  actions_.add({.name = "smaller", .title = "Smaller text", .key = control('-'), .run = [this] {
                  set_zoom(settings_.zoom / kZoomStep);
                }});
  actions_.add(
      {.name = "usual_size", .title = "Usual text size", .key = control('0'), .run = [this] {
         set_zoom(1);
       }});
  actions_.add({.name = "light", .title = "Theme: light", .run = [brightness] {
                  brightness(Brightness::light);
                }});
  actions_.add({.name = "dark", .title = "Theme: dark", .run = [brightness] {
                  brightness(Brightness::dark);
                }});
  actions_.add({.name = "safe_colors",
                .title = "Colours: for all kinds of sight",
                .help = "Statuses of positions after Okabe and Ito",
                .run = [palette] { palette(Palette::safe); }});
  actions_.add({.name = "standard_colors", .title = "Colours: standard", .run = [palette] {
                  palette(Palette::standard);
                }});
}

void App::add_layout_actions() {
  actions_.add({.name = "usual_layout",
                .title = "Layout: as it was at first",
                .help = "All panels, all borders in their places",
                .run = [this] { workspace_.set_layout({}); }});
  actions_.add({.name = "all_panels",
                .title = "Layout: all panels at once, or as usual",
                .help = "Every panel in one grid, for a large screen",
                .key = plain(key_of('G')),
                .run = [this] { workspace_.show_grid(!workspace_.shows_grid()); }});
  for (const std::string slot : {"1", "2", "3"}) {
    actions_.add({.name = "save_layout_" + slot,
                  .title = "Layout " + slot + ": save",
                  .help = "The panels that are shown, and their borders",
                  .run = [this, slot] {
                    change_settings([&](Settings& settings) {
                      settings.saved_layouts[slot] = workspace_.layout();
                    });
                  }});
    actions_.add(
        {.name = "layout_" + slot,
         .title = "Layout " + slot + ": use",
         .help = "As it was saved",
         .key = KeyChord{.key = key_of(slot[0]), .control = true},
         .enabled = [this, slot] { return settings_.saved_layouts.contains(slot); },
         .run = [this, slot] { workspace_.set_layout(settings_.saved_layouts.at(slot)); }});
  }
}

void App::add_panel_actions() {
  for (const Panel* panel : workspace_.panels()) {
    const std::string name(panel->name());
    const std::string title(panel->title());
    actions_.add(
        {.name = "alone_" + name,
         .title = title + ": alone, or all panels",
         .help = std::string(panel->help()),
         .panel = name,
         .run = [this, name] { workspace_.show_alone(workspace_.alone() == name ? "" : name); }});
    actions_.add({.name = "hide_" + name,
                  .title = title + ": hide or show",
                  .panel = name,
                  .run = [this, name] {
                    LayoutChoice layout = workspace_.layout();
                    if (layout.hidden.erase(name) == 0) layout.hidden.insert(name);
                    workspace_.set_layout(std::move(layout));
                  }});
    add_export_actions(name, title);
    if (panels_sharing(name).size() == 1) continue;
    actions_.add(
        {.name = "front_" + name,
         .title = title + ": in front",
         .help = "Before the panels that it shares a place with",
         .run = [this, name] { workspace_.set_layout(with_in_front(workspace_.layout(), name)); }});
  }
}

}  // namespace sketchscope
