#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "engine/sketch/sketch.hpp"

namespace sketchscope {

/// A sketch as bytes: kind, shape, seed, N and counters, little endian.
std::vector<std::byte> save_sketch(const Sketch& sketch);

/// What save_sketch wrote. Throws Error where the bytes are no such thing, end early or go on, and
/// UsageError where they hold another kind, shape or seed than asked for: other hashes would read
/// nonsense from the same counters.
std::unique_ptr<Sketch> load_sketch(std::span<const std::byte> bytes, std::string_view kind,
                                    const SketchShape& shape);

}  // namespace sketchscope
