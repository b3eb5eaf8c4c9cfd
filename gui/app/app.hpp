#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "gui/app/breakpoint_editor.hpp"
#include "gui/app/card_menu.hpp"
#include "gui/app/command_palette.hpp"
#include "gui/app/figure.hpp"
#include "gui/app/file_menu.hpp"
#include "gui/app/file_picker.hpp"
#include "gui/app/frame_times.hpp"
#include "gui/app/knob_undo.hpp"
#include "gui/app/line_editor.hpp"
#include "gui/app/message_sheet.hpp"
#include "gui/app/notice_board.hpp"
#include "gui/app/opener.hpp"
#include "gui/app/prompt_editor.hpp"
#include "gui/app/settings.hpp"
#include "gui/app/shortcut_sheet.hpp"
#include "gui/app/tour.hpp"
#include "gui/app/workspace.hpp"
#include "gui/driver/recorder.hpp"
#include "gui/platform/platform.hpp"
#include "gui/plot/imgui_canvas.hpp"
#include "gui/view/history.hpp"
#include "gui/view/run_source.hpp"
#include "gui/view/study_sheet.hpp"
#include "gui/widgets/action.hpp"
#include "gui/widgets/selection.hpp"

namespace sketchscope {

/// The window: builds one frame after the other from what the run published. Never waits for the
/// engine; sleeps while nothing changes.
class App final : public Stage {
 public:
  /// What is remembered between starts is read from and written to `settings_file`; an empty path
  /// remembers nothing.
  App(Platform& platform, RunSource& source, std::filesystem::path settings_file = {});
  App(const App&) = delete;
  App& operator=(const App&) = delete;

  /// Draws until the window is closed.
  void run();
  /// Draws one frame.
  void frame() override;

  void set_input(std::function<void()> input) override { input_ = std::move(input); }
  [[nodiscard]] const std::function<void()>& input() const override { return input_; }
  /// Text and everything else by this factor, on top of the display's own.
  void set_zoom(float zoom);
  /// Lets the window open models and runs; must outlive it. Without one it shows what it began
  /// with.
  void set_opener(Opener& opener);
  /// A model or a run in the background; a text begins anew.
  void open(const std::filesystem::path& path) override;
  /// What is being opened; null while nothing is.
  [[nodiscard]] const Opening* opening() const;
  /// Where the run on the screen was opened from; empty: it is the one the window began with.
  [[nodiscard]] const std::filesystem::path& opened() const { return opened_.path; }
  /// Carries out script lines between two frames; a mistake in them becomes a message.
  void play(std::string_view script);
  /// Takes effect before the next frame.
  void resize(Size size) { platform_.resize(size); }
  [[nodiscard]] Image screenshot() override;
  void save_picture(const Image& picture, const std::filesystem::path& path) const override;
  [[nodiscard]] std::string draw_svg(const std::string& panel) override;
  /// Draws a figure into a file of its format. Between frames only. Throws Error.
  void save_figure(const WindowFigure& figure, const std::filesystem::path& path);
  /// Opens a folder of results as a table beside the run. Throws Error on one that is none.
  void open_study(const std::filesystem::path& folder);
  void send(Command command, std::string tag) override {
    send_(std::move(command), std::move(tag));
  }
  /// Where figures and runs go that the window's actions save.
  void set_export_folder(std::filesystem::path folder) { export_folder_ = std::move(folder); }

  [[nodiscard]] Platform& platform() override { return platform_; }
  [[nodiscard]] RunSource& source() override { return source_; }
  [[nodiscard]] const RunSource& source() const override { return source_; }
  [[nodiscard]] const ActionTable& actions() const override { return actions_; }
  [[nodiscard]] const ItemRegistry& items() const override { return items_; }
  [[nodiscard]] StageFacts facts() const override;
  [[nodiscard]] const History& history() const { return history_; }
  [[nodiscard]] const History& other_history() const { return other_history_; }
  /// Null while none is open.
  [[nodiscard]] const StudySheet* study() const { return study_.get(); }
  [[nodiscard]] const LiveState& state() const { return *state_; }
  [[nodiscard]] const Selection& selection() const { return selection_; }
  [[nodiscard]] Selection& selection() { return selection_; }
  [[nodiscard]] const Settings& settings() const { return settings_; }
  [[nodiscard]] const NoticeBoard& notices() const { return notices_; }
  [[nodiscard]] const std::vector<StepNote>& notes() const { return notes_; }
  [[nodiscard]] const std::vector<Preset>& presets() const { return presets_; }
  [[nodiscard]] const FrameTimes& frame_times() const { return frame_times_; }

