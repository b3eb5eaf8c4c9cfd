#include "gui/widgets/selection.hpp"

#include <algorithm>
#include <vector>

#include "engine/core/text.hpp"

namespace sketchscope::widgets {

std::string eviction_text(const EvictionKey& eviction) {
  const std::string text = std::to_string(eviction.step) + ":" + std::to_string(eviction.layer) +
                           ":" + std::to_string(eviction.position);
  return eviction.head == 0 ? text : text + ":" + std::to_string(eviction.head);
}

std::optional<EvictionKey> parse_eviction(std::string_view text) {
  std::vector<int> numbers;
  for (bool last = false; !last;) {
    const std::size_t colon = text.find(':');
    last = colon == std::string_view::npos;
    const auto number = core::parse_number<int>(text.substr(0, colon));
    if (!number || *number < 0) return std::nullopt;
    numbers.push_back(*number);
    if (!last) text.remove_prefix(colon + 1);
  }
  if (numbers.size() < 3 || numbers.size() > 4) return std::nullopt;
  return EvictionKey{numbers[0], numbers[1], numbers[2], numbers.size() > 3 ? numbers[3] : 0};
}

}  // namespace sketchscope::widgets
