#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include "engine/branch/branch_cost.hpp"
#include "engine/branch/branch_run.hpp"
#include "engine/branch/path_tree.hpp"

namespace sketchscope {

/// How many live paths hold the page of each stored position, in one layer of one live path; 0
/// where the position is not stored.
struct PathSharing {
  int path = 0;
  std::vector<int> holders;  ///< by position, (P)
};

/// A branching run after a step, as the window shows it.
struct BranchState {
  PathTree tree{0};
  int watched = 0;  ///< the path that all other panels show
  bool finished = false;
  BranchCost cost;
  KvAccount kv;
  std::int64_t independent_tokens = 0;  ///< forwarded for samples of these lengths drawn one by one
  std::int64_t prompt_shared_tokens = 0;  ///< likewise after one prompt pass
  std::vector<PathSharing> sharing;       ///< of the first layer, live paths only
};

/// `watched` is left to the caller.
BranchState state_of(const BranchRun& run);

}  // namespace sketchscope
