#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <stop_token>
#include <string_view>
#include <vector>

#include "engine/core/registry.hpp"
#include "engine/core/timing.hpp"
#include "engine/decode/session.hpp"
#include "engine/schedule/feeding.hpp"
#include "engine/settings/knobs.hpp"

namespace sketchscope::branch {

/// Selects whether a fork shares the pages of its parent path or copies them all.
enum class ForkPages : std::uint8_t { share, copy };

/// Options for drawing many samples of one prompt by branching. The knobs hold threshold, branch
/// factor and the number of paths.
struct BranchOptions {
  settings::Knobs knobs;
  std::vector<int> prompt;  ///< at least one token
  int max_new_tokens = 50;
  bool stop_at_end_of_text = true;
  bool keep_prompt = false;  ///< keep the prompt's pages, which fork_by_hand() needs
  int threads = 1;
};

/// Throws UsageError on a temperature of 0: a greedy choice has no entropy to branch on.
void check_branch_options(const BranchOptions& options);

/// Returns the rule by which a sample ends.
schedule::StopRule stop_rule(const BranchOptions& options, const model::ModelConfig& config);

/// The cost of drawing many samples of one prompt (docs/branching.md, "Costs"). The session counts
/// the rows of its forward passes.
struct BranchCost {
  std::int64_t tokens_forwarded = 0;
  std::int64_t prompt_tokens = 0;  ///< rows that fed prompt tokens
  std::int64_t path_steps = 0;     ///< rows that each fed one live path's token
  double wall_ms = 0;              ///< prefill, passes and draws
  std::size_t kv_bytes_peak = 0;   ///< peak size of the pages of keys and values
  std::size_t kv_pages_peak = 0;
  std::size_t tree_nodes = 0;  ///< peak number of distinct tokens on live paths
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
  void resume() { watch_ = core::Stopwatch(); }
  void pause() { cost_.wall_ms += watch_.elapsed_ms(); }

  /// Attributes the rows that the session forwarded since the last note to `fed`, and accounts for
  /// the memory of `lanes`, which now hold `tree_nodes` distinct tokens.
  enum class Fed : std::uint8_t { prompt, paths };
  void note(decode::Session& session, Fed fed, std::span<const decode::LaneId> lanes,
            std::size_t tree_nodes);

  [[nodiscard]] const BranchCost& cost() const { return cost_; }
  /// Returns the memory as of the last note.
  [[nodiscard]] const KvAccount& now() const { return now_; }
  [[nodiscard]] std::size_t logical_bytes_peak() const { return logical_bytes_peak_; }
  /// Returns the number of evictions in all lanes and layers.
  [[nodiscard]] std::int64_t evictions() const { return evictions_; }

 private:
  core::Stopwatch watch_;
  BranchCost cost_;
  KvAccount now_;
  std::size_t logical_bytes_peak_ = 0;
  std::int64_t evictions_ = 0;
};

/// A baseline that draws the same samples without branching (docs/branching.md, "Baselines").
enum class SampleMethod : std::uint8_t {
  sequential,     ///< one after the other, each with its own prompt pass
  batched,        ///< one prompt pass each, then one forward pass per token for all
  prompt_shared,  ///< one prompt pass, forked, then as `batched`
};

}  // namespace sketchscope::branch

namespace sketchscope::core {

template <>
inline constexpr std::array enum_names<branch::SampleMethod> = {
    NamedValue{branch::SampleMethod::sequential, "sequential"},
    NamedValue{branch::SampleMethod::batched, "batched"},
    NamedValue{branch::SampleMethod::prompt_shared, "prompt_shared"}};

}  // namespace sketchscope::core

namespace sketchscope::branch {

/// The samples of one method and their cost.
struct IndependentSamples {
  std::vector<std::vector<int>> tokens;  ///< new tokens per sample, including an end-of-text
  CostMeter meter;
  bool interrupted = false;
};

/// Draws `count` samples, the i-th with seed `seed` + i, so that all methods give equal samples.
IndependentSamples draw_samples(std::shared_ptr<const model::Model> model,
                                const BranchOptions& options, SampleMethod method, int count,
                                const std::stop_token& stop);

}  // namespace sketchscope::branch
