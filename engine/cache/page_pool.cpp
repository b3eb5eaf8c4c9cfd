#include "engine/cache/page_pool.hpp"

#include <algorithm>
#include <new>
#include <string>

#include "engine/core/error.hpp"

namespace sketchscope::cache {
namespace {

constexpr std::align_val_t kCacheLine{64};
/// Pages are allocated together, as many as this room holds, but one at least.
constexpr std::size_t kSlabBytes = std::size_t{1} << 20;

}  // namespace

void check_page_shape(const PageShape& shape) {
  if (shape.heads < 1 || shape.head_width < 1) {
    throw core::Error({.what = "shape of a page",
                       .found = std::to_string(shape.heads) + " heads of width " +
                                std::to_string(shape.head_width),
                       .expected = "at least 1 of each"});
  }
  if (shape.format == kernels::KvFormat::int4 && shape.head_width % 2 != 0) {
    throw core::UsageError(
        {.what = "knob kv",
         .found = "'int4' with heads of width " + std::to_string(shape.head_width),
         .expected = "an even head width: two numbers share a byte",
         .remedy = "Take int8, f16 or f32"});
  }
}

void PagePool::FreeAligned::operator()(std::byte* memory) const {
  ::operator delete(memory, kCacheLine);
}

PagePool::PagePool(PageShape shape) : shape_(shape) {
  check_page_shape(shape);
  half_page_ = static_cast<std::size_t>(shape.heads) * kernels::kSlotsPerPage * vector_bytes();
  pages_per_slab_ = std::max<std::size_t>(1, kSlabBytes / page_bytes());
}

PagePool::PageId PagePool::allocate() {
  if (free_.empty()) add_slab();
  const PageId page = free_.back();
  free_.pop_back();
  references_[static_cast<std::size_t>(page)] = 1;
  ++versions_[static_cast<std::size_t>(page)];
  in_use_peak_ = std::max(in_use_peak_, ++in_use_);
  return page;
}

void PagePool::retain(PageId page) {
  ++references_[checked(page)];
}

void PagePool::release(PageId page) {
  if (--references_[checked(page)] > 0) return;
  free_.push_back(page);
  --in_use_;
}

int PagePool::references(PageId page) const {
  const auto index = static_cast<std::size_t>(page);
  return index < references_.size() ? references_[index] : 0;
}

std::byte* PagePool::keys(PageId page) {
  ++versions_[checked(page)];
  return memory(page);
}

std::byte* PagePool::values(PageId page) {
  ++versions_[checked(page)];
  return memory(page) + half_page_;
}

void PagePool::reserve(std::size_t pages) {
  while (free_.size() < pages) add_slab();
}

void PagePool::add_slab() {
  const std::size_t first = references_.size();
  const std::size_t pages = first + pages_per_slab_;
  slabs_.reserve(slabs_.size() + 1);
  references_.reserve(pages);
  versions_.reserve(pages);
  free_.reserve(pages);  // so that a release never allocates

  slabs_.emplace_back(
      static_cast<std::byte*>(::operator new(pages_per_slab_* page_bytes(), kCacheLine)));
  references_.resize(pages, 0);
  versions_.resize(pages, 0);
  for (std::size_t page = pages; page-- > first;) free_.push_back(static_cast<PageId>(page));
}

std::size_t PagePool::checked(PageId page) const {
  const auto index = static_cast<std::size_t>(page);
  if (index >= references_.size() || references_[index] < 1) {
    throw core::Error({.what = "reference to a cache page",
                       .found = "page " + std::to_string(page),
                       .expected = "a page that is handed out"});
  }
  return index;
}

std::byte* PagePool::memory(PageId page) const {
  const std::size_t index = checked(page);
  return slabs_[index / pages_per_slab_].get() + index % pages_per_slab_ * 2 * half_page_;
}

std::shared_ptr<PagePool> PagePools::of(const PageShape& shape) {
  const auto found =
      std::ranges::find(pools_, shape, [](const auto& pool) { return pool->shape(); });
  if (found != pools_.end()) return *found;
  return pools_.emplace_back(std::make_shared<PagePool>(shape));
}

}  // namespace sketchscope::cache
