#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "kernels/attention.hpp"

namespace sketchscope::cache {

/// What the tables that share a pool store in a slot.
struct PageShape {
  int heads = 0;       // K, key/value heads
  int head_width = 0;  // D
  kernels::KvFormat format = kernels::KvFormat::f32;

  friend bool operator==(const PageShape&, const PageShape&) = default;
};

/// Throws Error on a shape that cannot be: no heads, no width; UsageError on int4 with an odd
/// width.
void check_page_shape(const PageShape& shape);

/// Hands out pages of 16 slots (keys and values, (K, 16) vectors of D numbers each, encoded) from
/// slabs that it keeps. Reference counts are plain integers: one pool belongs to one session's
/// thread.
class PagePool {
 public:
  using PageId = std::int32_t;

  /// Throws as check_page_shape() does.
  explicit PagePool(PageShape shape);

  /// Returns a page with one reference and unspecified contents.
  [[nodiscard]] PageId allocate();
  void retain(PageId page);
  /// Releases one reference; the page is free again when it has none.
  void release(PageId page);

  [[nodiscard]] int references(PageId page) const;  ///< 0 where the page is not handed out
  /// Returns memory to write to; the page's version changes with each call.
  [[nodiscard]] std::byte* keys(PageId page);    // (K, 16) vectors
  [[nodiscard]] std::byte* values(PageId page);  // (K, 16) vectors
  /// Returns the version of a page, never 0; equal versions of a page have equal contents.
  [[nodiscard]] std::uint64_t version(PageId page) const { return versions_[checked(page)]; }
  [[nodiscard]] kernels::PageView view(PageId page) const {
    return {.keys = memory(page), .values = memory(page) + half_page_};
  }
  [[nodiscard]] PageShape shape() const { return shape_; }

  /// Returns the bytes of a slot's key, or of its value, of one head.
  [[nodiscard]] std::size_t vector_bytes() const {
    return kernels::kv_vector_bytes(shape_.format, shape_.head_width);
  }
  [[nodiscard]] std::size_t page_bytes() const { return 2 * half_page_; }
  /// Returns the number of pages, handed out or free.
  [[nodiscard]] std::size_t page_count() const { return references_.size(); }
  [[nodiscard]] std::size_t pages_in_use() const { return in_use_; }
  [[nodiscard]] std::size_t pages_in_use_peak() const { return in_use_peak_; }
  /// Returns the bytes of the slabs, whether in use or not.
  [[nodiscard]] std::size_t bytes_reserved() const { return references_.size() * page_bytes(); }
  /// Grows the pool so that `pages` more can be handed out without an allocation.
  void reserve(std::size_t pages);

 private:
  struct FreeAligned {
    void operator()(std::byte* memory) const;
  };
  using Slab = std::unique_ptr<std::byte[], FreeAligned>;

  void add_slab();
  // Throws Error unless the page is handed out.
  [[nodiscard]] std::size_t checked(PageId page) const;
  [[nodiscard]] std::byte* memory(PageId page) const;

  PageShape shape_;
  std::size_t half_page_;       // bytes of a page's keys, or of its values
  std::size_t pages_per_slab_;  // the same for all slabs
  std::vector<Slab> slabs_;
  std::vector<std::int32_t> references_;  // by page; 0 is free
  std::vector<std::uint64_t> versions_;   // by page
  std::vector<PageId> free_;              // handed out from the back
  std::size_t in_use_ = 0;
  std::size_t in_use_peak_ = 0;
};

/// Returns how the heads of one slot's key, or value, lie in memory: a page's 16 slots apart.
inline kernels::KvLayout slot_layout(const PagePool& pool) {
  const auto [heads, head_width, format] = pool.shape();
  return {.format = format,
          .width = head_width,
          .count = heads,
          .stride = kernels::kSlotsPerPage * pool.vector_bytes()};
}

/// The page pools of one session: one for each shape that its lanes store.
class PagePools {
 public:
  /// Returns the pool of a shape, made when first asked for. Throws as check_page_shape() does.
  [[nodiscard]] std::shared_ptr<PagePool> of(const PageShape& shape);

  /// Returns the pools, in the order in which they were made.
  [[nodiscard]] std::span<const std::shared_ptr<PagePool>> all() const { return pools_; }

  /// Returns the bytes of all slabs, used or not.
  [[nodiscard]] std::size_t bytes_reserved() const {
    return sum([](const PagePool& pool) { return pool.bytes_reserved(); });
  }
  [[nodiscard]] std::size_t pages_in_use() const {
    return sum([](const PagePool& pool) { return pool.pages_in_use(); });
  }
  [[nodiscard]] std::size_t bytes_in_use() const {
    return sum([](const PagePool& pool) { return pool.pages_in_use() * pool.page_bytes(); });
  }
  /// The peaks are sums of each pool's own peak, which is exact where lanes store one shape.
  [[nodiscard]] std::size_t pages_in_use_peak() const {
    return sum([](const PagePool& pool) { return pool.pages_in_use_peak(); });
  }
  [[nodiscard]] std::size_t bytes_in_use_peak() const {
    return sum([](const PagePool& pool) { return pool.pages_in_use_peak() * pool.page_bytes(); });
  }

 private:
  template <typename Part>
  [[nodiscard]] std::size_t sum(const Part& part) const {
    std::size_t all = 0;
    for (const auto& pool : pools_) all += part(*pool);
    return all;
  }

  std::vector<std::shared_ptr<PagePool>> pools_;
};

}  // namespace sketchscope::cache
