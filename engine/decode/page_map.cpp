#include "engine/decode/page_map.hpp"

#include <limits>
#include <map>

#include "engine/decode/lane_state.hpp"

namespace sketchscope::decode {
namespace {

/// One pool's pages while the tables that hold them are walked.
struct Walk {
  PoolPages pages;
  std::vector<std::int32_t> known;  // by page: how many of its references were met
};

void mark(const cache::SlotTable& table, int holder,
          std::map<const cache::PagePool*, Walk>& walks) {
  Walk& walk = walks.at(&table.pool());
  for (const cache::PagePool::PageId page : table.page_ids()) {
    const auto at = static_cast<std::size_t>(page);
    walk.pages.holders[at] |= static_cast<PageHolders>(1U << static_cast<unsigned>(holder));
    ++walk.known[at];
  }
}

Walk walk_of(const cache::PagePool& pool) {
  Walk walk{.pages = {.shape = pool.shape(), .page_bytes = pool.page_bytes()}, .known = {}};
  const std::size_t count = pool.page_count();
  walk.pages.holders.resize(count);
  walk.known.resize(count);
  for (std::size_t page = 0; page < count; ++page) {
    walk.pages.references.push_back(pool.references(static_cast<cache::PagePool::PageId>(page)));
  }
  return walk;
}

}  // namespace

std::vector<std::size_t> count_by_holders(std::span<const PageHolders> holders) {
  std::vector<std::size_t> pages(std::size_t{std::numeric_limits<PageHolders>::max()} + 1);
  for (const PageHolders set : holders) ++pages[set];
  return pages;
}

std::vector<PoolPages> page_map(const cache::PagePools& pools, std::span<const PageOwner> owners) {
  std::map<const cache::PagePool*, Walk> walks;
  for (const auto& pool : pools.all()) walks.emplace(pool.get(), walk_of(*pool));
  for (const PageOwner& owner : owners) {
    for (const LayerCache& layer : owner.lane->state().layers) {
      for (const CacheTable& table : layer.tables) {
        mark(table.slots, owner.cache, walks);
        if (table.audit) mark(table.audit->kept(), owner.audit, walks);
      }
    }
  }
  std::vector<PoolPages> map;
  for (const auto& pool : pools.all()) {
    Walk& walk = walks.at(pool.get());
    for (std::size_t page = 0; page < walk.known.size(); ++page) {
      if (walk.pages.references[page] > walk.known[page])
        walk.pages.holders[page] |= PageHolders{1U << kOtherPageHolder};
    }
    walk.pages.by_holders = count_by_holders(walk.pages.holders);
    map.push_back(std::move(walk.pages));
  }
  return map;
}

}  // namespace sketchscope::decode
