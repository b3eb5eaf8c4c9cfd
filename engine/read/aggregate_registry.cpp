#include <array>

#include "engine/read/reads.hpp"

namespace sketchscope {
namespace {

constexpr std::array kAggregates = {
    AggregateKind{.name = "mass",
                  .help = "the tail's share of all mass so far, by the sketch, on its mean value",
                  .make = make_mass_tail,
                  .needs_sketch = true},
    AggregateKind{
        .name = "centroid", .help = "the tail as one key, its mean", .make = make_centroid_tail},
    AggregateKind{.name = "gaussian",
                  .help = "the tail's keys as a normal distribution",
                  .make = make_gaussian_tail},
    AggregateKind{.name = "clusters",
                  .help = "the tail as `clusters` mean keys, each with its size",
                  .make = make_cluster_tail,
                  .has_clusters = true},
    AggregateKind{.name = "race",
                  .help = "the tail's keys and values in hash buckets near the query",
                  .make = make_race_tail,
                  .has_clusters = true,
                  .draws_hashes = true},
};
constexpr Registry<AggregateKind> kRegistry("aggregate", kAggregates);

}  // namespace

const Registry<AggregateKind>& aggregate_kinds() {
  return kRegistry;
}

}  // namespace sketchscope
