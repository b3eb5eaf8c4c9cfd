#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/cache/page_pool.hpp"

namespace sketchscope::decode {

class Lane;

/// The set of the holders of a page: bit i stands for holder i.
using PageHolders = std::uint8_t;

/// The holder that stands for all holders without a number of their own: keyframes and other lanes.
inline constexpr int kOtherPageHolder = 7;

/// A lane whose pages are told apart, and the numbers of its cache and its audit as holders, 0
/// to 6.
struct PageOwner {
  const Lane* lane = nullptr;  ///< never null
  int cache = 0;
  int audit = 0;
};

/// The pages of one pool.
struct PoolPages {
  cache::PageShape shape;
  std::size_t page_bytes = 0;
  std::vector<PageHolders> holders;      ///< by page; the empty set for a free page
  std::vector<std::int32_t> references;  ///< by page: how many tables hold it
  std::vector<std::size_t> by_holders;   ///< as count_by_holders() has it
};

/// Returns how many pages each set of holders has, by set. The empty set's are free.
std::vector<std::size_t> count_by_holders(std::span<const PageHolders> holders);  // (2^8)

/// Returns who holds each page of each pool.
std::vector<PoolPages> page_map(const cache::PagePools& pools, std::span<const PageOwner> owners);

}  // namespace sketchscope::decode
