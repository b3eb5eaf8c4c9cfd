#include "gui/driver/robot.hpp"

#include <imgui.h>

#include <utility>

namespace sketchscope {

Robot::Robot(Stage& stage) : stage_(stage), former_(stage.input()) {
  stage_.set_input([this] { apply(); });
}

Robot::~Robot() {
  stage_.set_input(former_);
}

void Robot::apply() {
  ImGuiIO& io = ImGui::GetIO();
  io.MousePos = {mouse_.x, mouse_.y};
  io.MouseDown[ImGuiMouseButton_Left] = held_;
  io.MouseWheel = std::exchange(wheel_, 0.0F);
  io.KeyCtrl = chord_held_ && chord_.control;
  io.KeyShift = chord_held_ && chord_.shift;
  io.KeysDown[static_cast<int>(chord_.key)] = chord_held_;
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
  // The second frame shows what the click brought about.
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
