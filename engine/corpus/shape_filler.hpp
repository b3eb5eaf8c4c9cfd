#pragma once

#include <iterator>
#include <map>
#include <string>
#include <string_view>

#include "engine/core/random.hpp"
#include "engine/corpus/sentence_shapes.hpp"

namespace sketchscope {

/// Half-open range of characters.
struct TextSpan {
  std::size_t begin = 0;
  std::size_t end = 0;
};

struct FilledShape {
  std::string text;
  TextSpan value;  ///< where `{value}` went; empty when the shape has none
};

using SlotValues = std::map<std::string_view, std::string>;

/// Fills the slots of `shape`: from `slots`, else with a random word of the table of that name (no
/// word twice in one shape). The first letter becomes a capital. Throws Error on an unknown slot.
FilledShape fill_shape(Shape shape, const SlotValues& slots, SplitMix64& random);

/// One of `choices`, each as likely as the others.
template <typename Range>
const auto& pick(const Range& choices, SplitMix64& random) {
  return choices[random.below(std::size(choices))];
}

}  // namespace sketchscope
