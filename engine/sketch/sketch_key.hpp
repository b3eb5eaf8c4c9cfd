#pragma once

#include <cstdint>

#include "engine/core/registry.hpp"

namespace sketchscope {

/// The kind of item that a sketch counts for a stored position or a head of it (docs/cache.md,
/// "Items").
enum class SketchKey : std::uint8_t { position, head_position, token, key_lsh };
template <>
inline constexpr std::array enum_names<SketchKey> = {
    NamedValue{SketchKey::position, "position"},
    NamedValue{SketchKey::head_position, "head-position"},
    NamedValue{SketchKey::token, "token"},
    NamedValue{SketchKey::key_lsh, "key-lsh"},
};

}  // namespace sketchscope
