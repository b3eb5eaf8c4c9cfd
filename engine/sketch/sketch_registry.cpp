#include <algorithm>
#include <array>

#include "engine/core/error.hpp"
#include "engine/core/text.hpp"
#include "engine/sketch/conservative_count_min.hpp"
#include "engine/sketch/count_min.hpp"
#include "engine/sketch/count_sketch.hpp"
#include "engine/sketch/exact_sums.hpp"
#include "engine/sketch/race.hpp"
#include "engine/sketch/sketch.hpp"

namespace sketchscope {
namespace {

template <typename Kind>
std::unique_ptr<Sketch> make(const SketchShape& shape) {
  return std::make_unique<Kind>(shape);
}

constexpr std::array kKinds = {
    SketchKind{"count-min", "adds to one cell a row; the smallest is the estimate", make<CountMin>},
    SketchKind{"count-min-conservative", "count-min that raises cells no further than it must",
               make<ConservativeCountMin>},
    SketchKind{"count-sketch", "adds with random signs; the median row is the estimate",
               make<CountSketch>},
    SketchKind{"race", "adds to one cell a row; the mean is the estimate", make<Race>},
    SketchKind{"exact", "a plain accumulator per item, for comparison", make<ExactSums>},
};

}  // namespace

std::span<const SketchKind> sketch_kinds() {
  return kKinds;
}

std::unique_ptr<Sketch> make_sketch(std::string_view kind, const SketchShape& shape) {
  const auto found = std::ranges::find(kKinds, kind, &SketchKind::name);
  if (found != kKinds.end()) return found->make(shape);

  std::vector<std::string_view> names;
  for (const SketchKind& known : kKinds) names.push_back(known.name);
  throw UsageError(
      {.what = "sketch", .found = std::string(kind), .expected = "one of " + join(names)});
}

std::unique_ptr<Sketch> reshape_sketch(std::string_view kind, const SketchShape& shape,
                                       const Sketch& old, std::span<const std::uint32_t> ids) {
  std::vector<std::uint32_t> distinct(ids.begin(), ids.end());
  std::ranges::sort(distinct);
  const auto repeated = std::ranges::unique(distinct);
  distinct.erase(repeated.begin(), repeated.end());

  std::vector<SketchItem> items;
  items.reserve(distinct.size());
  for (const std::uint32_t id : distinct)
    items.push_back({.id = id, .mass = std::max(old.estimate(id), 0.0F)});
  std::unique_ptr<Sketch> sketch = make_sketch(kind, shape);
  sketch->update(items);
  sketch->mark_approximate();
  return sketch;
}

}  // namespace sketchscope
