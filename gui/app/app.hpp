#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "gui/app/figure_controller.hpp"
#include "gui/app/file_controller.hpp"
#include "gui/app/frame_times.hpp"
#include "gui/app/notes_and_presets.hpp"
#include "gui/app/overlays.hpp"
#include "gui/app/run_controller.hpp"
#include "gui/app/script_controller.hpp"
#include "gui/app/settings_keeper.hpp"
#include "gui/app/shown_run.hpp"
#include "gui/app/study_controller.hpp"
#include "gui/app/surface.hpp"
#include "gui/app/workspace.hpp"
#include "gui/driver/stage.hpp"

namespace sketchscope {

/// The window: builds one frame after the other from what the run published, and sleeps while
/// nothing changes. What can be done in it lies with its controllers, each of which adds its
/// actions to the table.
class App final : public Stage {
 public:
  /// What is remembered between starts is read from and written to `settings_file`; an empty path
  /// remembers nothing.
  App(Platform& platform, RunSource& source, std::filesystem::path settings_file = {});
  App(const App&) = delete;
  App& operator=(const App&) = delete;

  /// Draws until the window is closed.
  void run();
  void frame() override;

  void set_input(std::function<void()> input) override { input_ = std::move(input); }
  [[nodiscard]] const std::function<void()>& input() const override { return input_; }
  /// Lets the window open models and runs; must outlive it. Without one it shows what it began
  /// with.
  void set_opener(Opener& opener) { files_.set_opener(opener); }
  void open(const std::filesystem::path& path) override { files_.open(path); }
  /// What is being opened; null while nothing is.
  [[nodiscard]] const Opening* opening() const { return files_.opening(); }
  /// Opens a folder of results as a table beside the run. Throws Error on one that is none.
  void open_study(const std::filesystem::path& folder) { study_.open(folder); }
  /// Which rows a panel's table shows. Throws UsageError on an unknown panel.
  void choose(std::string_view panel, PanelChoice choice) {
    workspace_.choose(panel, std::move(choice));
  }
  void send(Command command, std::string tag) override {
    control_.send()(std::move(command), std::move(tag));
  }

  /// Text and everything else by this factor, on top of the display's own.
  void set_zoom(float zoom);
  /// Takes effect before the next frame.
  void resize(Size size) { platform_.resize(size); }

  [[nodiscard]] Image screenshot() override;
  void save_picture(const Image& picture, const std::filesystem::path& path) const override {
    figures_.save_picture(picture, path);
  }
  [[nodiscard]] std::string draw_svg(const std::string& panel) override;
  /// Draws a figure into a file of its format. Between frames only. Throws Error.
  void save_figure(const WindowFigure& figure, const std::filesystem::path& path) {
    figures_.save(figure, path);
  }
  /// Where figures and runs go that the window's actions save.
  void set_export_folder(std::filesystem::path folder) { figures_.set_folder(std::move(folder)); }

  [[nodiscard]] Platform& platform() override { return platform_; }
  [[nodiscard]] RunSource& source() override { return run_.source(); }
  [[nodiscard]] const RunSource& source() const override { return run_.source(); }
  [[nodiscard]] const ActionTable& actions() const override { return actions_; }
  [[nodiscard]] const ItemRegistry& items() const override { return surface_.items(); }
  [[nodiscard]] StageFacts facts() const override;

  [[nodiscard]] const History& history() const { return run_.history(); }
  [[nodiscard]] const History& other_history() const { return run_.other_history(); }
  [[nodiscard]] const LiveState& state() const { return run_.state(); }
  [[nodiscard]] const std::vector<StepNote>& notes() const { return run_.notes(); }
  [[nodiscard]] const Selection& selection() const { return run_.selection(); }
  [[nodiscard]] Selection& selection() { return run_.selection(); }
  [[nodiscard]] const Settings& settings() const { return settings_.get(); }
  [[nodiscard]] const NoticeBoard& notices() const { return overlays_.notices(); }
  [[nodiscard]] const FrameTimes& frame_times() const { return frame_times_; }

 private:
  /// In the order of the palette.
  void add_actions();
  /// Of the window itself.
  void add_window_actions();

  /// Whether a frame would show what the last one shows.
  [[nodiscard]] bool rests() const;
  /// The frame's widgets.
  void build();
  void run_shortcuts() const;
  /// Run bar and panels, without what lies above them; returns what the panels fill.
  Rect draw_contents(Canvas& canvas, Canvas& overlay, Size size);
  [[nodiscard]] PanelContext panel_context(Canvas& canvas, Canvas& overlay, const Rect& area);

  Platform& platform_;
  Overlays overlays_;
  ActionTable actions_;
  SettingsKeeper settings_;
  Surface surface_;
  Workspace workspace_;
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

}  // namespace sketchscope
