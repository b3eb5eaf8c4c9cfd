#pragma once

#include <string>
#include <vector>

#include "gui/app/notice_board.hpp"
#include "gui/app/settings.hpp"
#include "gui/app/text_editors.hpp"
#include "gui/app/workspace.hpp"
#include "gui/driver/recorder.hpp"
#include "gui/widgets/action.hpp"

namespace sketchscope::app {

/// The layout: which panels are shown and where, under names in the settings and in files.
class LayoutController {
 public:
  LayoutController(SettingsStore& settings, NoticeBoard& notices)
      : settings_(settings), notices_(notices) {}

  [[nodiscard]] Workspace& workspace() { return workspace_; }
  [[nodiscard]] const Workspace& workspace() const { return workspace_; }

  /// Adds the actions of the whole layout. `recorder`, which must outlive this, notes names.
  void add_actions(widgets::ActionTable& actions, driver::Recorder& recorder);
  /// Adds the actions of one panel.
  void add_panel_actions(widgets::ActionTable& actions, const panels::Panel& panel);
  void add_front_action(widgets::ActionTable& actions, const panels::Panel& panel);

  /// Notes what was moved in this frame, and keeps a layout that is not being dragged.
  void remember(driver::Recorder& recorder);
  /// Moves a card. Throws UsageError if a panel or the side is none.
  void move(const std::string& panel, const std::string& side, const std::string& beside);

  void draw(const widgets::ControlContext& controls, const plot::Rect& window) {
    line_editor_.draw(controls, window);
  }

 private:
  static constexpr std::size_t kNamed = 8;  ///< named layouts that have an action

  void add_slot_actions(widgets::ActionTable& actions);
  void add_named_actions(widgets::ActionTable& actions, driver::Recorder& recorder);
  void add_file_actions(widgets::ActionTable& actions, driver::Recorder& recorder);
  /// Returns the names of the layouts that a person has named, without the three with a key.
  [[nodiscard]] std::vector<std::string> names() const;
  void title_named(widgets::ActionTable& actions);

  Workspace workspace_;
  SettingsStore& settings_;
  NoticeBoard& notices_;
  LineEditor line_editor_;
};

}  // namespace sketchscope::app
