#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gui/plot/canvas.hpp"

namespace sketchscope {

/// A named item on the screen, such as "Knobs/max_cache_size" or "Run/play".
struct Item {
  Rect rect;
  std::uint64_t frame = 0;  ///< when it was last drawn
  bool enabled = true;
};

/// Every widget a script may aim at, noted as it is drawn.
class ItemRegistry {
 public:
  void begin_frame() { ++frame_; }
  void note(std::string_view path, const Rect& rect, bool enabled = true);

  /// The item of that path if it was drawn in this frame or the last one.
  [[nodiscard]] std::optional<Item> find(std::string_view path) const;
  /// Paths drawn lately that are most like `path`, best first.
  [[nodiscard]] std::vector<std::string> nearest(std::string_view path, std::size_t count) const;

 private:
  std::map<std::string, Item, std::less<>> items_;
  std::uint64_t frame_ = 0;
};

/// Notes the ImGui widget that was just submitted, so that scripts find it. A slider's or input's
/// label lies right of it and inside its rectangle: give widgets labels that start with "##".
void note_widget(ItemRegistry& items, std::string_view path, bool enabled = true);

}  // namespace sketchscope
