#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include "engine/branch/branch_cost.hpp"
#include "engine/branch/branch_run.hpp"
#include "engine/branch/path_tree.hpp"

namespace sketchscope {

/// For one layer of one live path, the number of live paths that share the page of each position; 0
/// if the position is not stored.
struct PathSharing {
  int path = 0;
  std::vector<int> holders;  ///< by position, (P)
};

/// A snapshot of a branching run after a step, for display.
struct BranchState {
  PathTree tree{0};
  int watched = 0;  ///< the path whose run the other panels show
  bool finished = false;
  BranchCost cost;
  KvAccount kv;
  std::int64_t independent_tokens = 0;    ///< cost of sequential samples of equal lengths, rows
  std::int64_t prompt_shared_tokens = 0;  ///< with one shared prompt pass, rows
  std::vector<PathSharing> sharing;       ///< first layer, live paths only
};

/// Returns the state of `run`. The caller sets `watched`.
BranchState state_of(const BranchRun& run);

}  // namespace sketchscope