 private:
  void add_run_actions();
  void add_until_actions();
  void add_compare_actions();
  void add_study_actions();
  void add_view_actions();
  void add_range_actions();
  void add_note_actions();
  void add_preset_actions();
  void add_look_actions();
  void add_layout_actions();
  void add_panel_actions();
  void add_export_actions();
  void add_file_actions();
  void add_tour_actions();
  void add_record_actions();
  void add_export_actions(const std::string& panel, const std::string& title);
  void move_cursor(std::int64_t by);

  /// Whether a frame would show what the last one shows.
  [[nodiscard]] bool rests() const;
  /// Asks the engine for what the records do not have: the state at the step shown, the scores of
  /// the position that was chosen.
  void ask_for_past();
  /// The latest state, or the one at the step shown once it is there.
  [[nodiscard]] const LiveState& shown_state();

  void load_theme();
  void use_scale(float scale);
  void read_source();
  /// Opens what was dropped, and takes up a run that has been opened.
  void exchange_run();
  /// Makes the saved run that is shown again, to go on from its end.
  void continue_run();
  void remember(const Openable& opened);
  /// Actions for what was opened lately carry its name.
  void title_recent();
  [[nodiscard]] bool offers_tour() const;
  void draw_tour(const ControlContext& controls, const Rect& area);
  /// Menu, picker, and what is being opened; returns what is left of `area` for messages.
  Rect draw_files(const ControlContext& controls, const Rect& area, const Rect& window);
  void run_shortcuts();
  void build();
  void begin_root_window(Size size) const;
  /// Run bar and panels, without what lies above them; returns what the panels fill.
  Rect draw_contents(Canvas& canvas, Canvas& overlay, Size size);
  /// A strip along the top of `area` that says so; returns where it ends.
  float draw_context_end(const ControlContext& controls, const Rect& area);
  [[nodiscard]] PanelContext panel_context(Canvas& canvas, Canvas& overlay, const Rect& area);

  /// The program's presets and a person's own in one list.
  void gather_presets();
  void change_settings(const std::function<void(Settings&)>& change);
  void remember_layout();

  [[nodiscard]] FigureFacts figure_facts() const;
  /// Whether a panel has rows for a CSV file now.
  [[nodiscard]] bool has_numbers(const std::string& panel) const;
  [[nodiscard]] Size figure_size(const WindowFigure& figure) const;
  [[nodiscard]] Image draw_picture(const WindowFigure& figure);
  [[nodiscard]] std::string draw_svg(const WindowFigure& figure, const std::string& description);
  void draw_figure_frame(const WindowFigure& figure, Canvas& canvas, Canvas& overlay);
  [[nodiscard]] std::filesystem::path export_path(const std::string& what,
                                                  const std::string& ending) const;
  /// Does what must wait for the end of the frame that it was asked for in.
  void run_deferred();
  /// Says what was saved, or why not.
  void save_and_tell(const std::filesystem::path& path, const std::function<void()>& save);

  Platform& platform_;
  RunSource& source_;
  CommandSink send_;

  Theme theme_;
  float loaded_scale_ = 0;  ///< of the fonts that are loaded; 0 before the first
  Fonts fonts_;
  ImGuiCanvas canvas_;
  ImGuiCanvas overlay_;

  History history_;
  History other_history_;  ///< of the run that is compared; empty while none is
  std::unique_ptr<const StudySheet> study_;
  std::shared_ptr<const LiveState> state_;
  LiveState shown_;                            // the latest state, with layers of the past
  std::shared_ptr<const LiveState> shown_of_;  // the latest state it was made from
  std::optional<std::int64_t> asked_step_;
  std::optional<int> asked_position_;
  std::uint64_t asked_generation_ = 0;
  Selection selection_;
  std::vector<StepNote> notes_;                         ///< of this run
  std::optional<std::vector<StepNote>> notes_to_keep_;  ///< by the run that is about to begin
  std::vector<Preset> presets_;
  ItemRegistry items_;
  ActionTable actions_;
  Workspace workspace_;
  NoticeBoard notices_;
  std::string told_stop_;         // why the run stopped, as it was told last
  std::set<std::string> warned_;  // of this run, so that each is said once
  CommandPalette palette_;
  PromptEditor prompt_editor_;
  BreakpointEditor breakpoint_editor_;
  LineEditor line_editor_;
  ShortcutSheet shortcut_sheet_;
  MessageSheet message_sheet_;
  FileMenu file_menu_;
  FilePicker file_picker_;
  Tour tour_;
  Recorder recorder_;
  Opener* opener_ = nullptr;
  Openable opening_;  ///< tried last
  Openable opened_;   ///< taken up last
  KnobUndo undo_;
  FrameTimes frame_times_;
  CardMenu card_menu_;
  std::function<void()> input_;
  std::vector<std::function<void()>> deferred_;
  std::filesystem::path export_folder_ = ".";
  std::filesystem::path settings_file_;
  Settings settings_;
};

}  // namespace sketchscope
