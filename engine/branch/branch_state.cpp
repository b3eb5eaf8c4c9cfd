#include "engine/branch/branch_state.hpp"

#include <algorithm>

namespace sketchscope {
namespace {

PathSharing sharing_of(const BranchRun& run, int path, LaneId lane) {
  const Lane& own = run.session().lane(lane);
  const TableView table = own.layer(0).table(0);
  PathSharing sharing{.path = path};
  sharing.holders.resize(own.tokens().size());
  for (int slot = 0; slot < table.stored(); ++slot) {
    const int position = table.positions()[static_cast<std::size_t>(slot)];
    sharing.holders[static_cast<std::size_t>(position)] = table.holders_of(slot);
  }
  return sharing;
}

}  // namespace

BranchState state_of(const BranchRun& run) {
  BranchState state{.tree = run.tree(),
                    .finished = run.finished(),
                    .cost = run.meter().cost(),
                    .kv = run.meter().now()};
  state.prompt_shared_tokens = run.tree().prompt_tokens();
  for (const PathTree::Path& path : run.tree().paths()) {
    if (path.state == PathState::pruned) continue;
    // The last drawn token has not been fed, so it is not in the cache.
    const int fed = std::max(run.tree().leaf(path.id).depth - 1, 0);
    state.independent_tokens += run.tree().prompt_tokens() + fed;
    state.prompt_shared_tokens += fed;
  }
  const std::vector<LaneId> lanes = run.live_lanes();
  const std::vector<int> paths = run.live_paths();
  for (std::size_t index = 0; index < lanes.size(); ++index) {
    state.sharing.push_back(sharing_of(run, paths[index], lanes[index]));
  }
  return state;
}

}  // namespace sketchscope
