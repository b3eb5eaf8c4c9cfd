#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/run/command.hpp"
#include "engine/settings/knobs.hpp"
#include "gui/driver/driven_window.hpp"

namespace sketchscope::driver {

/// Returns `set` lines that change one configuration to another, with a valid configuration after
/// each line.
std::vector<std::string> knob_lines(const settings::Knobs& from, const settings::Knobs& to);

/// Records a person's input as a script: actions by name, knobs by value, clicks in panels by
/// place, each after the same step. At its end the script expects the final knobs and no error.
class Recorder {
 public:
  /// Starts a script with the lines that bring a new window to this one's state.
  void start(const DrivenWindow& window);
  [[nodiscard]] bool is_recording() const { return recording_; }
  /// Ends recording and returns the script.
  [[nodiscard]] std::string stop(const DrivenWindow& window);
  /// Switches recording off, as while the window plays a script, or on. Returns the former state.
  bool set_listening(bool on) { return std::exchange(listens_, on); }

  // Notifications from the window while it builds a frame.
  void note_action(const widgets::Action& action);
  void note_command(const run::Command& command);
  /// Notes the text entered in a line editor that an action opened.
  void note_line(const std::string& action, const std::string& text);
  void note_open(const std::filesystem::path& path);
  /// Notes that a person has moved a panel to a side of another one.
  void note_move(const std::string& panel, const std::string& side, const std::string& beside);
  /// Notes that a saved run was laid over the others.
  void note_lay_over(const std::filesystem::path& path);
  /// To be called before the frame's widgets process the keyboard.
  void begin_frame(const DrivenWindow& window);
  /// To be called after the widgets; records mouse input that no action or command covers.
  void end_frame(const DrivenWindow& window);

 private:
  /// A press of the mouse in a panel.
  struct Press {
    std::string panel;
    plot::Point share;
    bool again = false;  ///< second press of a double click
  };

  [[nodiscard]] bool is_noting() const { return recording_ && listens_; }
  /// Writes a statement, preceded by a wait for the present step.
  void write(std::string_view verb, const std::vector<std::string>& words);
  /// Replaces the last line if it differs only in its last word.
  void rewrite(std::string_view verb, const std::vector<std::string>& words);
  /// Writes a statement without a wait before it.
  void follow_with(std::string_view verb, const std::vector<std::string>& words);
  void write_wait();
  void write_release(const DrivenWindow& window, const Press& press);
  /// Returns whether typed keys go to a panel; those for popups and knobs are recorded as actions
  /// and commands.
  [[nodiscard]] bool types_in_panel() const;
  [[nodiscard]] static std::optional<Press> pointed_at(const DrivenWindow& window);

  bool recording_ = false;
  bool listens_ = true;
  std::vector<std::string> lines_;
  std::int64_t steps_ = 0;          ///< present steps of the run
  std::int64_t written_steps_ = 0;  ///< steps that the script has waited for
  std::uint64_t run_ = 0;
  std::size_t errors_ = 0;  ///< number of errors at the start
  plot::Size size_;
  settings::Knobs wanted_;        ///< present knobs of the run
  std::set<std::string> turned_;  ///< names of the knobs that were turned
  std::optional<Press> press_;
  bool panel_has_keyboard_ = false;
  std::string typed_;
  bool told_ = false;   ///< the press was recorded as an action or command
  bool acted_ = false;  ///< an action ran in this frame and covers its commands
};

}  // namespace sketchscope::driver
