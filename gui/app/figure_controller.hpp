#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "gui/app/figure.hpp"
#include "gui/app/settings.hpp"
#include "gui/app/shown_run.hpp"
#include "gui/app/study_controller.hpp"
#include "gui/app/surface.hpp"
#include "gui/app/workspace.hpp"
#include "gui/widgets/action.hpp"

namespace sketchscope {

/// Saves figures (a panel or the window as PNG, SVG or CSV), which are drawn between two frames,
/// and saves runs.
class FigureController {
 public:
  struct Parts {
    Platform& platform;
    Surface& surface;
    Workspace& workspace;
    ShownRun& run;
    const StudyController& study;
    const SettingsStore& settings;
    NoticeBoard& notices;
    /// Draws the window's content at this size on one canvas, and overlays on another.
    std::function<void(Canvas& canvas, Canvas& overlay, Size size)> draw_contents;
    /// Returns the context of a panel that fills an area.
    std::function<PanelContext(Canvas& canvas, Canvas& overlay, const Rect& area)> panel_context;
  };
  explicit FigureController(Parts parts) : parts_(std::move(parts)) {}

  /// Adds the actions of the window's figures and of the run.
  void add_actions(ActionTable& actions);
  void add_panel_actions(ActionTable& actions, const Panel& panel);

  /// Sets the folder for files that actions save.
  void set_folder(std::filesystem::path folder) { folder_ = std::move(folder); }
  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
  /// Returns a path in that folder named after the run: "sketchscope-WHAT-run1-step200.png".
  [[nodiscard]] std::filesystem::path path_of(const std::string& what,
                                              const std::string& ending) const;
  /// Saves, and shows a message about the result.
  void save_and_tell(const std::filesystem::path& path, const std::function<void()>& save);

  // Between frames only.
  /// Draws a figure into a file of its format. Throws Error.
  void save(const WindowFigure& figure, const std::filesystem::path& path);
  /// Writes a picture of the frame drawn last as PNG, with what it shows inside. Throws Error.
  void save_picture(const Image& picture, const std::filesystem::path& path) const;
  /// Throws UsageError on an unknown panel.
  [[nodiscard]] std::string draw_svg(const WindowFigure& figure, const std::string& description);
  /// Carries out requests that had to wait for the end of the frame.
  void end_frame();

  [[nodiscard]] FigureFacts facts() const;

 private:
  void add_file_actions(ActionTable& actions, const std::string& panel, const std::string& title);
  void add_numbers_action(ActionTable& actions, const std::string& panel, const std::string& title);
  void add_command_action(ActionTable& actions, const std::string& panel, const std::string& title);
  /// Returns whether a panel has rows for a CSV file now.
  [[nodiscard]] bool has_numbers(const std::string& panel) const;
  [[nodiscard]] DataTable numbers(const std::string& panel);

  [[nodiscard]] Size size_of(const WindowFigure& figure) const;
  void draw_frame(const WindowFigure& figure, Canvas& canvas, Canvas& overlay);
  [[nodiscard]] Image draw_picture(const WindowFigure& figure);

  Parts parts_;
  std::filesystem::path folder_ = ".";
  std::vector<std::function<void()>> deferred_;
};

}  // namespace sketchscope
