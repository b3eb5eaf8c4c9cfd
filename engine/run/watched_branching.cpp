#include "engine/run/watched_branching.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>

#include "engine/branch/branch_state.hpp"
#include "engine/core/error.hpp"

namespace sketchscope {
namespace {

/// Returns the unpruned path with the longest common prefix with `path`; of several, the most
/// likely.
int nearest_relative(const BranchRun& run, int path) {
  const std::vector<int> nodes = run.tree().nodes_of(path);
  int nearest = path;
  std::ptrdiff_t most = -1;
  for (const int other : run.paths_by_probability()) {
    const std::vector<int> others = run.tree().nodes_of(other);
    const auto common = std::ranges::mismatch(nodes, others).in1 - nodes.begin();
    if (common <= most) continue;
    most = common;
    nearest = other;
  }
  return nearest;
}

}  // namespace

void WatchedBranching::watch(int path) {
  const auto count = static_cast<int>(run_.tree().paths().size());
  if (path < 0 || path >= count) {
    throw UsageError({.what = "path to watch",
                      .found = std::to_string(path),
                      .expected = "0 to " + std::to_string(count - 1)});
  }
  watched_ = path;
}

void WatchedBranching::fork_by_hand(int path, int index, int token) {
  watch(run_.fork_by_hand(path, index, token));
}

std::vector<int> WatchedBranching::tokens_to_follow() {
  if (run_.tree().path(watched_).state == PathState::pruned) {
    watched_ = nearest_relative(run_, watched_);
  }
  return run_.tree().tokens_of(watched_);
}

std::shared_ptr<const BranchState> WatchedBranching::state() const {
  BranchState state = state_of(run_);
  state.watched = watched_;
  return std::make_shared<const BranchState>(std::move(state));
}

}  // namespace sketchscope
