#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "engine/core/error.hpp"
#include "engine/core/text.hpp"
#include "engine/read/centroid_tail.hpp"
#include "engine/read/cluster_tail.hpp"
#include "engine/read/gaussian_tail.hpp"
#include "engine/read/mass_tail.hpp"
#include "engine/read/race_tail.hpp"
#include "engine/read/tail_summary.hpp"

namespace sketchscope {
namespace {

template <typename Kind>
std::unique_ptr<TailSummary> make(const TailShape& shape) {
  return std::make_unique<Kind>(shape);
}

constexpr std::array kAggregates = {
    AggregateKind{"mass", "the tail's share of all mass so far, by the sketch, on its mean value",
                  true, make<MassTail>},
    AggregateKind{"centroid", "the tail as one key, its mean", false, make<CentroidTail>},
    AggregateKind{"gaussian", "the tail's keys as a normal distribution", false,
                  make<GaussianTail>},
    AggregateKind{"clusters", "the tail as `clusters` mean keys, each with its size", false,
                  make<ClusterTail>},
    AggregateKind{"race", "the tail's keys and values in hash buckets near the query", false,
                  make<RaceTail>},
};

}  // namespace

std::span<const AggregateKind> aggregate_kinds() {
  return kAggregates;
}

const AggregateKind& aggregate_kind(std::string_view name) {
  const auto found = std::ranges::find(kAggregates, name, &AggregateKind::name);
  if (found != kAggregates.end()) return *found;

  std::vector<std::string_view> names;
  for (const AggregateKind& known : kAggregates) names.push_back(known.name);
  throw UsageError(
      {.what = "aggregate", .found = std::string(name), .expected = "one of " + join(names)});
}

}  // namespace sketchscope
