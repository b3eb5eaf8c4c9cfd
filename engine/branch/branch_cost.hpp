#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "engine/core/timing.hpp"
#include "engine/decode/session.hpp"

namespace sketchscope {

/// The cost of drawing many samples of one prompt (docs/branching.md, "Costs"). The session counts
/// the rows of its forward passes.
struct BranchCost {
  std::int64_t tokens_forwarded = 0;
  std::int64_t prompt_tokens = 0;  ///< rows that fed prompt tokens
  std::int64_t path_steps = 0;     ///< rows that each fed one live path's token
  double wall_ms = 0;              ///< prefill, passes and draws
  std::size_t kv_bytes_peak = 0;   ///< peak size of the pages of keys and values
  std::size_t kv_pages_peak = 0;
  std::size_t tree_nodes = 0;  ///< peak number of distinct tokens on live paths on live paths
};

/// Keys and values of the live paths after one step.
struct KvAccount {
  int live_paths = 0;
  std::size_t logical_bytes = 0;   ///< filled slots, counted once per path
  std::size_t physical_bytes = 0;  ///< pages in use, shared pages counted once
  std::size_t tree_nodes = 0;      ///< distinct tokens
};

/// Meters one session from its first pass to its last. Only the time between resume() and pause()
/// counts.
class CostMeter {
 public:
  void resume() { watch_ = Stopwatch(); }
  void pause() { cost_.wall_ms += watch_.elapsed_ms(); }

  /// Attributes the rows that the session forwarded since the last note to `fed`, and accounts for
  /// the memory of `lanes`, which now hold `tree_nodes` distinct tokens.
  enum class Fed : std::uint8_t { prompt, paths };
  void note(Session& session, Fed fed, std::span<const LaneId> lanes, std::size_t tree_nodes);

  [[nodiscard]] const BranchCost& cost() const { return cost_; }
  /// Returns the memory as of the last note.
  [[nodiscard]] const KvAccount& now() const { return now_; }
  [[nodiscard]] std::size_t logical_bytes_peak() const { return logical_bytes_peak_; }
  /// Returns the number of evictions in all lanes and layers.
  [[nodiscard]] std::int64_t evictions() const { return evictions_; }

 private:
  Stopwatch watch_;
  BranchCost cost_;
  KvAccount now_;
  std::size_t logical_bytes_peak_ = 0;
  std::int64_t evictions_ = 0;
};

}  // namespace sketchscope
