#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace sketchscope {

/// What a sketch counts: which item a stored position (of a head) is.
enum class SketchKey : std::uint8_t { position, head_position, token, key_lsh };

/// The names of the keys as flags spell them, in enum order.
std::span<const std::string_view> sketch_key_names();
SketchKey sketch_key_from(std::string_view name);

}  // namespace sketchscope
