#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "engine/sketch/sketch.hpp"

namespace sketchscope {

/// Serialises a sketch: kind, shape, seed, N and counters, little endian.
std::vector<std::byte> save_sketch(const Sketch& sketch);

/// Reads the bytes of save_sketch(). Throws Error where they are not a sketch, end early or have a
/// surplus, and UsageError where kind, shape or seed differ from those requested, since other
/// hashes would misread the counters.
std::unique_ptr<Sketch> load_sketch(std::span<const std::byte> bytes, std::string_view kind,
                                    const SketchShape& shape);

}  // namespace sketchscope
