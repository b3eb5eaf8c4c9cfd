#pragma once

#include <deque>
#include <vector>

namespace sketchscope::platform {

/// A key that went down or up, as the window system tells it.
struct KeyEvent {
  int key = 0;
  int scancode = 0;
  int action = 0;  ///< GLFW_PRESS, GLFW_RELEASE or GLFW_REPEAT
  int modifiers = 0;
  bool is_down = false;      ///< pressed or repeated
  bool is_modifier = false;  ///< Ctrl, Shift, Alt or Super
};

/// Hands key events to frames so that none is lost: ImGui before 1.87 knows only which keys are
/// held when a frame begins, so that a key that goes down and up between two frames was never
/// pressed.
class KeyQueue {
 public:
  void push(const KeyEvent& event) { waiting_.push_back(event); }
  [[nodiscard]] bool empty() const { return waiting_.empty(); }

  /// Returns the events of the next frame in their order: up to the second one of a key, and up to
  /// a modifier after the press of another key, which belongs to that chord.
  [[nodiscard]] std::vector<KeyEvent> take_frame();

 private:
  std::deque<KeyEvent> waiting_;
};

}  // namespace sketchscope::platform
