#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "gui/driver/driven_window.hpp"
#include "gui/plot/canvas.hpp"

namespace sketchscope::driver {

/// Simulates the mouse and the keyboard of a window. Each input draws the frames that the window
/// needs to process it: the window receives the input in one frame and may show its effect only in
/// the next.
class SimulatedInput {
 public:
  /// Replaces the input of `window` during its lifetime.
  explicit SimulatedInput(DrivenWindow& window);
  ~SimulatedInput();
  SimulatedInput(const SimulatedInput&) = delete;
  SimulatedInput& operator=(const SimulatedInput&) = delete;

  void move(plot::Point to);
  /// Turns the wheel at the mouse's place, upwards if `notches` is positive.
  void scroll(float notches);
  void press();
  void release();
  void click(plot::Point at);
  void press_key(const widgets::KeyChord& chord);
  void type(std::string_view text);

 private:
  void apply();
  /// Draws what some versions of ImGui need until a field of a popup that has just opened has the
  /// keyboard. Popups without a field get the same few frames.
  void wait_for_keyboard();

  DrivenWindow& window_;
  std::function<void()> former_input_;  ///< it is put back at the end
  plot::Point mouse_{-1, -1};           ///< outside of the window until the first move
  bool button_held_ = false;
  float wheel_ = 0;
  widgets::KeyChord chord_;
  bool chord_held_ = false;
  std::string typed_;
};

}  // namespace sketchscope::driver
