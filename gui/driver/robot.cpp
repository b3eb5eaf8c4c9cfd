#include "gui/driver/robot.hpp"

#include <imgui.h>

#include <utility>

#include "gui/platform/keyboard.hpp"

namespace sketchscope {

Robot::Robot(Stage& stage) : stage_(stage), former_(stage.input()) {
  stage_.set_input([this] { apply(); });
}

Robot::~Robot() {
  stage_.set_input(former_);
}

void Robot::apply() {
  ImGuiIO& io = ImGui::GetIO();
  put_mouse(mouse_);
  io.MouseDown[ImGuiMouseButton_Left] = held_;
  io.MouseWheel = std::exchange(wheel_, 0.0F);
  put_modifiers(chord_held_ && chord_.control, chord_held_ && chord_.shift);
  put_key(chord_.key, chord_held_);
  if (!typed_.empty()) io.AddInputCharactersUTF8(typed_.c_str());
  typed_.clear();
}

void Robot::move(Point to) {
  mouse_ = to;
  stage_.frame();
}

void Robot::scroll(float notches) {
  wheel_ = notches;
  stage_.frame();
  stage_.frame();
}

void Robot::press() {
  held_ = true;
  stage_.frame();
}

void Robot::release() {
  held_ = false;
  // The second frame shows the effect of the click.
  stage_.frame();
  stage_.frame();
}

void Robot::click(Point at) {
  move(at);
  press();
  release();
}

void Robot::press_key(const KeyChord& chord) {
  chord_ = chord;
  chord_held_ = true;
  stage_.frame();
  chord_held_ = false;
  stage_.frame();
  stage_.frame();
}

void Robot::type(std::string_view text) {
  typed_ = text;
  stage_.frame();
  stage_.frame();
}

}  // namespace sketchscope
