#pragma once

#include <memory>

#include "engine/read/read.hpp"
#include "engine/read/tail_summary.hpp"

namespace sketchscope {

// The factories of the reads and of the summaries. Each has its own file, and the registries list
// all of them.
std::unique_ptr<Read> make_full_read();
std::unique_ptr<Read> make_topk_read();
std::unique_ptr<Read> make_aggregate_read();

std::unique_ptr<TailSummary> make_mass_tail(const TailShape& shape);
std::unique_ptr<TailSummary> make_centroid_tail(const TailShape& shape);
std::unique_ptr<TailSummary> make_gaussian_tail(const TailShape& shape);
std::unique_ptr<TailSummary> make_cluster_tail(const TailShape& shape);
std::unique_ptr<TailSummary> make_race_tail(const TailShape& shape);

}  // namespace sketchscope
