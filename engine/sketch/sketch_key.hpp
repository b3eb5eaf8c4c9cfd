#pragma once

#include <cstdint>

#include "engine/core/enum_names.hpp"

namespace sketchscope {

/// What a sketch counts: which item a stored position (of a head) is.
enum class SketchKey : std::uint8_t { position, head_position, token, key_lsh };
template <>
inline constexpr std::array enum_names<SketchKey> = {
    NamedValue{SketchKey::position, "position"},
    NamedValue{SketchKey::head_position, "head-position"},
    NamedValue{SketchKey::token, "token"},
    NamedValue{SketchKey::key_lsh, "key-lsh"},
};

}  // namespace sketchscope
