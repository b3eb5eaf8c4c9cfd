#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "engine/branch/branch_cost.hpp"
#include "engine/branch/branch_options.hpp"
#include "engine/branch/children.hpp"
#include "engine/branch/path_tree.hpp"
#include "engine/core/random.hpp"
#include "engine/decode/session.hpp"

namespace sketchscope {

/// Entropy-adaptive branching (design section 4): one lane a live path, all of them in one forward
/// pass; a path forks where its next token is uncertain, and the likeliest paths go on. The same
/// options give the same paths whatever a fork does with its pages.
class BranchRun {
 public:
  /// Throws UsageError on options that contradict each other.
  BranchRun(std::shared_ptr<const Model> model, BranchOptions options,
            ForkPages pages = ForkPages::share);

  /// Feeds the prompt, or one token of each live path, then draws what follows. Throws Error on a
  /// prompt that does not fit.
  void step();
  [[nodiscard]] bool finished() const { return live_.empty(); }
  /// Ends all live paths where they are.
  void stop();

  /// Begins a new path that leaves `path` before its token number `index` (from 0) and goes on with
  /// `token`: branching by hand. What the two have in common is fed again after the prompt's pages,
  /// which are shared. Returns the new path. Throws UsageError on a token that the path has there
  /// already or that the filters leave no chance, and unless the run keeps its prompt.
  int fork_by_hand(int path, int index, int token);

  /// Threshold and the other knobs of branching and sampling, from the next draw on.
  void set_knobs(const Knobs& knobs);

  [[nodiscard]] const PathTree& tree() const { return tree_; }
  [[nodiscard]] const CostMeter& meter() const { return meter_; }
  [[nodiscard]] const Session& session() const { return session_; }
  /// The live paths, and the lane of each.
  [[nodiscard]] std::vector<int> live_paths() const;
  [[nodiscard]] std::vector<LaneId> live_lanes() const;
  /// Paths that were not pruned, likeliest first; equal ones by id.
  [[nodiscard]] std::vector<int> paths_by_probability() const;

 private:
  struct LivePath {
    int path = 0;
    LaneId lane = 0;
    SplitMix64 random;
  };

  void feed();
  [[nodiscard]] std::vector<Child> offer_children();
  /// Why a path ends whose lane stands before `token`; empty: it goes on.
  [[nodiscard]] std::optional<PathState> end_of(LaneId lane, int token) const;
  void check_fork_by_hand(int path, int index, int token) const;
  void grow(std::span<const Child> children);
  /// The path goes on with these tokens; new lanes are forked from its own.
  void grow_path(const LivePath& path, std::span<const DrawnToken> drawn,
                 std::vector<LivePath>& next);

  BranchOptions options_;
  ForkPages pages_;
  Session session_;
  PathTree tree_;
  std::vector<LivePath> live_;
  std::optional<LaneId> prompt_lane_;  // kept for forks by hand
  CostMeter meter_;
  bool prompt_fed_ = false;
};

}  // namespace sketchscope
