#include <array>

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
    AggregateKind{.name = "mass",
                  .help = "the tail's share of all mass so far, by the sketch, on its mean value",
                  .make = make<MassTail>,
                  .needs_sketch = true},
    AggregateKind{
        .name = "centroid", .help = "the tail as one key, its mean", .make = make<CentroidTail>},
    AggregateKind{.name = "gaussian",
                  .help = "the tail's keys as a normal distribution",
                  .make = make<GaussianTail>},
    AggregateKind{.name = "clusters",
                  .help = "the tail as `clusters` mean keys, each with its size",
                  .make = make<ClusterTail>,
                  .has_clusters = true},
    AggregateKind{.name = "race",
                  .help = "the tail's keys and values in hash buckets near the query",
                  .make = make<RaceTail>,
                  .has_clusters = true,
                  .draws_hashes = true},
};
constexpr Registry<AggregateKind> kRegistry("aggregate", kAggregates);

}  // namespace

const Registry<AggregateKind>& aggregate_kinds() {
  return kRegistry;
}

}  // namespace sketchscope
