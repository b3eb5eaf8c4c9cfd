#pragma once

#include <memory>
#include <vector>

#include "engine/branch/branch_run.hpp"

namespace sketchscope {

struct BranchState;

/// A branching run with one watched path. A separate WatchedRun is fed that path's tokens.
class WatchedBranching {
 public:
  /// Throws UsageError on options that contradict each other.
  WatchedBranching(std::shared_ptr<const Model> model, BranchOptions options)
      : run_(std::move(model), std::move(options)) {}

  /// Watches another path. Throws UsageError if there is no such path.
  void watch(int path);
  /// Forks a path as BranchRun::fork_by_hand does and watches the new one.
  void fork_by_hand(int path, int index, int token);
  void set_knobs(const Knobs& knobs) { run_.set_knobs(knobs); }
  void step() { run_.step(); }
  [[nodiscard]] bool finished() const { return run_.finished(); }

  /// Returns the tokens of the watched path after the prompt. If the path was pruned, first
  /// switches to its nearest relative.
  [[nodiscard]] std::vector<int> tokens_to_follow();
  [[nodiscard]] std::shared_ptr<const BranchState> state() const;

 private:
  BranchRun run_;
  int watched_ = 0;
};

}  // namespace sketchscope
