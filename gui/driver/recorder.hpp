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
#include "gui/driver/stage.hpp"

namespace sketchscope {

/// `set` lines that lead from one configuration to another, each allowed where it stands.
std::vector<std::string> knob_lines(const Knobs& from, const Knobs& to);

/// Writes what a person does to a window as a script that does it again: actions by name, knobs by
/// value, clicks in panels by the place in the panel, each after the step it came after. At the end
/// it expects the knobs that were left, and no error.
class Recorder {
 public:
  /// Begins with what brings a fresh window where this one is, a run from its prompt on.
  void start(const Stage& stage);
  [[nodiscard]] bool is_recording() const { return recording_; }
  /// The whole script.
  [[nodiscard]] std::string stop(const Stage& stage);
  /// Off: what happens is not noted, as while the window itself plays a script. Returns what was.
  bool set_listening(bool on) { return std::exchange(listens_, on); }

  // What the window says of itself while it builds a frame.
  void note_action(const Action& action);
  void note_command(const Command& command);
  /// What was written in the line that an action opens.
  void note_line(const std::string& action, const std::string& text);
  void note_open(const std::filesystem::path& path);
  /// Before the frame's widgets take the keyboard.
  void begin_frame(const Stage& stage);
  /// After them: what the mouse did that no action or command tells.
  void end_frame(const Stage& stage);

 private:
  /// Where in a panel the mouse was pressed.
  struct Press {
    std::string panel;
    Point share;
    bool again = false;  ///< the second of a double click
  };

  [[nodiscard]] bool is_noting() const { return recording_ && listens_; }
  /// A statement, after the step that it came after.
  void write(std::string_view verb, const std::vector<std::string>& words);
  /// The same as the last line but for its last word: takes its place.
  void rewrite(std::string_view verb, const std::vector<std::string>& words);
  /// A statement that goes with the one before it.
  void follow_with(std::string_view verb, const std::vector<std::string>& words);
  void write_wait();
  void write_release(const Stage& stage, const Press& press);
  [[nodiscard]] bool types_in_panel() const;
  [[nodiscard]] static std::optional<Press> pointed_at(const Stage& stage);

  bool recording_ = false;
  bool listens_ = true;
  std::vector<std::string> lines_;
  std::int64_t steps_ = 0;          ///< of the run, now
  std::int64_t written_steps_ = 0;  ///< that the script has waited for
  std::uint64_t run_ = 0;
  std::size_t errors_ = 0;  ///< at the start
  Size window_;
  Knobs wanted_;                  ///< of the run, now
  std::set<std::string> turned_;  ///< knobs
  std::optional<Press> press_;
  bool panel_has_keyboard_ = false;
  std::string typed_;
  bool told_ = false;   ///< an action or command told what this press did
  bool acted_ = false;  ///< an action ran in this frame; its commands go with it
};

}  // namespace sketchscope
