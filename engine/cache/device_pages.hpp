#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

#include "engine/cache/slot_table.hpp"
#include "kernels/cuda/runtime.hpp"

namespace sketchscope {

/// Copies of cache pages on the GPU. The pages in the program's memory are what counts: forks,
/// copies on write and cuts happen there, and a page that changed is copied again before it is
/// read. A new token's slot, which both sides write, is no change.
class DevicePages {
 public:
  explicit DevicePages(cuda::Stream stream) : stream_(stream) {}

  /// Copies what changed of a table's pages since they were copied last, and adds where each page
  /// lies on the device, in order.
  void bring(const SlotTable& table, std::vector<PageView>& views);
  /// Where `slot` of a table that was brought lies on the device: its first head's key and value.
  struct Slot {
    std::byte* key = nullptr;
    std::byte* value = nullptr;
  };
  [[nodiscard]] Slot at(const SlotTable& table, int slot);
  /// The device has written this slot too, so the page's copy is up to date.
  void accept(const SlotTable& table, int slot);

 private:
  struct Copies {
    std::vector<cuda::DeviceArray<std::byte>> slabs;
    std::vector<std::uint64_t> versions;  // by page; 0 where none was copied
  };
  [[nodiscard]] std::byte* copy_of(const PagePool& pool, PagePool::PageId page);

  cuda::Stream stream_;
  std::map<const PagePool*, Copies> copies_;
};

}  // namespace sketchscope
