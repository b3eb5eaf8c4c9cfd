#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "engine/core/stopwatch.hpp"
#include "engine/decode/session.hpp"

namespace sketchscope {

/// What many samples of one prompt cost. Rows are counted by the session at its forward passes.
struct BranchCost {
  std::int64_t tokens_forwarded = 0;
  std::int64_t prompt_tokens = 0;  ///< of them, fed as prompt
  std::int64_t path_steps = 0;     ///< of them, one live path's token each
  double wall_ms = 0;              ///< prompts, passes and draws
  std::size_t kv_bytes_peak = 0;   ///< keys and values in pages, largest at any moment
  std::size_t kv_pages_peak = 0;
  std::size_t tree_nodes = 0;  ///< distinct tokens the live paths held at once, at most
};

/// Keys and values of the live paths after one step.
struct KvAccount {
  int live_paths = 0;
  std::size_t logical_bytes = 0;   ///< filled slots, each path's counted for itself
  std::size_t physical_bytes = 0;  ///< pages in use, each counted once
  std::size_t tree_nodes = 0;      ///< distinct tokens
};

/// Follows one session from its first pass to its last. Only time between resume() and pause()
/// counts.
class CostMeter {
 public:
  void resume() { watch_ = Stopwatch(); }
  void pause() { cost_.wall_ms += watch_.elapsed_ms(); }

  /// What the session forwarded since the last note went to these lanes, which now hold
  /// `tree_nodes` distinct tokens.
  enum class Fed : std::uint8_t { prompt, paths };
  void note(Session& session, Fed fed, std::span<const LaneId> lanes, std::size_t tree_nodes);

  [[nodiscard]] const BranchCost& cost() const { return cost_; }
  /// After the last note.
  [[nodiscard]] const KvAccount& now() const { return now_; }
  [[nodiscard]] std::size_t logical_bytes_peak() const { return logical_bytes_peak_; }
  /// Victims of all lanes and layers.
  [[nodiscard]] std::int64_t evictions() const { return evictions_; }

 private:
  Stopwatch watch_;
  BranchCost cost_;
  KvAccount now_;
  std::size_t logical_bytes_peak_ = 0;
  std::int64_t evictions_ = 0;
};

}  // namespace sketchscope
