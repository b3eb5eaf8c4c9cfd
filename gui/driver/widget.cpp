#include "gui/driver/widget.hpp"

#include <imgui.h>

namespace sketchscope {

void note_widget(ItemRegistry& items, std::string_view path, bool enabled) {
  const ImVec2 low = ImGui::GetItemRectMin();
  const ImVec2 high = ImGui::GetItemRectMax();
  items.note(path, Rect{low.x, low.y, high.x, high.y}, enabled);
}

}  // namespace sketchscope
