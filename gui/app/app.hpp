#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "gui/app/figure_controller.hpp"
#include "gui/app/file_controller.hpp"
#include "gui/app/frame_times.hpp"
#include "gui/app/layout_controller.hpp"
#include "gui/app/notes_and_presets.hpp"
#include "gui/app/overlays.hpp"
#include "gui/app/run_controller.hpp"
#include "gui/app/script_controller.hpp"
#include "gui/app/settings.hpp"
#include "gui/app/shown_run.hpp"
#include "gui/app/study_controller.hpp"
#include "gui/app/surface.hpp"
#include "gui/app/workspace.hpp"
#include "gui/driver/driven_window.hpp"

namespace sketchscope::app {

/// The window: builds frames from the run's published state and sleeps while nothing changes. Its
/// controllers implement what a person can do, and each adds its actions to the table.
class App final : public driver::DrivenWindow {
 public:
  /// Settings are read from and written to `settings_file`; an empty path keeps none.
  App(platform::Platform& platform, view::RunSource& source,
      std::filesystem::path settings_file = {});
  App(const App&) = delete;
  App& operator=(const App&) = delete;

  /// Draws frames until the window is closed.
  void run();
  void frame() override;

  void set_input(std::function<void()> input) override { input_ = std::move(input); }
  [[nodiscard]] const std::function<void()>& input() const override { return input_; }
  /// Sets the loader of models and runs, which must outlive the window. Without one, only studies
  /// and texts can be opened.
  void set_loader(RunLoader& loader) { files_.set_loader(loader); }
  /// Keeps the run beside the window with `recovery`, which must outlive the window.
  void set_recovery(Recovery& recovery) { files_.set_recovery(recovery); }
  /// Saves the run that is shown, before the window closes.
  void finish_recovery() { files_.finish_recovery(); }
  /// Sets a function that receives every message.
  void set_log(NoticeBoard::Listener log) { overlays_.notices().set_listener(std::move(log)); }
  void open(const std::filesystem::path& path) override { files_.open(path); }
  void move_panel(const std::string& panel, const std::string& side,
                  const std::string& beside) override {
    layout_.move(panel, side, beside);
  }
  void look_at(std::int64_t step) override { run_.selection().locked_step = step; }
  void lay_over(const std::filesystem::path& file) override { control_.runs().lay_over(file); }
  /// Returns the opening in progress; null if there is none.
  [[nodiscard]] const LoadTask* opening() const { return files_.opening(); }
  /// Opens a folder of results as a table. Throws Error if it holds no study.
  void open_study(const std::filesystem::path& folder) { study_.open(folder); }
  /// Sets which rows a panel's table shows. Throws UsageError on an unknown panel or column.
  void choose(std::string_view panel, panels::PanelChoice choice) {
    layout_.workspace().choose(panel, std::move(choice));
  }
  void send(run::Command command, std::string tag) override {
    control_.send()(std::move(command), std::move(tag));
  }

  /// Scales everything by this factor, in addition to the display's.
  void set_zoom(float zoom);

  [[nodiscard]] plot::Image screenshot() override {
    return platform_.screenshot(surface_.theme().background);
  }
  void save_picture(const plot::Image& picture, const std::filesystem::path& path) const override {
    figures_.save_picture(picture, path);
  }
  [[nodiscard]] std::string draw_svg(const std::string& panel) override;
  /// Draws a figure into a file. Call between frames only. Throws Error.
  void save_figure(const WindowFigure& figure, const std::filesystem::path& path) {
    figures_.save(figure, path);
  }
  /// Sets the folder into which actions save figures and runs.
  void set_export_folder(std::filesystem::path folder) {
    figures_.place().set_folder(std::move(folder));
  }

  [[nodiscard]] platform::Platform& platform() override { return platform_; }
  [[nodiscard]] view::RunSource& source() override { return run_.source(); }
  [[nodiscard]] const view::RunSource& source() const override { return run_.source(); }
  [[nodiscard]] const widgets::ActionTable& actions() const override { return actions_; }
  [[nodiscard]] const widgets::ItemRegistry& items() const override { return surface_.items(); }
  [[nodiscard]] driver::WindowFacts facts() const override;

  [[nodiscard]] const view::History& history() const { return run_.history(); }
  [[nodiscard]] const run::LiveState& state() const { return run_.state(); }
  [[nodiscard]] const std::vector<run::StepNote>& notes() const { return run_.notes(); }
  [[nodiscard]] const widgets::Selection& selection() const { return run_.selection(); }
  [[nodiscard]] widgets::Selection& selection() { return run_.selection(); }
  [[nodiscard]] const Settings& settings() const { return settings_.get(); }
  [[nodiscard]] const NoticeBoard& notices() const { return overlays_.notices(); }
  [[nodiscard]] const FrameTimes& frame_times() const { return frame_times_; }

 private:
  /// Adds all actions in the order of the palette.
  void add_actions();

  /// Returns whether the next frame would equal the last one.
  [[nodiscard]] bool rests() const;
  /// Submits the frame's widgets.
  void build();
  void run_shortcuts() const;
  /// Draws run bar and panels without overlays. Returns the area of the panels.
  plot::Rect draw_contents(plot::Canvas& canvas, plot::Canvas& overlay, plot::Size size);
  [[nodiscard]] panels::PanelContext panel_context(plot::Canvas& canvas, plot::Canvas& overlay,
                                                   const plot::Rect& area);

  platform::Platform& platform_;
  Overlays overlays_;
  widgets::ActionTable actions_;
  SettingsStore settings_;
  Surface surface_;
  LayoutController layout_;
  ShownRun run_;
  StudyController study_;
  FigureController figures_;
  ScriptController scripts_;
  RunController control_;
  FileController files_;
  NotesAndPresets personal_;
  FrameTimes frame_times_;
  std::function<void()> input_;
};

}  // namespace sketchscope::app
