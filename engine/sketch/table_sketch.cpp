#include "engine/sketch/table_sketch.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "engine/core/error.hpp"
#include "engine/core/random.hpp"

namespace sketchscope::sketch {
namespace {

std::uint64_t input_of(kernels::SketchInput input, std::uint32_t item) {
  const bool mixed = input == kernels::SketchInput::mixed;
  return mixed ? core::SplitMix64(item).below(kernels::SketchHash::kPrime) : item;
}

std::uint64_t hash_of(const kernels::SketchHash& hash, std::uint64_t input) {
  return (hash.a * input + hash.b) % kernels::SketchHash::kPrime;
}

}  // namespace

HashFamily::HashFamily(const SketchShape& shape, Draw draw) : shape_(shape) {
  if (shape.width < 1 || shape.depth < 1 || shape.depth > kernels::kMostSketchRows) {
    throw core::UsageError(
        {.what = "shape of a sketch",
         .found = "width " + std::to_string(shape.width) + ", depth " + std::to_string(shape.depth),
         .expected =
             "at least 1 each, and at most " + std::to_string(kernels::kMostSketchRows) + " rows"});
  }
  core::SplitMix64 random(shape.seed);
  const auto next = [&random] {
    const std::uint64_t a = 1 + random.below(kernels::SketchHash::kPrime - 1);
    return kernels::SketchHash{.a = a, .b = random.below(kernels::SketchHash::kPrime)};
  };
  for (int row = 0; row < shape.depth; ++row) {
    buckets_.push_back(next());
    if (draw == Draw::buckets_and_signs) signs_.push_back(next());
  }
}

std::uint32_t HashFamily::bucket(int row, std::uint32_t item) const {
  const std::uint64_t hash =
      hash_of(buckets_[static_cast<std::size_t>(row)], input_of(shape_.input, item));
  return static_cast<std::uint32_t>(hash) % static_cast<std::uint32_t>(shape_.width);
}

float HashFamily::sign(int row, std::uint32_t item) const {
  const std::uint64_t hash =
      hash_of(signs_[static_cast<std::size_t>(row)], input_of(shape_.input, item));
  return hash % 2 == 0 ? 1.0F : -1.0F;
}

namespace {

HashFamily::Draw draw_for(const TableRule& rule) {
  return rule.update == kernels::SketchUpdate::add_signed ? HashFamily::Draw::buckets_and_signs
                                                          : HashFamily::Draw::buckets;
}

}  // namespace

TableSketch::TableSketch(const SketchShape& shape, TableRule rule)
    : rule_(rule),
      hashes_(shape, draw_for(rule)),
      cells_(static_cast<std::size_t>(shape.depth) * static_cast<std::size_t>(shape.width)) {}

void TableSketch::update(std::span<const kernels::SketchItem> batch) {
  UpdateArena arena;
  const std::pmr::vector<kernels::SketchItem> items = merged_items(batch, arena);
  for (const kernels::SketchItem& item : items) total_mass_ += item.mass;
  std::pmr::vector<float> room(items.size(), arena.resource());
  kernels::update_sketch(hashes_.rows(), rule_.update, items, cells_, room);
}

void TableSketch::estimate_all(std::span<const std::uint32_t> ids,
                               std::span<float> estimates) const {
  kernels::query_sketch(hashes_.rows(), rule_.query, cells_, ids, estimates);
}

void TableSketch::scale(float factor) {
  for (float& cell : cells_) cell *= factor;
  total_mass_ *= factor;
}

namespace {

// Returns the probability that at least half of `rows` fail, each with probability 1/3.
double share_of_half_failures(int rows) {
  double all = 0;
  double term = std::pow(2.0 / 3, rows);  // none fails
  for (int failed = 0; failed <= rows; ++failed) {
    if (2 * failed >= rows) all += term;
    term *= (rows - failed) / (2.0 * (failed + 1));
  }
  return all;
}

}  // namespace

ErrorBound CountSketch::error_bound() const {
  const auto width = static_cast<std::size_t>(shape().width);
  std::vector<double> squares;
  for (auto left = cells(); !left.empty(); left = left.subspan(width)) {
    double sum = 0;
    for (const float cell : left.first(width)) sum += double{cell} * cell;
    squares.push_back(sum);
  }
  std::ranges::sort(squares);
  const double apart = std::sqrt(3 * squares[squares.size() / 2] / static_cast<double>(width));
  return {.above = apart, .below = apart, .failure = share_of_half_failures(shape().depth)};
}

void ExactSums::update(std::span<const kernels::SketchItem> batch) {
  UpdateArena arena;
  const std::pmr::vector<kernels::SketchItem> items = merged_items(batch, arena);
  if (items.empty()) return;
  const auto counters = std::size_t{items.back().id} + 1;
  if (counters > sums_.size()) {
    sums_.reserve(counters);  // no more than there are items: these bytes count against a budget
    sums_.resize(counters);
  }
  for (const kernels::SketchItem& item : items) {
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

}  // namespace sketchscope::sketch
