#include "engine/branch/branch_cost.hpp"

#include <algorithm>
#include <utility>

namespace sketchscope {

void CostMeter::note(Session& session, Fed fed, std::span<const LaneId> lanes,
                     std::size_t tree_nodes) {
  const std::int64_t before = std::exchange(cost_.tokens_forwarded, session.tokens_forwarded());
  (fed == Fed::prompt ? cost_.prompt_tokens : cost_.path_steps) += cost_.tokens_forwarded - before;

  const PagePools& pages = session.pools();
  now_ = {.live_paths = static_cast<int>(lanes.size()),
          .physical_bytes = pages.bytes_in_use(),
          .tree_nodes = tree_nodes};
  for (const LaneId lane : lanes) {
    now_.logical_bytes += session.lane(lane).kv_bytes();
    evictions_ += std::ssize(session.lane(lane).take_evictions());
  }
  logical_bytes_peak_ = std::max(logical_bytes_peak_, now_.logical_bytes);
  cost_.tree_nodes = std::max(cost_.tree_nodes, tree_nodes);
  cost_.kv_pages_peak = pages.pages_in_use_peak();
  cost_.kv_bytes_peak = pages.bytes_in_use_peak();
}

}  // namespace sketchscope
