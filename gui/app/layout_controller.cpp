#include "gui/app/layout_controller.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <utility>

#include "engine/core/error.hpp"
#include "gui/app/layout_file.hpp"

namespace sketchscope::app {
namespace {

/// The layouts that have a key.
constexpr std::array<const char*, 3> kSlots = {"1", "2", "3"};

std::string named_action(std::size_t index) {
  return "named_layout_" + std::to_string(index + 1);
}

}  // namespace

void LayoutController::add_actions(widgets::ActionTable& actions, driver::Recorder& recorder) {
  actions.add("usual_layout", "Layout: as it was at first",
              "All panels, all cards and borders in their places",
              {.run = [this] { workspace_.set_layout({}); }});
  actions.add("all_panels", "Layout: all panels at once, or as usual",
              "Every panel in one grid, for a large screen",
              {.key = widgets::plain_key('G'),
               .run = [this] { workspace_.show_grid(!workspace_.shows_grid()); }});
  add_slot_actions(actions);
  add_named_actions(actions, recorder);
  add_file_actions(actions, recorder);
}

void LayoutController::add_slot_actions(widgets::ActionTable& actions) {
  for (const std::string slot : kSlots) {
    actions.add("save_layout_" + slot, "Layout " + slot + ": save",
                "The panels that are shown, their cards and borders", {.run = [this, slot] {
                  settings_.change([&](Settings& changed) {
                    changed.saved_layouts[slot] = workspace_.layout();
                  });
                }});
    actions.add(
        "layout_" + slot, "Layout " + slot + ": use", "As it was saved",
        {.key = widgets::control_key(slot[0]),
         .enabled = [this, slot] { return settings_.get().saved_layouts.contains(slot); },
         .run = [this, slot] { workspace_.set_layout(settings_.get().saved_layouts.at(slot)); }});
  }
}

std::vector<std::string> LayoutController::names() const {
  std::vector<std::string> names;
  for (const auto& [name, layout] : settings_.get().saved_layouts) {
    if (std::ranges::find(kSlots, name) == kSlots.end()) names.push_back(name);
  }
  return names;
}

void LayoutController::add_named_actions(widgets::ActionTable& actions,
                                         driver::Recorder& recorder) {
  actions.add("save_layout_as", "Layout: save under a name…", "It stays for every later start",
              {.only_opens = true, .run = [this, &actions, &recorder] {
                 line_editor_.open(
                     {.title = "Save the layout",
                      .hint = "A name of its own; Enter saves panels, cards and borders under it.",
                      .accept = [this, &actions, &recorder](const std::string& name) {
                        if (name.empty() || names().size() >= kNamed) {
                          throw core::UsageError(
                              {.what = "name of a layout",
                               .found = name.empty() ? "none" : std::to_string(kNamed) + " others",
                               .expected = "a name, for at most " + std::to_string(kNamed)});
                        }
                        settings_.change([&](Settings& changed) {
                          changed.saved_layouts[name] = workspace_.layout();
                        });
                        title_named(actions);
                        recorder.note_line("save_layout_as", name);
                      }});
               }});
  for (std::size_t index = 0; index < kNamed; ++index) {
    actions.add(named_action(index), "Layout: a named one", "As it was saved",
                {.enabled = [this, index] { return index < names().size(); },
                 .run =
                     [this, index] {
                       workspace_.set_layout(settings_.get().saved_layouts.at(names()[index]));
                     }});
  }
  title_named(actions);
}

void LayoutController::title_named(widgets::ActionTable& actions) {
  const std::vector<std::string> all = names();
  for (std::size_t index = 0; index < std::min(all.size(), kNamed); ++index) {
    actions.retitle(named_action(index), "Layout: " + all[index], "As it was saved");
  }
}

void LayoutController::add_file_actions(widgets::ActionTable& actions, driver::Recorder& recorder) {
  actions.add("write_layout", "Layout: write to a file…", "For another machine or person",
              {.only_opens = true, .run = [this, &recorder] {
                 line_editor_.open({.title = "Write the layout",
                                    .hint = "The path of a JSON file.",
                                    .text = "layout.json",
                                    .accept = [this, &recorder](const std::string& path) {
                                      write_layout(path, workspace_.layout());
                                      recorder.note_line("write_layout", path);
                                      notices_.add_information(
                                          "Saved " + std::filesystem::absolute(path).string());
                                    }});
               }});
  actions.add("read_layout", "Layout: read from a file…", "That was written by this window",
              {.only_opens = true, .run = [this, &recorder] {
                 line_editor_.open({.title = "Read a layout",
                                    .hint = "The path of a JSON file.",
                                    .text = "layout.json",
                                    .accept = [this, &recorder](const std::string& path) {
                                      workspace_.set_layout(read_layout(path));
                                      recorder.note_line("read_layout", path);
                                    }});
               }});
}

void LayoutController::add_panel_actions(widgets::ActionTable& actions,
                                         const panels::Panel& panel) {
  const std::string name(panel.name());
  const std::string title(panel.title());
  actions.add("alone_" + name, title + ": alone, or all panels", std::string(panel.help()),
              {.panel = name, .run = [this, name] {
                 workspace_.show_alone(workspace_.alone() == name ? "" : name);
               }});
  actions.add("hide_" + name, title + ": hide or show", "",
              {.panel = name, .run = [this, name] {
                 LayoutChoice layout = workspace_.layout();
                 if (layout.hidden.erase(name) == 0) layout.hidden.insert(name);
                 workspace_.set_layout(std::move(layout));
               }});
}

void LayoutController::add_front_action(widgets::ActionTable& actions, const panels::Panel& panel) {
  const std::string name(panel.name());
  actions.add("front_" + name, std::string(panel.title()) + ": in front",
              "Before the panels that it shares a place with", {.run = [this, name] {
                workspace_.set_layout(with_in_front(workspace_.layout(), name));
              }});
}

void LayoutController::remember(driver::Recorder& recorder) {
  if (const auto moved = workspace_.take_moved()) {
    recorder.note_move(moved->panel, std::string(side_name(moved->side)), moved->beside);
  }
  if (workspace_.is_dragging() || workspace_.layout() == settings_.get().layout) return;
  settings_.change([&](Settings& changed) { changed.layout = workspace_.layout(); });
}

void LayoutController::move(const std::string& panel, const std::string& side,
                            const std::string& beside) {
  static_cast<void>(workspace_.panel(panel));
  static_cast<void>(workspace_.panel(beside));
  workspace_.set_layout(
      with_moved(workspace_.layout(), {.panel = panel, .side = side_of(side), .beside = beside}));
}

}  // namespace sketchscope::app
