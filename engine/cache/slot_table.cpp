#include "engine/cache/slot_table.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "engine/cache/page_pool.hpp"
#include "engine/core/error.hpp"
#include "engine/core/memory.hpp"

namespace sketchscope::cache {
namespace {

// From a slot's first head to the end of its last, in the keys or the values of a page.
template <class Byte>
std::span<Byte> heads_of_slot(const PagePool& pool, Byte* half, int slot) {
  const auto place = static_cast<std::size_t>(slot % kernels::kSlotsPerPage);
  const kernels::KvLayout layout = slot_layout(pool);
  return {half + place * pool.vector_bytes(),
          static_cast<std::size_t>(layout.count - 1) * layout.stride + pool.vector_bytes()};
}

const std::byte* bytes_of(const void* half) {
  return static_cast<const std::byte*>(half);
}

void copy_slot(const PagePool& pool, const void* from, int from_slot, std::byte* to, int to_slot) {
  const auto source = heads_of_slot(pool, bytes_of(from), from_slot);
  const auto target = heads_of_slot(pool, to, to_slot);
  const std::size_t stride = slot_layout(pool).stride;
  for (std::size_t head = 0; head < source.size(); head += stride) {
    std::copy_n(source.data() + head, pool.vector_bytes(), target.data() + head);
  }
}

std::size_t page_of(int slot) {
  return static_cast<std::size_t>(slot / kernels::kSlotsPerPage);
}

}  // namespace

SlotTable::SlotTable(std::shared_ptr<PagePool> pool) : pool_(std::move(pool)) {}

SlotTable::SlotTable(const SlotTable& other)
    : pool_(other.pool_),
      page_ids_(other.page_ids_),
      views_(other.views_),
      positions_(other.positions_),
      tokens_(other.tokens_) {
  for (const PagePool::PageId page : page_ids_) pool_->retain(page);
}

SlotTable::SlotTable(SlotTable&& other) noexcept = default;

SlotTable& SlotTable::operator=(SlotTable other) noexcept {
  std::swap(pool_, other.pool_);
  std::swap(page_ids_, other.page_ids_);
  std::swap(views_, other.views_);
  std::swap(positions_, other.positions_);
  std::swap(tokens_, other.tokens_);
  return *this;
}

SlotTable::~SlotTable() {
  for (const PagePool::PageId page : page_ids_) pool_->release(page);
}

void SlotTable::reserve_to_append(int count) {
  const std::size_t slots = positions_.size() + static_cast<std::size_t>(count);
  core::reserve_ahead(positions_, slots);
  core::reserve_ahead(tokens_, slots);
  const std::size_t pages = page_of(stored() + count - 1) + 1;
  core::reserve_ahead(page_ids_, pages);
  core::reserve_ahead(views_, pages);
  own_next_slot();
}

std::size_t SlotTable::pages_to_replace(int victims) const {
  const auto is_shared = [this](PagePool::PageId page) { return pool_->references(page) > 1; };
  const auto shared = static_cast<std::size_t>(std::ranges::count_if(page_ids_, is_shared));
  const std::size_t copied = std::min(shared, static_cast<std::size_t>(victims));
  return copied + (victims > 1 ? 1 : 0);
}

int SlotTable::claim(int position, int token) {
  own_next_slot();
  positions_.push_back(position);
  tokens_.push_back(token);
  return stored() - 1;
}

void SlotTable::claim(int slot, int position, int token) {
  check_slot(slot);
  own_page(slot);
  positions_[static_cast<std::size_t>(slot)] = position;
  tokens_[static_cast<std::size_t>(slot)] = token;
}

void SlotTable::write(int slot, std::span<const float> key, std::span<const float> value) {
  check_slot(slot);
  check_vector(key, "key to store");
  check_vector(value, "value to store");
  const PagePool::PageId page = page_ids_[page_of(slot)];
  const kernels::KvLayout layout = slot_layout(*pool_);
  kernels::encode_kv(layout, key, heads_of_slot(*pool_, pool_->keys(page), slot));
  kernels::encode_kv(layout, value, heads_of_slot(*pool_, pool_->values(page), slot));
}

int SlotTable::append(const Entry& entry) {
  check_vector(entry.key, "key to store");
  check_vector(entry.value, "value to store");
  const int slot = claim(entry.position, entry.token);
  write(slot, entry.key, entry.value);
  return slot;
}

int SlotTable::append_from(const SlotTable& other, int slot) {
  other.check_slot(slot);
  if (other.pool_->shape() != pool_->shape()) {
    throw core::Error("a slot was to be copied to pages of another shape");
  }
  own_next_slot();
  const int to = stored();
  const PagePool::PageId page = page_ids_[page_of(to)];
  const kernels::PageView& from = other.views_[page_of(slot)];
  copy_slot(*pool_, from.keys, slot, pool_->keys(page), to);
  copy_slot(*pool_, from.values, slot, pool_->values(page), to);
  positions_.push_back(other.positions_[static_cast<std::size_t>(slot)]);
  tokens_.push_back(other.tokens_[static_cast<std::size_t>(slot)]);
  return to;
}

void SlotTable::replace(int slot, const Entry& entry) {
  check_vector(entry.key, "key to store");
  check_vector(entry.value, "value to store");
  claim(slot, entry.position, entry.token);
  write(slot, entry.key, entry.value);
}

void SlotTable::remove(int slot) {
  check_slot(slot);
  const int last = stored() - 1;
  if (slot != last) {
    own_page(slot);
    const kernels::PageView& from = views_[page_of(last)];
    const PagePool::PageId to = page_ids_[page_of(slot)];
    copy_slot(*pool_, from.keys, last, pool_->keys(to), slot);
    copy_slot(*pool_, from.values, last, pool_->values(to), slot);
    positions_[static_cast<std::size_t>(slot)] = positions_.back();
    tokens_[static_cast<std::size_t>(slot)] = tokens_.back();
  }
  positions_.pop_back();
  tokens_.pop_back();
  // One more may lie ready for the next append.
  const std::size_t needed = positions_.empty() ? 0 : page_of(last - 1) + 1;
  while (page_ids_.size() > needed) {
    pool_->release(page_ids_.back());
    page_ids_.pop_back();
    views_.pop_back();
  }
}

std::vector<int> SlotTable::keep(std::span<const int> slots) {
  for (const int slot : slots) check_slot(slot);
  std::vector<int> origin(slots.begin(), slots.end());
  std::ranges::sort(origin, {},
                    [&](int slot) { return positions_[static_cast<std::size_t>(slot)]; });
  if (std::ranges::adjacent_find(origin) != origin.end()) {
    throw core::Error(
        {.what = "slots to keep", .found = "a slot twice", .expected = "each slot once"});
  }

  SlotTable kept(pool_);
  for (const int from : origin) kept.append_from(*this, from);
  *this = std::move(kept);
  return origin;
}

SlotTable SlotTable::encoded_in(std::shared_ptr<PagePool> pool) const {
  SlotTable other(std::move(pool));
  const auto [heads, head_width, format] = pool_->shape();
  std::vector<float> key(static_cast<std::size_t>(heads) * static_cast<std::size_t>(head_width));
  std::vector<float> value(key.size());
  for (int slot = 0; slot < stored(); ++slot) {
    read_key(slot, key);
    read_value(slot, value);
    other.append({.position = positions_[static_cast<std::size_t>(slot)],
                  .token = tokens_[static_cast<std::size_t>(slot)],
                  .key = key,
                  .value = value});
  }
  return other;
}

void SlotTable::unshare() {
  for (int slot = 0; slot < stored(); slot += kernels::kSlotsPerPage) own_page(slot);
}

void SlotTable::read_key(int slot, std::span<float> key) const {
  check_slot(slot);
  check_vector(key, "room for a key");
  kernels::decode_kv(slot_layout(*pool_),
                     heads_of_slot(*pool_, bytes_of(views_[page_of(slot)].keys), slot), key);
}

void SlotTable::read_value(int slot, std::span<float> value) const {
  check_slot(slot);
  check_vector(value, "room for a value");
  kernels::decode_kv(slot_layout(*pool_),
                     heads_of_slot(*pool_, bytes_of(views_[page_of(slot)].values), slot), value);
}

void SlotTable::own_next_slot() {
  if (page_of(stored()) == page_ids_.size()) {
    add_page();
  } else {
    own_page(stored());
  }
}

void SlotTable::own_page(int slot) {
  const std::size_t index = page_of(slot);
  const PagePool::PageId shared = page_ids_[index];
  if (pool_->references(shared) == 1) return;

  const PagePool::PageId own = pool_->allocate();
  const std::size_t half_page = pool_->page_bytes() / 2;
  std::copy_n(bytes_of(views_[index].keys), half_page, pool_->keys(own));
  std::copy_n(bytes_of(views_[index].values), half_page, pool_->values(own));
  pool_->release(shared);
  page_ids_[index] = own;
  views_[index] = pool_->view(own);
}

void SlotTable::add_page() {
  // Nothing may fail between taking the page and noting it.
  core::reserve_ahead(page_ids_, page_ids_.size() + 1);
  core::reserve_ahead(views_, views_.size() + 1);
  page_ids_.push_back(pool_->allocate());
  views_.push_back(pool_->view(page_ids_.back()));
}

std::size_t SlotTable::bytes_beside(const SlotTable* earlier) const {
  std::set<PagePool::PageId> shared;
  if (earlier && earlier->pool_ == pool_) {
    shared.insert(earlier->page_ids_.begin(), earlier->page_ids_.end());
  }
  const auto own = std::ranges::count_if(
      page_ids_, [&](PagePool::PageId page) { return !shared.contains(page); });
  return static_cast<std::size_t>(own) * pool_->page_bytes();
}

void SlotTable::check_slot(int slot) const {
  if (slot >= 0 && slot < stored()) return;
  throw core::Error({.what = "slot of a cache table",
                     .found = std::to_string(slot),
                     .expected = "a filled slot, 0 to " + std::to_string(stored() - 1)});
}

void SlotTable::check_vector(std::span<const float> vector, const char* what) const {
  const auto [heads, head_width, format] = pool_->shape();
  if (vector.size() == static_cast<std::size_t>(heads) * static_cast<std::size_t>(head_width))
    return;
  throw core::Error(
      {.what = what,
       .found = std::to_string(vector.size()) + " numbers",
       .expected = std::to_string(heads) + " heads of width " + std::to_string(head_width)});
}

}  // namespace sketchscope::cache
