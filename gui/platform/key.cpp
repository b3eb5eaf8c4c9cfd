#include "gui/platform/key.hpp"

#include <imgui.h>

namespace sketchscope {

bool key_pressed(int imgui_key) {
  return ImGui::IsKeyPressed(ImGui::GetKeyIndex(imgui_key));
}

}  // namespace sketchscope
