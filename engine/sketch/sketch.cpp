#include "engine/sketch/sketch.hpp"

#include <algorithm>
#include <array>

#include "engine/sketch/table_sketch.hpp"

namespace sketchscope::sketch {

float Sketch::estimate(std::uint32_t id) const {
  float estimate = 0;
  estimate_all({&id, 1}, {&estimate, 1});
  return estimate;
}

namespace {

template <typename Kind>
std::unique_ptr<Sketch> make(const SketchShape& shape) {
  return std::make_unique<Kind>(shape);
}

constexpr std::array kKinds = {
    SketchKind{.name = "count-min",
               .help = "adds to one cell a row; the smallest is the estimate",
               .make = make<CountMin>},
    SketchKind{.name = "count-min-conservative",
               .help = "count-min that raises cells no further than it must",
               .make = make<ConservativeCountMin>},
    SketchKind{.name = "count-sketch",
               .help = "adds with random signs; the median row is the estimate",
               .make = make<CountSketch>,
               .bound = "√(3F₂/W)"},
    SketchKind{.name = "race",
               .help = "adds to one cell a row; the mean is the estimate",
               .make = make<Race>},
    SketchKind{.name = "exact",
               .help = "a plain accumulator per item, for comparison",
               .make = make<ExactSums>,
               .has_table = false},
};
constexpr core::Registry<SketchKind> kRegistry("sketch", kKinds);

}  // namespace

const core::Registry<SketchKind>& sketch_kinds() {
  return kRegistry;
}

std::unique_ptr<Sketch> reshape_sketch(const SketchKind& kind, const SketchShape& shape,
                                       const Sketch& old, std::span<const std::uint32_t> ids) {
  std::vector<std::uint32_t> distinct(ids.begin(), ids.end());
  std::ranges::sort(distinct);
  const auto repeated = std::ranges::unique(distinct);
  distinct.erase(repeated.begin(), repeated.end());

  std::vector<kernels::SketchItem> items;
  items.reserve(distinct.size());
  for (const std::uint32_t id : distinct)
    items.push_back({.id = id, .mass = std::max(old.estimate(id), 0.0F)});
  std::unique_ptr<Sketch> sketch = kind.make(shape);
  sketch->update(items);
  sketch->mark_approximate();
  return sketch;
}

}  // namespace sketchscope::sketch
