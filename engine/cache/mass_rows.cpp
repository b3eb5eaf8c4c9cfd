#include "engine/cache/mass_rows.hpp"

#include <algorithm>
#include <numeric>

#include "engine/core/memory.hpp"

namespace sketchscope::cache {

void MassRows::reserve(std::size_t slots) {
  core::reserve_ahead(values_, slots * static_cast<std::size_t>(rows_));
}

void MassRows::admit(int slot) {
  const std::size_t end = static_cast<std::size_t>(slot + 1) * static_cast<std::size_t>(rows_);
  values_.resize(std::max(values_.size(), end));
  std::ranges::fill(row_of(slot), 0.0F);
}

void MassRows::observe(std::span<const float> mass) {
  if (rows_ == 0) return;
  const auto rows = static_cast<std::size_t>(rows_);
  auto at = static_cast<std::size_t>(next_);
  for (const float of_slot : mass) {
    values_[at] = of_slot;
    at += rows;
  }
  next_ = (next_ + 1) % rows_;
  known_ = std::min(known_ + 1, rows_);
}

void MassRows::remove(int slot) {
  if (rows_ == 0) return;
  const auto rows = static_cast<std::size_t>(rows_);
  std::ranges::copy(std::span(values_).last(rows), row_of(slot).begin());
  values_.resize(values_.size() - rows);
}

void MassRows::keep(std::span<const int> origin) {
  std::vector<float> moved;
  moved.reserve(origin.size() * static_cast<std::size_t>(rows_));
  for (const int slot : origin) {
    const std::span<const float> row = row_of(slot);
    moved.insert(moved.end(), row.begin(), row.end());
  }
  values_ = std::move(moved);
}

MassRows MassRows::resized(int rows) const {
  if (rows == rows_) return *this;
  MassRows other(rows);
  if (rows_ == 0 || rows == 0) return other;
  other.known_ = std::min(known_, rows);
  other.next_ = other.known_ % rows;
  const auto slots = static_cast<int>(values_.size()) / rows_;
  other.values_.resize(static_cast<std::size_t>(slots) * static_cast<std::size_t>(rows));
  for (int slot = 0; slot < slots; ++slot) {
    for (int back = 1; back <= other.known_; ++back) {
      const int from = (next_ - back + rows_) % rows_;
      other.row_of(slot)[static_cast<std::size_t>(other.known_ - back)] =
          row_of(slot)[static_cast<std::size_t>(from)];
    }
  }
  return other;
}

float MassRows::mean(int slot) const {
  if (known_ == 0) return 0.0F;
  const std::span<const float> row = row_of(slot);
  return static_cast<float>(std::accumulate(row.begin(), row.end(), 0.0) / known_);
}

std::span<float> MassRows::row_of(int slot) {
  const auto rows = static_cast<std::size_t>(rows_);
  return std::span(values_).subspan(static_cast<std::size_t>(slot) * rows, rows);
}

std::span<const float> MassRows::row_of(int slot) const {
  const auto rows = static_cast<std::size_t>(rows_);
  return std::span(values_).subspan(static_cast<std::size_t>(slot) * rows, rows);
}

}  // namespace sketchscope::cache
