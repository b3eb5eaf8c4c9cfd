#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "engine/cache/page_pool.hpp"
#include "engine/cache/divergence.hpp"
#include "engine/decode/lane_view.hpp"
#include "engine/model/model_config.hpp"
#include "engine/policy/policy.hpp"
#include "engine/record/step_record.hpp"
#include "engine/settings/knobs.hpp"

namespace sketchscope {

struct LaneState;

struct LaneOptions {
  Knobs knobs;
  bool audit = false;
  bool has_twin = false;                 ///< whose logits hold_target() will hear of
  bool keep_attention = false;           ///< LayerView::attended
  std::shared_ptr<const Policy> policy;  ///< instead of the one that the knobs name, until they
                                         ///< name another
  std::shared_ptr<AttentionObserver> observer;  ///< of every step; needs the audit
};

/// One sequence being generated: its cache, policy, knobs, sampler and what its last step did. A
/// copy is a fork: it shares all pages and continues exactly as the original would.
class Lane {
 public:
  /// Throws UsageError on knobs that contradict each other or the model.
  Lane(const ModelConfig& config, std::shared_ptr<PagePools> pages, LaneOptions options);
  Lane(const Lane& other);
  Lane(Lane&& other) noexcept;
  Lane& operator=(Lane other) noexcept;
  ~Lane();

  [[nodiscard]] const Knobs& knobs() const;
  [[nodiscard]] std::span<const int> tokens() const;    ///< fed so far
  [[nodiscard]] std::span<const float> logits() const;  ///< (V), empty at first
  [[nodiscard]] const Policy& policy() const;
  [[nodiscard]] bool audited() const;
  [[nodiscard]] std::vector<LayerView> layers() const;
  [[nodiscard]] LayerView layer(int index) const;

  /// Draws the next token from the logits by the lane's own knobs and random numbers.
  int draw_token();
  /// The pass is over: these tokens were fed, and this follows.
  void finish_pass(std::span<const int> tokens, std::span<const float> logits);
  /// Victims since the last call.
  std::vector<EvictionRecord> take_evictions();

  /// Puts other knobs in force at a step boundary (docs/cache.md, Live knobs) and says what
  /// changed. Throws UsageError on knobs that contradict each other; the lane then goes on as it
  /// was.
  std::vector<KnobChange> apply(const Knobs& knobs);
  /// At a step boundary: moves the capacity where the knobs' target asks for it, and says why.
  /// `logit_kl` is the last step's, for the target logit-kl.
  std::vector<KnobChange> hold_target(std::optional<double> logit_kl);
  /// Copies the pages that it shares with other lanes.
  void unshare_pages();

  // Bytes by category of the memory ledger.
  [[nodiscard]] std::size_t kv_bytes() const;
  [[nodiscard]] std::size_t sketch_bytes() const;
  [[nodiscard]] std::size_t statistics_bytes() const;
  [[nodiscard]] std::size_t tail_bytes() const;
  [[nodiscard]] std::size_t audit_bytes() const;
  /// What this lane takes that `earlier`, a copy of it from before (may be null), does not share.
  [[nodiscard]] std::size_t bytes_beside(const Lane* earlier) const;

  /// For the phases of a step alone.
  [[nodiscard]] LaneState& state() { return *state_; }
  [[nodiscard]] const LaneState& state() const { return *state_; }

 private:
  std::unique_ptr<LaneState> state_;
};

}  // namespace sketchscope
