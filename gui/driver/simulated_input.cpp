#include "gui/driver/simulated_input.hpp"

#include <imgui.h>

#include <utility>

#include "gui/platform/keyboard.hpp"

namespace sketchscope {

SimulatedInput::SimulatedInput(DrivenWindow& window) : window_(window), former_(window.input()) {
  window_.set_input([this] { apply(); });
}

SimulatedInput::~SimulatedInput() {
  window_.set_input(former_);
}

void SimulatedInput::apply() {
  ImGuiIO& io = ImGui::GetIO();
  put_mouse(mouse_);
  io.MouseDown[ImGuiMouseButton_Left] = held_;
  io.MouseWheel = std::exchange(wheel_, 0.0F);
  put_modifiers(chord_held_ && chord_.control, chord_held_ && chord_.shift);
  put_key(chord_.key, chord_held_);
  if (!typed_.empty()) io.AddInputCharactersUTF8(typed_.c_str());
  typed_.clear();
}

void SimulatedInput::move(Point to) {
  mouse_ = to;
  window_.frame();
}

void SimulatedInput::scroll(float notches) {
  wheel_ = notches;
  window_.frame();
  window_.frame();
}

void SimulatedInput::press() {
  held_ = true;
  window_.frame();
}

void SimulatedInput::release() {
  held_ = false;
  // The second frame shows the effect of the click.
  window_.frame();
  window_.frame();
}

void SimulatedInput::click(Point at) {
  move(at);
  press();
  release();
}

void SimulatedInput::press_key(const KeyChord& chord) {
  chord_ = chord;
  chord_held_ = true;
  window_.frame();
  chord_held_ = false;
  window_.frame();
  window_.frame();
}

void SimulatedInput::type(std::string_view text) {
  typed_ = text;
  window_.frame();
  window_.frame();
}

}  // namespace sketchscope
