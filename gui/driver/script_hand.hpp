#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "gui/driver/robot.hpp"
#include "gui/driver/script.hpp"
#include "gui/driver/stage.hpp"

namespace sketchscope {

/// Carries out a script on a window, line by line: what its verbs have in common. A verb itself is
/// an entry of the table in gui/driver/verbs.hpp.
class ScriptHand {
 public:
  /// Pictures go to `out`; paths that a script names are looked for there, then in `folder`.
  ScriptHand(Stage& stage, std::filesystem::path out, std::filesystem::path folder = ".");

  /// Throws Error where it cannot be done, or what is expected is not so.
  void carry_out(const ScriptLine& line);
  /// What the last line has to add to the log; taken away by reading it.
  [[nodiscard]] std::string take_remark();
  void remark(std::string text) { remark_ = std::move(text); }

  [[nodiscard]] Stage& stage() { return stage_; }
  [[nodiscard]] const Stage& stage() const { return stage_; }
  [[nodiscard]] Robot& robot() { return robot_; }
  [[nodiscard]] const std::filesystem::path& out() const { return out_; }
  /// Where a file lies that a script names.
  [[nodiscard]] std::filesystem::path file(const std::string& name) const;

  void frames(int count);
  void set_timeout(double seconds) { timeout_seconds_ = seconds; }
  /// Draws frames until `done`; throws Error naming `what` after the timeout.
  void wait_until(const std::string& what, const std::function<bool()>& done);
  void wait_idle();
  /// Draws frames until the run has made this many steps. Throws Error where it ends before.
  void wait_for_steps(const std::string& what, std::size_t steps);
  [[nodiscard]] std::size_t read_steps() const { return stage_.facts().history.size(); }
  /// Of which the window may not have read the latest.
  [[nodiscard]] std::size_t published_steps() const;

  /// How many steps the run had published when a knob was sent: before and after.
  struct Sent {
    std::size_t before = 0;
    std::size_t after = 0;
  };
  void send_knob(const std::string& knob, const std::string& value);
  void note_sent(const std::string& knob, Sent sent) { sent_[knob] = sent; }
  /// Empty for a knob that this script has not sent.
  [[nodiscard]] std::optional<Sent> sent(const std::string& knob) const;
  /// Sends the next of a series of values of a knob, and returns it.
  std::string turn_knob(const std::string& knob);

  /// An item of the screen that can be used. Throws Error naming the nearest.
  [[nodiscard]] Item item(const std::string& path) const;
  /// A value of the window. Throws UsageError naming the nearest.
  [[nodiscard]] std::string value(const std::string& path) const;
  /// Of an item in a frame drawn now; "window" is all of it.
  [[nodiscard]] Image picture(const std::string& path);
  /// Writes it as PNG into the folder of the script.
  void screenshot(const std::string& file, const std::string& item = "window");

 private:
  /// Throws Error if the run ended before it made this many steps.
  void refuse_if_over(std::size_t steps) const;

  Stage& stage_;
  Robot robot_;
  std::filesystem::path out_;
  std::filesystem::path folder_;
  double timeout_seconds_ = 30;
  std::map<std::string, Sent> sent_;
  Knobs turned_;                      ///< what all commands so far ask for
  std::map<std::string, int> turns_;  ///< how often each knob was turned
  std::string remark_;
};

}  // namespace sketchscope
