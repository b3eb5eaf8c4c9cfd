#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "engine/branch/children.hpp"
#include "engine/branch/path_tree.hpp"
#include "engine/branch/samples.hpp"
#include "engine/core/random.hpp"
#include "engine/decode/session.hpp"

namespace sketchscope::branch {

/// Entropy-adaptive branching (docs/branching.md): every live path has a lane, and all lanes
/// advance in one forward pass. A path forks where its next token is uncertain, and the most likely
/// paths survive. The paths depend on the options alone, not on whether forks share pages.
class BranchRun {
 public:
  /// Throws UsageError on options that contradict each other.
  BranchRun(std::shared_ptr<const model::Model> model, BranchOptions options,
            ForkPages pages = ForkPages::share);

  /// Feeds the prompt, or one token of each live path, then draws what follows. Throws Error on a
  /// prompt that does not fit.
  void step();
  [[nodiscard]] bool finished() const { return live_.empty(); }
  /// Ends all live paths at their present length.
  void stop();

  /// Forks `path` before its token number `index` (from 0) at a person's request: the new path,
  /// whose id is returned, continues with `token`. Pages of the prompt are shared; the common
  /// tokens after it are fed again. Throws UsageError if a path has that token there already, if
  /// the filters give it no probability, or if the run does not keep its prompt.
  int fork_by_hand(int path, int index, int token);

  /// Sets threshold and the other knobs of branching and sampling for all later draws.
  void set_knobs(const settings::Knobs& knobs);

  [[nodiscard]] const PathTree& tree() const { return tree_; }
  [[nodiscard]] const CostMeter& meter() const { return meter_; }
  [[nodiscard]] const decode::Session& session() const { return session_; }
  /// Returns the ids of the live paths; live_lanes() returns their lanes in the same order.
  [[nodiscard]] std::vector<int> live_paths() const;
  [[nodiscard]] std::vector<decode::LaneId> live_lanes() const;
  /// Returns the paths that were not pruned, most likely first, ties by id.
  [[nodiscard]] std::vector<int> paths_by_probability() const;

 private:
  struct LivePath {
    int path = 0;
    decode::LaneId lane = 0;
    core::SplitMix64 random;
  };

  void feed();
  [[nodiscard]] std::vector<Child> offer_children();
  /// Returns the state in which a path ends before feeding `token` to `lane`; empty if it goes on.
  [[nodiscard]] std::optional<PathState> end_of(decode::LaneId lane, int token) const;
  void check_fork_by_hand(int path, int index, int token) const;
  void grow(std::span<const Child> children);
  /// Continues the path with these tokens, and forks its lane for all but the first.
  void grow_path(const LivePath& path, std::span<const DrawnToken> drawn,
                 std::vector<LivePath>& next);

  BranchOptions options_;
  ForkPages pages_;
  decode::Session session_;
  PathTree tree_;
  std::vector<LivePath> live_;
  std::optional<decode::LaneId> prompt_lane_;  // source lane of fork_by_hand()
  CostMeter meter_;
  bool prompt_fed_ = false;
};

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

}  // namespace sketchscope::branch
