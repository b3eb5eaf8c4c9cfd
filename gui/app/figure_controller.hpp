#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "gui/app/export_place.hpp"
#include "gui/app/figure.hpp"
#include "gui/app/figure_drawer.hpp"
#include "gui/app/run_controller.hpp"
#include "gui/app/settings.hpp"
#include "gui/app/shown_run.hpp"
#include "gui/app/study_controller.hpp"
#include "gui/app/workspace.hpp"
#include "gui/widgets/action.hpp"

namespace sketchscope::app {

/// Saves figures (a panel or the window as PNG, SVG, PDF or CSV), which are drawn between two
/// frames.
class FigureController {
 public:
  struct Parts {
    const platform::Platform& platform;
    const Workspace& workspace;
    ShownRun& run;
    const RunController& control;
    const StudyController& study;
    SettingsStore& settings;
    NoticeBoard& notices;
  };
  FigureController(const Parts& parts, FigureDrawer::Parts drawing)
      : parts_(parts), drawer_(std::move(drawing)), place_(parts.run, parts.settings) {}

  /// Adds the actions of the window's figures.
  void add_actions(widgets::ActionTable& actions);
  void add_panel_actions(widgets::ActionTable& actions, const panels::Panel& panel);

  /// Returns where files go that actions save.
  [[nodiscard]] ExportPlace& place() { return place_; }
  /// Saves, and shows a message about the result.
  void save_and_tell(const std::filesystem::path& path, const std::function<void()>& save);

  // Between frames only.
  /// Draws a figure into a file of its format. Throws Error.
  void save(const WindowFigure& figure, const std::filesystem::path& path);
  /// Writes a picture of the frame drawn last as PNG, with what it shows inside. Throws Error.
  void save_picture(const plot::Image& picture, const std::filesystem::path& path) const;
  /// Returns what draws the figures.
  [[nodiscard]] FigureDrawer& drawer() { return drawer_; }
  /// Carries out requests that had to wait for the end of the frame.
  void end_frame();

  [[nodiscard]] FigureFacts facts() const;

 private:
  void add_file_actions(widgets::ActionTable& actions, const std::string& panel,
                        const std::string& title);
  void add_save_as_action(widgets::ActionTable& actions, const std::string& panel,
                          const std::string& title);
  void add_numbers_action(widgets::ActionTable& actions, const std::string& panel,
                          const std::string& title);
  void add_command_action(widgets::ActionTable& actions, const std::string& panel,
                          const std::string& title);
  /// Saves at the end of the frame.
  void save_later(const std::string& panel, const std::filesystem::path& path);
  /// Returns whether a panel has rows for a CSV file now.
  [[nodiscard]] bool has_numbers(const std::string& panel) const;
  /// Returns the figure with the print that its format asks for.
  [[nodiscard]] WindowFigure completed(WindowFigure figure) const;

  Parts parts_;
  FigureDrawer drawer_;
  ExportPlace place_;
  std::vector<std::function<void()>> deferred_;
};

}  // namespace sketchscope::app
