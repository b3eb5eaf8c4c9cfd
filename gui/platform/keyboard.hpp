#pragma once

#include "gui/platform/key.hpp"
#include "gui/plot/geometry.hpp"

namespace sketchscope {

// What ImGui is told of and asked about keys. Up to 1.88 keys have the numbers of the backend,
// later ones have names and come as events; nothing else here has to know which.

/// For a platform without a backend of ImGui's. Once, after the context was made.
void set_up_keyboard();

/// In this frame, or again where it is held and `repeats`.
bool is_key_pressed(Key key, bool repeats = true);
bool is_key_down(Key key);
/// True while input that came all at once is still being told frame by frame.
bool is_input_left();

// What a hand does, for the frame to come; it counts for more than what the backend has noticed.
void put_key(Key key, bool down);
void put_modifiers(bool control, bool shift);
void put_mouse(Point at);

}  // namespace sketchscope
