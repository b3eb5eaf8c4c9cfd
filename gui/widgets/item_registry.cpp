#include "gui/widgets/item_registry.hpp"

#include <imgui.h>

#include "engine/core/text.hpp"

namespace sketchscope {

void ItemRegistry::note(std::string_view path, const Rect& rect, bool enabled) {
  const Item item{rect, frame_, enabled};
  const auto found = items_.find(path);
  if (found != items_.end()) {
    found->second = item;
  } else {
    items_.emplace(path, item);
  }
}

std::optional<Item> ItemRegistry::find(std::string_view path) const {
  const auto found = items_.find(path);
  if (found == items_.end() || found->second.frame + 1 < frame_) return std::nullopt;
  return found->second;
}

std::vector<std::string> ItemRegistry::nearest(std::string_view path, std::size_t count) const {
  std::vector<std::string_view> drawn;
  for (const auto& [name, item] : items_) {
    if (item.frame + 1 >= frame_) drawn.push_back(name);
  }
  const auto names = sketchscope::nearest(path, std::move(drawn), count);
  return {names.begin(), names.end()};
}

void note_widget(ItemRegistry& items, std::string_view path, bool enabled) {
  const ImVec2 low = ImGui::GetItemRectMin();
  const ImVec2 high = ImGui::GetItemRectMax();
  items.note(path, Rect{low.x, low.y, high.x, high.y}, enabled);
}

}  // namespace sketchscope
