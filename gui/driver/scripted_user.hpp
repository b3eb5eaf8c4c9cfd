#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "engine/settings/knobs.hpp"
#include "gui/driver/driven_window.hpp"
#include "gui/driver/script.hpp"
#include "gui/driver/simulated_input.hpp"

namespace sketchscope::driver {

/// Executes script lines on a window, and provides the operations that verbs share. The verbs
/// themselves are entries of the table in gui/driver/script.hpp.
class ScriptedUser {
 public:
  /// Pictures go to `out`; paths in a script are resolved there, then in `folder`.
  ScriptedUser(DrivenWindow& window, std::filesystem::path out, std::filesystem::path folder = ".");

  /// Executes a line. Throws Error if it fails or its expectation is not met.
  void carry_out(const ScriptLine& line);
  /// Returns and clears the last line's remark for the log.
  [[nodiscard]] std::string take_remark() { return std::exchange(remark_, {}); }
  void remark(std::string text) { remark_ = std::move(text); }

  [[nodiscard]] DrivenWindow& window() { return window_; }
  [[nodiscard]] SimulatedInput& input() { return input_; }
  [[nodiscard]] const std::filesystem::path& out() const { return out_; }
  /// Resolves a path in a script.
  [[nodiscard]] std::filesystem::path file(const std::string& name) const;

  void frames(int count);
  void set_timeout(double seconds) { timeout_seconds_ = seconds; }
  /// Draws frames until `done`; throws Error naming `what` after the timeout.
  void wait_until(const std::string& what, const std::function<bool()>& done);
  void wait_idle();
  /// Draws frames until the run has made this many steps. Throws Error where it ends before.
  void wait_for_steps(const std::string& what, std::size_t steps);
  /// Draws frames until the text that the run is given has ended, or the run was paused before.
  /// Throws Error where it is given none.
  void wait_for_given_text();
  [[nodiscard]] std::size_t read_steps() const { return window_.facts().history.size(); }
  /// Returns the number of published steps, of which the window may not have read the last.
  [[nodiscard]] std::size_t published_steps() const;

  /// The number of published steps before and after a knob was sent.
  struct Sent {
    std::size_t before = 0;
    std::size_t after = 0;
  };
  void send_knob(const std::string& knob, const std::string& value);
  void note_sent(const std::string& knob, Sent sent) { sent_[knob] = sent; }
  /// Returns when a knob was sent; empty if this script has not sent it.
  [[nodiscard]] std::optional<Sent> sent(const std::string& knob) const;
  /// Sends and returns the next of a series of values of a knob (turned_value).
  std::string turn_knob(const std::string& knob);

  /// Returns an enabled item on the screen. Throws Error that names the nearest ones.
  [[nodiscard]] widgets::Item item(const std::string& path) const;
  /// Returns a value of the window. Throws UsageError that names the nearest ones.
  [[nodiscard]] std::string value(const std::string& path) const;
  /// Draws a frame and returns the picture of an item, or of all for "window".
  [[nodiscard]] plot::Image picture(const std::string& path);
  /// Writes an item's picture as PNG into the output folder.
  void screenshot(const std::string& file, const std::string& item = "window");

 private:
  DrivenWindow& window_;
  SimulatedInput input_;
  std::filesystem::path out_;
  std::filesystem::path folder_;
  double timeout_seconds_ = 30;
  std::map<std::string, Sent> sent_;
  settings::Knobs turned_;            ///< knobs after all commands sent so far
  std::map<std::string, int> turns_;  ///< number of `turn` statements by knob
  std::string remark_;
};

/// Returns the value of the `count`-th `turn` of a knob. The values differ, are spread over its
/// range or choices, and do not contradict the other knobs.
std::string turned_value(const settings::Knobs& knobs, const settings::KnobInfo& knob, int count);

}  // namespace sketchscope::driver
