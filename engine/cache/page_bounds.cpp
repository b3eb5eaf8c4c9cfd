#include "engine/cache/page_bounds.hpp"

#include <algorithm>

#include "engine/core/memory.hpp"

namespace sketchscope::cache {
namespace {

std::size_t pages_of(std::size_t slots) {
  return (slots + kernels::kSlotsPerPage - 1) / kernels::kSlotsPerPage;
}

}  // namespace

PageBounds::PageBounds(int heads, int head_width)
    : width_(static_cast<std::size_t>(head_width)),
      numbers_(static_cast<std::size_t>(heads) * width_),
      key_(numbers_) {}

void PageBounds::reserve(std::size_t slots) {
  core::reserve_ahead(bounds_, 2 * numbers_ * pages_of(slots));
}

void PageBounds::update(const SlotTable& table, int slot) {
  if (!are_kept()) return;
  bounds_.resize(2 * numbers_ * pages_of(static_cast<std::size_t>(table.stored())));
  const int first = slot / kernels::kSlotsPerPage * kernels::kSlotsPerPage;
  const int end = std::min(first + kernels::kSlotsPerPage, table.stored());
  const auto page = static_cast<std::size_t>(slot / kernels::kSlotsPerPage);
  const auto least = std::span(bounds_).subspan(2 * numbers_ * page, numbers_);
  const auto largest = std::span(bounds_).subspan(2 * numbers_ * page + numbers_, numbers_);
  for (int each = first; each < end; ++each) {
    table.read_key(each, key_);
    for (std::size_t at = 0; at < numbers_; ++at) {
      least[at] = each == first ? key_[at] : std::min(least[at], key_[at]);
      largest[at] = each == first ? key_[at] : std::max(largest[at], key_[at]);
    }
  }
}

void PageBounds::rebuild(const SlotTable& table) {
  if (!are_kept()) return;
  bounds_.resize(2 * numbers_ * pages_of(static_cast<std::size_t>(table.stored())));
  for (int slot = 0; slot < table.stored(); slot += kernels::kSlotsPerPage) update(table, slot);
}

int PageBounds::pages() const {
  return are_kept() ? static_cast<int>(bounds_.size() / (2 * numbers_)) : 0;
}

float PageBounds::bound(int page, int kv_head, std::span<const float> query) const {
  const std::size_t first =
      2 * numbers_ * static_cast<std::size_t>(page) + static_cast<std::size_t>(kv_head) * width_;
  const float* const least = bounds_.data() + first;
  const float* const largest = least + numbers_;
  double sum = 0;
  for (std::size_t at = 0; at < width_; ++at) {
    sum += std::max(query[at] * least[at], query[at] * largest[at]);
  }
  return static_cast<float>(sum);
}

}  // namespace sketchscope::cache
