#include "engine/cache/page_pools.hpp"

#include <algorithm>
#include <functional>
#include <numeric>

namespace sketchscope {

std::shared_ptr<PagePool> PagePools::of(const PageShape& shape) {
  const auto found =
      std::ranges::find(pools_, shape, [](const auto& pool) { return pool->shape(); });
  if (found != pools_.end()) return *found;
  return pools_.emplace_back(std::make_shared<PagePool>(shape));
}

template <typename Part>
std::size_t PagePools::sum(const Part& part) const {
  return std::transform_reduce(pools_.begin(), pools_.end(), std::size_t{0}, std::plus<>(),
                               [&](const auto& pool) { return part(*pool); });
}

std::size_t PagePools::bytes_reserved() const {
  return sum([](const PagePool& pool) { return pool.bytes_reserved(); });
}

std::size_t PagePools::pages_in_use() const {
  return sum([](const PagePool& pool) { return pool.pages_in_use(); });
}

std::size_t PagePools::bytes_in_use() const {
  return sum([](const PagePool& pool) { return pool.pages_in_use() * pool.page_bytes(); });
}

std::size_t PagePools::pages_in_use_peak() const {
  return sum([](const PagePool& pool) { return pool.pages_in_use_peak(); });
}

std::size_t PagePools::bytes_in_use_peak() const {
  return sum([](const PagePool& pool) { return pool.pages_in_use_peak() * pool.page_bytes(); });
}

}  // namespace sketchscope
