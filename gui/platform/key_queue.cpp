#include "gui/platform/key_queue.hpp"

#include <algorithm>

namespace sketchscope::platform {

std::vector<KeyEvent> KeyQueue::take_frame() {
  std::vector<KeyEvent> taken;
  bool pressed = false;  // a key that is no modifier
  while (!waiting_.empty()) {
    const KeyEvent& next = waiting_.front();
    const bool again = std::ranges::find(taken, next.key, &KeyEvent::key) != taken.end();
    if (again || (pressed && next.is_modifier)) break;
    pressed = pressed || (next.is_down && !next.is_modifier);
    taken.push_back(next);
    waiting_.pop_front();
  }
  return taken;
}

}  // namespace sketchscope::platform
