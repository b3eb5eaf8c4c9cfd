#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "gui/driver/stage.hpp"
#include "gui/plot/canvas.hpp"

namespace sketchscope {

/// Simulates mouse and keyboard of a window. Each input draws the frames that the window needs to
/// process it.
class Robot {
 public:
  /// Replaces the input of `stage` during its lifetime.
  explicit Robot(Stage& stage);
  ~Robot();
  Robot(const Robot&) = delete;
  Robot& operator=(const Robot&) = delete;

  void move(Point to);
  /// Turns the wheel at the mouse's place, upwards if `notches` is positive.
  void scroll(float notches);
  void press();
  void release();
  void click(Point at);
  void press_key(const KeyChord& chord);
  void type(std::string_view text);

 private:
  void apply();

  Stage& stage_;
  std::function<void()> former_;
  Point mouse_{-1, -1};
  bool held_ = false;
  float wheel_ = 0;
  KeyChord chord_;
  bool chord_held_ = false;
  std::string typed_;
};

}  // namespace sketchscope
