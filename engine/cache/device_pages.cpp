#include "engine/cache/device_pages.hpp"

#include <algorithm>

namespace sketchscope {
namespace {

constexpr std::size_t kPagesPerSlab = 32;

std::size_t index_of(PagePool::PageId page) {
  return static_cast<std::size_t>(page);
}

}  // namespace

void DevicePages::bring(const SlotTable& table, std::vector<PageView>& views) {
  const PagePool& pool = table.pool();
  Copies& copies = copies_[&pool];
  for (const PagePool::PageId page : table.page_ids()) {
    const std::size_t index = index_of(page);
    copies.versions.resize(std::max(copies.versions.size(), index + 1));
    while (copies.slabs.size() * kPagesPerSlab <= index) {
      copies.slabs.emplace_back(kPagesPerSlab * pool.page_bytes());
    }
    std::byte* const copy = copy_of(pool, page);
    if (copies.versions[index] != pool.version(page)) {
      cuda::upload(copy, pool.view(page).keys, pool.page_bytes(), stream_);
      copies.versions[index] = pool.version(page);
    }
    views.push_back({.keys = copy, .values = copy + pool.page_bytes() / 2});
  }
}

DevicePages::Slot DevicePages::at(const SlotTable& table, int slot) {
  const PagePool& pool = table.pool();
  const auto page = table.page_ids()[static_cast<std::size_t>(slot / kSlotsPerPage)];
  std::byte* const key =
      copy_of(pool, page) + static_cast<std::size_t>(slot % kSlotsPerPage) * pool.vector_bytes();
  return {.key = key, .value = key + pool.page_bytes() / 2};
}

void DevicePages::accept(const SlotTable& table, int slot) {
  const auto page = table.page_ids()[static_cast<std::size_t>(slot / kSlotsPerPage)];
  copies_.at(&table.pool()).versions[index_of(page)] = table.pool().version(page);
}

std::byte* DevicePages::copy_of(const PagePool& pool, PagePool::PageId page) {
  const std::size_t index = index_of(page);
  cuda::DeviceArray<std::byte>& slab = copies_.at(&pool).slabs[index / kPagesPerSlab];
  return slab.data() + index % kPagesPerSlab * pool.page_bytes();
}

}  // namespace sketchscope
