#include "engine/sketch/exact_sums.hpp"

#include <algorithm>
#include <functional>

#include "engine/sketch/item_batch.hpp"

namespace sketchscope {

std::unique_ptr<Sketch> ExactSums::clone() const {
  return std::make_unique<ExactSums>(*this);
}

void ExactSums::update(std::span<const SketchItem> batch) {
  UpdateArena arena;
  const std::pmr::vector<SketchItem> items = merged_items(batch, arena);
  if (items.empty()) return;
  const auto counters = std::size_t{items.back().id} + 1;
  if (counters > sums_.size()) {
    sums_.reserve(counters);  // no more than there are items: these bytes count against a budget
    sums_.resize(counters);
  }
  for (const SketchItem& item : items) {
    sums_[item.id] += item.mass;
    total_mass_ += item.mass;
  }
}

void ExactSums::scale(float factor) {
  for (float& sum : sums_) sum *= factor;
  total_mass_ *= factor;
}

void ExactSums::estimate_all(std::span<const std::uint32_t> ids, std::span<float> estimates) const {
  std::ranges::transform(ids, estimates.begin(),
                         [this](std::uint32_t id) { return id < sums_.size() ? sums_[id] : 0.0F; });
}

void ExactSums::restore(std::span<const float> counters, double total_mass) {
  sums_.assign(counters.begin(), counters.end());
  total_mass_ = total_mass;
}

void ExactSums::add_counters(std::span<const float> counters, double total_mass) {
  sums_.resize(std::max(sums_.size(), counters.size()));
  std::ranges::transform(counters, sums_, sums_.begin(), std::plus<>());
  total_mass_ += total_mass;
}

std::size_t ExactSums::bytes() const {
  return sums_.capacity() * sizeof(float);
}

}  // namespace sketchscope
