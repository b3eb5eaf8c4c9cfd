#include "gui/driver/robot.hpp"

#include <imgui.h>

#include <utility>

#include "gui/app/app.hpp"
#include "gui/platform/keyboard.hpp"

namespace sketchscope {

Robot::Robot(App& app) : app_(app), former_(app.input()) {
  app_.set_input([this] { apply(); });
}

Robot::~Robot() {
  app_.set_input(former_);
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
  app_.frame();
}

void Robot::scroll(float notches) {
  wheel_ = notches;
  app_.frame();
  app_.frame();
}

void Robot::press() {
  held_ = true;
  app_.frame();
}

void Robot::release() {
  held_ = false;
  // The second frame shows what the click brought about.
  app_.frame();
  app_.frame();
}

void Robot::click(Point at) {
  move(at);
  press();
  release();
}

void Robot::press_key(const KeyChord& chord) {
  chord_ = chord;
  chord_held_ = true;
  app_.frame();
  chord_held_ = false;
  app_.frame();
  app_.frame();
}

void Robot::type(std::string_view text) {
  typed_ = text;
  app_.frame();
  app_.frame();
}

}  // namespace sketchscope
