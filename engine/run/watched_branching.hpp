#pragma once

#include <memory>
#include <vector>

#include "engine/branch/branch_run.hpp"

namespace sketchscope {

struct BranchState;

/// A branching run of which one path is watched: a run of its own is fed that path's tokens.
class WatchedBranching {
 public:
  /// Throws UsageError on options that contradict each other.
  WatchedBranching(std::shared_ptr<const Model> model, BranchOptions options)
      : run_(std::move(model), std::move(options)) {}

  /// Watches another path from now on. Throws UsageError where there is none of that number.
  void watch(int path);
  /// Begins a path as BranchRun::fork_by_hand does and watches it.
  void fork_by_hand(int path, int index, int token);
  void set_knobs(const Knobs& knobs) { run_.set_knobs(knobs); }
  void step() { run_.step(); }
  [[nodiscard]] bool finished() const { return run_.finished(); }

  /// Tokens of the watched path after the prompt. If the path was pruned, the one that shares most
  /// with it is watched from now on.
  [[nodiscard]] std::vector<int> tokens_to_follow();
  [[nodiscard]] std::shared_ptr<const BranchState> state() const;

 private:
  BranchRun run_;
  int watched_ = 0;
};

}  // namespace sketchscope
