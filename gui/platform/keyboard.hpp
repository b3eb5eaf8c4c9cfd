#pragma once

#include <cstdint>
#include "gui/plot/canvas.hpp"

namespace sketchscope::platform {

/// Keys that actions and scripts name, numbered as GLFW numbers them; letters and digits are their
/// ASCII capitals.
enum class Key : std::uint16_t {
  space = 32,
  digit_0 = '0',
  a = 'A',
  z = 'Z',
  escape = 256,
  enter = 257,
  tab = 258,
  backspace = 259,
  insert = 260,
  del = 261,
  right = 262,
  left = 263,
  down = 264,
  up = 265,
  page_up = 266,
  page_down = 267,
  home = 268,
  end = 269,
  f1 = 290,
  f2 = 291,
  f11 = 300,
};

/// The key of a capital letter or digit.
constexpr Key key_of(char symbol) {
  return static_cast<Key>(symbol);
}

// The interface to ImGui's keyboard. Before ImGui 1.88 keys have the backend's numbers; later
// versions have named keys and events. Only this file depends on the difference.

/// Sets up key handling for a platform without an ImGui backend. Call once, after creating the
/// context.
void set_up_keyboard();

/// Returns whether the key was pressed in this frame, or is held and `repeats`.
bool is_key_pressed(Key key, bool repeats = true);
bool is_key_down(Key key);
/// Returns whether ImGui still distributes queued input over frames.
bool is_input_left();

/// Returns whether ImGui sees only the keys that are held when a frame begins, so that they must
/// wait in a KeyQueue.
bool keys_need_a_queue();

// Simulated input for the next frame, which overrides the backend's.
void put_key(Key key, bool down);
void put_modifiers(bool control, bool shift);
void put_mouse(plot::Point at);

}  // namespace sketchscope::platform
