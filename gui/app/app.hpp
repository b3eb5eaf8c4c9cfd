#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "gui/app/action.hpp"
#include "gui/app/command_palette.hpp"
#include "gui/app/frame_times.hpp"
#include "gui/app/notice_board.hpp"
#include "gui/app/prompt_editor.hpp"
#include "gui/app/run_source.hpp"
#include "gui/app/workspace.hpp"
#include "gui/panels/selection.hpp"
#include "gui/platform/platform.hpp"
#include "gui/plot/imgui_canvas.hpp"
#include "gui/view/history.hpp"

namespace sketchscope {

/// The window: builds one frame after the other from what the run published. Never waits for the
/// engine; sleeps while nothing changes.
class App {
 public:
  App(Platform& platform, RunSource& source);
  App(const App&) = delete;
  App& operator=(const App&) = delete;

  /// Draws until the window is closed.
  void run();
  /// Draws one frame.
  void frame();

  /// Called in each frame when ImGui's input is complete; a script's hand on mouse and keyboard.
  void set_input(std::function<void()> input) { input_ = std::move(input); }
  /// Text and everything else by this factor, on top of the display's own.
  void set_zoom(float zoom);
  /// Takes effect before the next frame.
  void resize(Size size) { platform_.resize(size); }
  /// Writes the frame drawn last as PNG. Throws Error.
  void save_screenshot(const std::filesystem::path& path);

  [[nodiscard]] Platform& platform() { return platform_; }
  [[nodiscard]] RunSource& source() { return source_; }
  [[nodiscard]] const ActionTable& actions() const { return actions_; }
  [[nodiscard]] const ItemRegistry& items() const { return items_; }
  [[nodiscard]] const History& history() const { return history_; }
  [[nodiscard]] const LiveState& state() const { return *state_; }
  [[nodiscard]] const Selection& selection() const { return selection_; }
  [[nodiscard]] const NoticeBoard& notices() const { return notices_; }
  [[nodiscard]] const FrameTimes& frame_times() const { return frame_times_; }

 private:
  void add_run_actions();
  void add_view_actions();
  void add_range_actions();
  void add_panel_actions();
  void move_cursor(std::int64_t by);

  void load_theme();
  void read_source();
  void run_shortcuts();
  void build();
  /// A strip along the top of `area` that says so; returns where it ends.
  float draw_context_end(const Rect& area);
  void save_wanted_picture();

  Platform& platform_;
  RunSource& source_;
  CommandSink send_;

  Theme theme_;
  float zoom_ = 1;
  float loaded_scale_ = 0;  ///< of the fonts that are loaded; 0 before the first
  Fonts fonts_;
  ImGuiCanvas canvas_;
  ImGuiCanvas overlay_;

  History history_;
  std::shared_ptr<const LiveState> state_;
  Selection selection_;
  ItemRegistry items_;
  ActionTable actions_;
  Workspace workspace_;
  NoticeBoard notices_;
  std::set<std::string> warned_;  // of this run, so that each is said once
  CommandPalette palette_;
  PromptEditor prompt_editor_;
  FrameTimes frame_times_;
  std::function<void()> input_;
  bool picture_wanted_ = false;
};

}  // namespace sketchscope
