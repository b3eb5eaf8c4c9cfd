#include "engine/cache/slot_table.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "engine/core/error.hpp"

namespace sketchscope {
namespace {

// A slot's part of one head of a page: `data` is (H, 16, D).
std::size_t offset_in_page(const PageShape& shape, int head, int slot) {
  return static_cast<std::size_t>((head * kSlotsPerPage + slot % kSlotsPerPage) * shape.head_width);
}

void gather(const PageShape& shape, const float* data, int slot, std::span<float> vector) {
  const auto width = static_cast<std::size_t>(shape.head_width);
  for (int head = 0; head < shape.heads; ++head) {
    std::copy_n(data + offset_in_page(shape, head, slot), width,
                vector.begin() + static_cast<std::ptrdiff_t>(head * shape.head_width));
  }
}

void scatter(const PageShape& shape, std::span<const float> vector, int slot, float* data) {
  for (int head = 0; head < shape.heads; ++head) {
    std::copy_n(vector.begin() + static_cast<std::ptrdiff_t>(head * shape.head_width),
                shape.head_width, data + offset_in_page(shape, head, slot));
  }
}

void copy_slot(const PageShape& shape, const float* from, int from_slot, float* to, int to_slot) {
  for (int head = 0; head < shape.heads; ++head) {
    std::copy_n(from + offset_in_page(shape, head, from_slot), shape.head_width,
                to + offset_in_page(shape, head, to_slot));
  }
}

std::size_t page_of(int slot) {
  return static_cast<std::size_t>(slot / kSlotsPerPage);
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

int SlotTable::stored() const {
  return static_cast<int>(positions_.size());
}

std::span<const int> SlotTable::positions() const {
  return positions_;
}

std::span<const int> SlotTable::tokens() const {
  return tokens_;
}

std::span<const PageView> SlotTable::pages() const {
  return views_;
}

int SlotTable::append(const Entry& entry) {
  check_vector(entry.key, "key to store");
  check_vector(entry.value, "value to store");
  const int slot = stored();
  if (page_of(slot) == page_ids_.size()) add_page();
  write(slot, entry);
  positions_.push_back(entry.position);
  tokens_.push_back(entry.token);
  return slot;
}

void SlotTable::replace(int slot, const Entry& entry) {
  check_slot(slot);
  check_vector(entry.key, "key to store");
  check_vector(entry.value, "value to store");
  write(slot, entry);
  positions_[static_cast<std::size_t>(slot)] = entry.position;
  tokens_[static_cast<std::size_t>(slot)] = entry.token;
}

std::vector<int> SlotTable::keep(std::span<const int> slots) {
  for (const int slot : slots) check_slot(slot);
  std::vector<int> origin(slots.begin(), slots.end());
  std::ranges::sort(origin, {},
                    [&](int slot) { return positions_[static_cast<std::size_t>(slot)]; });
  if (std::ranges::adjacent_find(origin) != origin.end()) {
    throw Error({.what = "slots to keep", .found = "a slot twice", .expected = "each slot once"});
  }

  SlotTable kept(pool_);
  for (const int from : origin) {
    const int to = kept.stored();
    if (page_of(to) == kept.page_ids_.size()) kept.add_page();
    const PagePool::PageId page = kept.page_ids_.back();
    copy_slot(pool_->shape(), views_[page_of(from)].keys, from, pool_->keys(page), to);
    copy_slot(pool_->shape(), views_[page_of(from)].values, from, pool_->values(page), to);
    kept.positions_.push_back(positions_[static_cast<std::size_t>(from)]);
    kept.tokens_.push_back(tokens_[static_cast<std::size_t>(from)]);
  }
  *this = std::move(kept);
  return origin;
}

void SlotTable::read_key(int slot, std::span<float> key) const {
  check_slot(slot);
  check_vector(key, "room for a key");
  gather(pool_->shape(), views_[page_of(slot)].keys, slot, key);
}

void SlotTable::read_value(int slot, std::span<float> value) const {
  check_slot(slot);
  check_vector(value, "room for a value");
  gather(pool_->shape(), views_[page_of(slot)].values, slot, value);
}

std::size_t SlotTable::stored_bytes() const {
  return positions_.size() * (pool_->page_bytes() / kSlotsPerPage);
}

std::size_t SlotTable::page_bytes() const {
  return page_ids_.size() * pool_->page_bytes();
}

std::span<const PagePool::PageId> SlotTable::page_ids() const {
  return page_ids_;
}

void SlotTable::own_page(int slot) {
  const std::size_t index = page_of(slot);
  const PagePool::PageId shared = page_ids_[index];
  if (pool_->references(shared) == 1) return;

  const PagePool::PageId own = pool_->allocate();
  const std::size_t half_page = pool_->page_bytes() / sizeof(float) / 2;
  std::copy_n(pool_->keys(shared), half_page, pool_->keys(own));
  std::copy_n(pool_->values(shared), half_page, pool_->values(own));
  pool_->release(shared);
  page_ids_[index] = own;
  views_[index] = pool_->view(own);
}

void SlotTable::add_page() {
  // Nothing may fail between taking the page and noting it.
  page_ids_.reserve(page_ids_.size() + 1);
  views_.reserve(views_.size() + 1);
  page_ids_.push_back(pool_->allocate());
  views_.push_back(pool_->view(page_ids_.back()));
}

void SlotTable::write(int slot, const Entry& entry) {
  own_page(slot);
  const PagePool::PageId page = page_ids_[page_of(slot)];
  scatter(pool_->shape(), entry.key, slot, pool_->keys(page));
  scatter(pool_->shape(), entry.value, slot, pool_->values(page));
}

void SlotTable::check_slot(int slot) const {
  if (slot >= 0 && slot < stored()) return;
  throw Error({.what = "slot of a cache table",
               .found = std::to_string(slot),
               .expected = "a filled slot, 0 to " + std::to_string(stored() - 1)});
}

void SlotTable::check_vector(std::span<const float> vector, const char* what) const {
  const auto [heads, head_width] = pool_->shape();
  if (vector.size() == static_cast<std::size_t>(heads) * static_cast<std::size_t>(head_width))
    return;
  throw Error(
      {.what = what,
       .found = std::to_string(vector.size()) + " numbers",
       .expected = std::to_string(heads) + " heads of width " + std::to_string(head_width)});
}

}  // namespace sketchscope
