#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>

#include "engine/run/command.hpp"
#include "gui/app/app.hpp"
#include "gui/driver/robot.hpp"
#include "gui/driver/script.hpp"
#include "gui/driver/values.hpp"

namespace sketchscope {

/// Carries out single actions of a script on a window. Each throws Error where it cannot be done,
/// or what is expected is not so.
class ScriptHand {
 public:
  /// Pictures go to `out`; paths that a script names are looked for there, then in `folder`.
  ScriptHand(App& app, std::filesystem::path out, std::filesystem::path folder = ".");

  void carry_out(const ScriptLine& line);
  /// What the last action has to add to the log; taken away by reading it.
  [[nodiscard]] std::string take_remark();
  /// Of the window, or of an item alone.
  void screenshot(const std::string& file, const std::string& item = "window");

 private:
  void wait(const ScriptLine& line);
  void advance(const ScriptLine& line);
  void set(const ScriptLine& line);
  void turn(const ScriptLine& line);
  void drag(const ScriptLine& line);
  void click(const ScriptLine& line);
  void hover(const ScriptLine& line);
  void sweep(const ScriptLine& line);
  void scroll(const ScriptLine& line);
  void key(const ScriptLine& line);
  void expect(const ScriptLine& line);
  void expect_value(const ScriptLine& line);
  void expect_change(const ScriptLine& line);
  void expect_text(const ScriptLine& line);
  void expect_item(const ScriptLine& line);
  void expect_picture(const ScriptLine& line);
  void resize(const ScriptLine& line);

  [[nodiscard]] std::filesystem::path file(const std::string& name) const;
  /// Draws frames until `done`; throws Error naming `what` after the timeout.
  void wait_until(const std::string& what, const std::function<bool()>& done);
  void wait_idle();
  /// Throws Error if the run ended before it made this many steps.
  void refuse_if_over(std::size_t steps) const;
  void frames(int count);
  void send_knob(const std::string& knob, const std::string& value);
  [[nodiscard]] std::size_t published_steps() const;
  [[nodiscard]] Item item(const std::string& path) const;
  /// Of an item in a frame drawn now; "window" is all of it.
  [[nodiscard]] Image picture(const std::string& path);
  /// At a share of the item's size, which stands in the words from `first` on.
  [[nodiscard]] Point point_in(const Rect& rect, const ScriptLine& line, std::size_t first) const;
  [[nodiscard]] std::string value(const std::string& path) const;

  /// How many steps the run had published when a knob was sent: before and after.
  struct Sent {
    std::size_t before = 0;
    std::size_t after = 0;
  };

  App& app_;
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
