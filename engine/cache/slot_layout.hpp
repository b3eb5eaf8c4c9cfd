#pragma once

#include "engine/cache/page_pool.hpp"

namespace sketchscope {

/// Where the heads of one slot's key, or value, lie: a page's 16 slots apart.
inline KvLayout slot_layout(const PagePool& pool) {
  const auto [heads, head_width, format] = pool.shape();
  return {.format = format,
          .width = head_width,
          .count = heads,
          .stride = kSlotsPerPage * pool.vector_bytes()};
}

}  // namespace sketchscope
