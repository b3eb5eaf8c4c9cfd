#include "gui/driver/simulated_input.hpp"

#include <imgui.h>

#include <utility>

#include "gui/platform/keyboard.hpp"
#include "gui/widgets/popup.hpp"

namespace sketchscope::driver {

SimulatedInput::SimulatedInput(DrivenWindow& window)
    : window_(window), former_input_(window.input()) {
  window_.set_input([this] { apply(); });
}

SimulatedInput::~SimulatedInput() {
  window_.set_input(former_input_);
}

void SimulatedInput::apply() {
  ImGuiIO& io = ImGui::GetIO();
  platform::put_mouse(mouse_);
  io.MouseDown[ImGuiMouseButton_Left] = button_held_;
  io.MouseWheel = std::exchange(wheel_, 0.0F);
  platform::put_modifiers(chord_held_ && chord_.control, chord_held_ && chord_.shift);
  platform::put_key(chord_.key, chord_held_);
  if (!typed_.empty()) io.AddInputCharactersUTF8(typed_.c_str());
  typed_.clear();
}

void SimulatedInput::move(plot::Point to) {
  mouse_ = to;
  window_.frame();
}

void SimulatedInput::scroll(float notches) {
  wheel_ = notches;
  window_.frame();
  window_.frame();
}

void SimulatedInput::press() {
  button_held_ = true;
  window_.frame();
}

void SimulatedInput::release() {
  button_held_ = false;
  window_.frame();
  window_.frame();
}

void SimulatedInput::click(plot::Point at) {
  move(at);
  press();
  release();
}

void SimulatedInput::wait_for_keyboard() {
  constexpr int kMostFrames = 2;
  for (int frame = 0; frame < kMostFrames; ++frame) {
    if (!widgets::Popup::any_is_open() || ImGui::GetIO().WantTextInput) return;
    window_.frame();
  }
}

void SimulatedInput::press_key(const widgets::KeyChord& chord) {
  wait_for_keyboard();
  chord_ = chord;
  chord_held_ = true;
  window_.frame();
  chord_held_ = false;
  window_.frame();
  window_.frame();
}

void SimulatedInput::type(std::string_view text) {
  wait_for_keyboard();
  typed_ = text;
  window_.frame();
  window_.frame();
}

}  // namespace sketchscope::driver
