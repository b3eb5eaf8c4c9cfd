#include "gui/platform/keyboard.hpp"

#include <imgui.h>
#include <imgui_internal.h>

#include <algorithm>
#include <array>

namespace sketchscope::platform {
namespace {

struct NamedKey {
  Key key;
  ImGuiKey name;
};

/// The keys that have a name in every version of ImGui.
constexpr std::array kNamedKeys = {
    NamedKey{Key::space, ImGuiKey_Space},
    NamedKey{Key::escape, ImGuiKey_Escape},
    NamedKey{Key::enter, ImGuiKey_Enter},
    NamedKey{Key::tab, ImGuiKey_Tab},
    NamedKey{Key::backspace, ImGuiKey_Backspace},
    NamedKey{Key::insert, ImGuiKey_Insert},
    NamedKey{Key::del, ImGuiKey_Delete},
    NamedKey{Key::right, ImGuiKey_RightArrow},
    NamedKey{Key::left, ImGuiKey_LeftArrow},
    NamedKey{Key::down, ImGuiKey_DownArrow},
    NamedKey{Key::up, ImGuiKey_UpArrow},
    NamedKey{Key::page_up, ImGuiKey_PageUp},
    NamedKey{Key::page_down, ImGuiKey_PageDown},
    NamedKey{Key::home, ImGuiKey_Home},
    NamedKey{Key::end, ImGuiKey_End},
    NamedKey{key_of('A'), ImGuiKey_A},
    NamedKey{key_of('C'), ImGuiKey_C},
    NamedKey{key_of('V'), ImGuiKey_V},
    NamedKey{key_of('X'), ImGuiKey_X},
    NamedKey{key_of('Y'), ImGuiKey_Y},
    NamedKey{key_of('Z'), ImGuiKey_Z},
};

}  // namespace

#if IMGUI_VERSION_NUM < 18900

namespace {

int imgui_key(Key key) {
  return static_cast<int>(key);
}

}  // namespace

void set_up_keyboard() {
  for (const auto& [key, name] : kNamedKeys) ImGui::GetIO().KeyMap[name] = imgui_key(key);
}

void put_key(Key key, bool down) {
  ImGui::GetIO().KeysDown[imgui_key(key)] = down;
}

void put_modifiers(bool control, bool shift) {
  ImGui::GetIO().KeyCtrl = control;
  ImGui::GetIO().KeyShift = shift;
}

void put_mouse(plot::Point at) {
  ImGui::GetIO().MousePos = {at.x, at.y};
}

bool is_input_left() {
  return false;
}

bool keys_need_a_queue() {
  return true;
}

#else

namespace {

/// Returns the key at offset `key - first` from `named_first`.
ImGuiKey at_distance(Key key, Key first, ImGuiKey named_first) {
  return static_cast<ImGuiKey>(named_first + static_cast<int>(key) - static_cast<int>(first));
}

ImGuiKey imgui_key(Key key) {
  if (key >= Key::digit_0 && key <= key_of('9')) return at_distance(key, Key::digit_0, ImGuiKey_0);
  if (key >= Key::a && key <= Key::z) return at_distance(key, Key::a, ImGuiKey_A);
  if (key >= Key::f1 && key <= Key::f11) return at_distance(key, Key::f1, ImGuiKey_F1);
  if (key == key_of('=')) return ImGuiKey_Equal;
  if (key == key_of('-')) return ImGuiKey_Minus;
  const auto named = std::ranges::find(kNamedKeys, key, &NamedKey::key);
  return named != kNamedKeys.end() ? named->name : ImGuiKey_None;
}

}  // namespace

void set_up_keyboard() {}

void put_key(Key key, bool down) {
  ImGui::GetIO().AddKeyEvent(imgui_key(key), down);
}

void put_modifiers(bool control, bool shift) {
  ImGui::GetIO().AddKeyEvent(ImGuiMod_Ctrl, control);
  ImGui::GetIO().AddKeyEvent(ImGuiMod_Shift, shift);
}

void put_mouse(plot::Point at) {
  ImGui::GetIO().AddMousePosEvent(at.x, at.y);
}

bool is_input_left() {
  return !ImGui::GetCurrentContext()->InputEventsQueue.empty();
}

bool keys_need_a_queue() {
  return false;
}

#endif

bool is_key_pressed(Key key, bool repeats) {
  return ImGui::IsKeyPressed(imgui_key(key), repeats);
}

bool is_key_down(Key key) {
  return ImGui::IsKeyDown(imgui_key(key));
}

}  // namespace sketchscope::platform
