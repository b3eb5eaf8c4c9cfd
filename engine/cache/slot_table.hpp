#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "engine/cache/page_pool.hpp"

namespace sketchscope::cache {

/// The keys and values that one lane stores of one layer. Slots [0, stored) are filled; slot order
/// is not position order. A copy is a fork: it shares all pages, and a write to a shared page
/// copies that page only.
class SlotTable {
 public:
  explicit SlotTable(std::shared_ptr<PagePool> pool);
  SlotTable(const SlotTable& other);
  SlotTable(SlotTable&& other) noexcept;
  SlotTable& operator=(SlotTable other) noexcept;
  ~SlotTable();

  [[nodiscard]] int stored() const { return static_cast<int>(positions_.size()); }
  /// Returns the position of each slot, (S).
  [[nodiscard]] std::span<const int> positions() const { return positions_; }
  /// Returns the vocabulary id of each slot, (S).
  [[nodiscard]] std::span<const int> tokens() const { return tokens_; }
  [[nodiscard]] std::span<const kernels::PageView> pages() const { return views_; }
  [[nodiscard]] kernels::KvFormat format() const { return pool_->shape().format; }
  [[nodiscard]] const PagePool& pool() const { return *pool_; }

  /// One stored token: key and value are (K, D).
  struct Entry {
    int position = 0;
    int token = 0;
    std::span<const float> key;
    std::span<const float> value;
  };
  /// Takes the memory of the next `count` appends, but of their pages only the first, so that one
  /// append allocates nothing.
  void reserve_to_append(int count = 1);
  /// Returns how many free pages of the pool the removal of `victims` slots and the next token may
  /// want: one for each shared page that may have to be copied, and where several leave, one for
  /// the token's slot.
  [[nodiscard]] std::size_t pages_to_replace(int victims) const;

  /// Takes a new slot, whose key and value come later by write(), and returns it.
  int claim(int position, int token);
  /// Takes the slot of a victim for another position; key and value come later by write().
  void claim(int slot, int position, int token);
  /// Sets the key and the value (K, D) of a filled slot.
  void write(int slot, std::span<const float> key, std::span<const float> value);

  /// Stores an entry in a new slot and returns the slot.
  int append(const Entry& entry);
  /// Stores a copy of a slot of another table, whose pages have the same shape, in a new slot and
  /// returns that.
  int append_from(const SlotTable& other, int slot);
  /// Overwrites the slot of a victim.
  void replace(int slot, const Entry& entry);
  /// Takes a slot out: what the last slot holds moves to its place. A page that falls empty is
  /// given back.
  void remove(int slot);
  /// Keeps these slots alone, moved to fresh pages in position order, and releases the others.
  /// Returns for each new slot the slot it came from.
  std::vector<int> keep(std::span<const int> slots);
  /// Copies every page that is shared, as a cache without pages would have done at the fork.
  void unshare();

  /// Returns the same slots in the pages of another pool of as many heads, in its format.
  [[nodiscard]] SlotTable encoded_in(std::shared_ptr<PagePool> pool) const;

  /// Decodes the key or the value of one slot, head by head, into (K, D).
  void read_key(int slot, std::span<float> key) const;
  void read_value(int slot, std::span<float> value) const;

  /// Returns the bytes of the filled slots' keys and values.
  [[nodiscard]] std::size_t stored_bytes() const {
    return positions_.size() * (pool_->page_bytes() / kernels::kSlotsPerPage);
  }
  [[nodiscard]] std::span<const PagePool::PageId> page_ids() const { return page_ids_; }
  /// Returns the bytes of the pages that `earlier` (may be null) does not share.
  [[nodiscard]] std::size_t bytes_beside(const SlotTable* earlier) const;

 private:
  // Makes sure that the next slot lies on a page that may be written.
  void own_next_slot();
  // Makes the page of `slot` this table's own before a write.
  void own_page(int slot);
  void add_page();
  void check_slot(int slot) const;
  void check_vector(std::span<const float> vector, const char* what) const;

  std::shared_ptr<PagePool> pool_;
  std::vector<PagePool::PageId> page_ids_;
  std::vector<kernels::PageView> views_;
  std::vector<int> positions_;
  std::vector<int> tokens_;
};

}  // namespace sketchscope::cache
