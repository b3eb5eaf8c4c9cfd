#pragma once

#include <cstddef>
#include <memory_resource>
#include <span>
#include <vector>

#include "engine/core/memory.hpp"
#include "engine/sketch/sketch.hpp"

namespace sketchscope {

/// The workspace of one update.
using UpdateArena = RoomOnStack<std::size_t{512} << 10>;

/// Returns the batch by ascending id, with the masses of equal ids summed (docs/cache.md,
/// "Updates"). The result does not depend on the order of the batch, since equal ids are summed in
/// order of mass. No sum is below any of its masses.
std::pmr::vector<SketchItem> merged_items(std::span<const SketchItem> batch, UpdateArena& arena);

}  // namespace sketchscope
