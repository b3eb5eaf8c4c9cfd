#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "engine/sketch/sketch.hpp"

namespace sketchscope {

/// What a sketch counts: which item a stored position (of a head) is.
enum class SketchKey : std::uint8_t { position, head_position, token };

/// The names of the keys as flags spell them, in enum order.
std::span<const std::string_view> sketch_key_names();
SketchKey sketch_key_from(std::string_view name);

/// Everything an item may be derived from.
struct ItemSource {
  int position = 0;
  int token = 0;
  int head = 0;
  int positions = 0;  // T
};
std::uint32_t item_id(SketchKey key, const ItemSource& source);

}  // namespace sketchscope
