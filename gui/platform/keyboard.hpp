#pragma once

#include "gui/platform/key.hpp"
#include "gui/plot/canvas.hpp"

namespace sketchscope {

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

// Simulated input for the next frame, which overrides the backend's.
void put_key(Key key, bool down);
void put_modifiers(bool control, bool shift);
void put_mouse(Point at);

}  // namespace sketchscope
