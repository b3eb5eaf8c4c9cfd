#include "gui/app/layout_actions.hpp"

#include <string>
#include <utility>

namespace sketchscope {

void add_layout_actions(ActionTable& actions, Workspace& workspace, SettingsKeeper& settings) {
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

void remember_layout(const Workspace& workspace, SettingsKeeper& settings) {
  if (workspace.is_dragging() || workspace.layout() == settings.get().layout) return;
  settings.change([&](Settings& changed) { changed.layout = workspace.layout(); });
}

}  // namespace sketchscope
