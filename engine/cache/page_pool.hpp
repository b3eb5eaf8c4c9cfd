#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "kernels/attention.hpp"

namespace sketchscope {

/// What the tables that share a pool store in a slot.
struct PageShape {
  int heads = 0;       // K, key/value heads
  int head_width = 0;  // D
  KvFormat format = KvFormat::f32;

  friend bool operator==(const PageShape&, const PageShape&) = default;
};

/// Hands out pages of 16 slots (keys and values, (K, 16) vectors of D numbers each, encoded) from
/// slabs that it keeps.
/// Reference counts are plain integers: one pool belongs to one session's thread.
class PagePool {
 public:
  using PageId = std::int32_t;

  /// Throws Error on a shape that cannot be: no heads, no width, int4 with an odd width.
  explicit PagePool(PageShape shape);

  /// A page with one reference; its contents are unspecified.
  [[nodiscard]] PageId allocate();
  void retain(PageId page);
  /// Gives one reference back; the page is free again at zero.
  void release(PageId page);

  [[nodiscard]] int references(PageId page) const;  ///< 0 where the page is not handed out
  /// To write: the page's version changes with each call.
  [[nodiscard]] std::byte* keys(PageId page);    // (K, 16) vectors
  [[nodiscard]] std::byte* values(PageId page);  // (K, 16) vectors
  /// Never 0. Equal versions of a page have equal contents.
  [[nodiscard]] std::uint64_t version(PageId page) const;
  [[nodiscard]] PageView view(PageId page) const;
  [[nodiscard]] PageShape shape() const;

  [[nodiscard]] std::size_t vector_bytes() const;  ///< of a slot's key, or value, of one head
  [[nodiscard]] std::size_t page_bytes() const;
  [[nodiscard]] std::size_t pages_in_use() const;
  [[nodiscard]] std::size_t pages_in_use_peak() const;
  [[nodiscard]] std::size_t bytes_reserved() const;  ///< slabs, whether in use or not
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

}  // namespace sketchscope
