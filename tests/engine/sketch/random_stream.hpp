#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "engine/core/random.hpp"
#include "engine/sketch/sketch.hpp"

namespace sketchscope::sketch {

using Batch = std::vector<kernels::SketchItem>;

/// Returns skewed masses, like those of attention, over ids below `ids`. Ids may repeat in a batch.
inline Batch random_batch(core::SplitMix64& random, std::uint32_t ids, int most_items) {
  Batch batch(1 + random.below(static_cast<std::uint64_t>(most_items)));
  for (kernels::SketchItem& item : batch) {
    const double uniform = random.uniform();
    item = {.id = static_cast<std::uint32_t>(random.below(ids)),
            .mass = static_cast<float>(uniform * uniform * uniform * uniform)};
  }
  return batch;
}

inline Batch shuffled(Batch batch, core::SplitMix64& random) {
  for (std::size_t left = batch.size(); left > 1; --left) {
    std::swap(batch[left - 1], batch[random.below(left)]);
  }
  return batch;
}

/// The exact sums.
class Truth {
 public:
  void update(const Batch& batch) {
    for (const kernels::SketchItem& item : batch) {
      sums_[item.id] += item.mass;
      total_ += item.mass;
    }
  }
  void scale(double factor) {
    for (auto& [id, sum] : sums_) sum *= factor;
    total_ *= factor;
  }
  [[nodiscard]] double of(std::uint32_t id) const {
    const auto found = sums_.find(id);
    return found == sums_.end() ? 0.0 : found->second;
  }
  [[nodiscard]] double total() const { return total_; }

 private:
  std::map<std::uint32_t, double> sums_;
  double total_ = 0;
};

}  // namespace sketchscope::sketch
