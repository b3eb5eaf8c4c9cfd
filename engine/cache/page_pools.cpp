#include "engine/cache/page_pools.hpp"

#include <algorithm>

namespace sketchscope {

std::shared_ptr<PagePool> PagePools::of(const PageShape& shape) {
  const auto found =
      std::ranges::find(pools_, shape, [](const auto& pool) { return pool->shape(); });
  if (found != pools_.end()) return *found;
  return pools_.emplace_back(std::make_shared<PagePool>(shape));
}

std::size_t PagePools::bytes_reserved() const {
  std::size_t bytes = 0;
  for (const auto& pool : pools_) bytes += pool->bytes_reserved();
  return bytes;
}

}  // namespace sketchscope
