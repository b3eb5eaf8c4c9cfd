#include "gui/driver/item_registry.hpp"

#include "gui/driver/nearest_names.hpp"

namespace sketchscope {

void ItemRegistry::note(std::string_view path, const Rect& rect, bool enabled) {
  const auto found = items_.find(path);
  const Item item{rect, frame_, enabled};
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
  std::vector<std::string> names;
  for (const auto& [name, item] : items_) {
    if (item.frame + 1 >= frame_) names.push_back(name);
  }
  return nearest_names(path, names, count);
}

}  // namespace sketchscope
