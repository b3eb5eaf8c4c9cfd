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

namespace sketchscope::app {

/// Saves figures (a panel or the window as PNG, SVG or CSV), which are drawn between two frames,
/// and saves runs.
class FigureController {
 public:
  struct Parts {
    platform::Platform& platform;
    Surface& surface;
    Workspace& workspace;
    ShownRun& run;
    const StudyController& study;
    const SettingsStore& settings;
    NoticeBoard& notices;
    /// Draws the window's content at this size on one canvas, and overlays on another.
    std::function<void(plot::Canvas& canvas, plot::Canvas& overlay, plot::Size size)> draw_contents;
    /// Returns the context of a panel that fills an area.
    std::function<panels::PanelContext(plot::Canvas& canvas, plot::Canvas& overlay,
                                       const plot::Rect& area)>
        panel_context;
  };
  explicit FigureController(Parts parts) : parts_(std::move(parts)) {}

  /// Adds the actions of the window's figures and of the run.
  void add_actions(widgets::ActionTable& actions);
  void add_panel_actions(widgets::ActionTable& actions, const panels::Panel& panel);

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
  void save_picture(const plot::Image& picture, const std::filesystem::path& path) const;
  /// Throws UsageError on an unknown panel.
  [[nodiscard]] std::string draw_svg(const WindowFigure& figure, const std::string& description);
  /// Returns a PDF of the figure. Throws UsageError on an unknown panel.
  [[nodiscard]] std::string draw_pdf(const WindowFigure& figure, const std::string& description);
  /// Carries out requests that had to wait for the end of the frame.
  void end_frame();

  [[nodiscard]] FigureFacts facts() const;

 private:
  void add_file_actions(widgets::ActionTable& actions, const std::string& panel,
                        const std::string& title);
  void add_numbers_action(widgets::ActionTable& actions, const std::string& panel,
                          const std::string& title);
  void add_command_action(widgets::ActionTable& actions, const std::string& panel,
                          const std::string& title);
  /// Returns whether a panel has rows for a CSV file now.
  [[nodiscard]] bool has_numbers(const std::string& panel) const;
  [[nodiscard]] view::DataTable numbers(const std::string& panel);

  /// Returns the figure with the print that its format asks for.
  [[nodiscard]] WindowFigure completed(WindowFigure figure) const;
  [[nodiscard]] plot::Size size_of(const WindowFigure& figure) const;
  /// Sets the theme and scale of a figure until the next frame of the window.
  void use_look(const WindowFigure& figure);
  void draw_frame(const WindowFigure& figure, plot::Canvas& canvas, plot::Canvas& overlay);
  [[nodiscard]] plot::Image draw_picture(const WindowFigure& figure);

  Parts parts_;
  std::filesystem::path folder_ = ".";
  std::vector<std::function<void()>> deferred_;
};

}  // namespace sketchscope::app
