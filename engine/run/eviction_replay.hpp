#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <vector>

#include "engine/decode/session.hpp"
#include "engine/run/eviction_inquiry.hpp"
#include "engine/run/watched_run.hpp"

namespace sketchscope::run {

/// Repeats a watched run from before one of its evictions, fed the same tokens under the same
/// changes of knobs: once as it was, and once in each of the two ways to keep the position
/// (decode::SparedBy). The three sequences share the run's session and its forward passes, and
/// change nothing in it.
class EvictionReplay {
 public:
  /// `step` is the step in which `eviction` happened. Throws UsageError as check_counterfactual()
  /// does for any evicting knobs that the run had, and Error if the run keeps no keyframes.
  EvictionReplay(const WatchedRun& run, std::int64_t step, const record::EvictionRecord& eviction);
  ~EvictionReplay();
  EvictionReplay(const EvictionReplay&) = delete;
  EvictionReplay& operator=(const EvictionReplay&) = delete;

  [[nodiscard]] bool finished() const { return inquiry_.repeated_exactly.has_value(); }
  /// Makes the next step of all three sequences.
  void advance();
  [[nodiscard]] const EvictionInquiry& inquiry() const { return inquiry_; }

 private:
  [[nodiscard]] std::span<const int> next_tokens() const;
  /// Returns ln of the probability that the lane gives to `token` as its next, nats.
  [[nodiscard]] double log_probability(decode::LaneId lane, int token) const;
  /// Adds what sparing changed in the prediction of `token`, the next one of the run.
  void note_changes(int token);
  /// Notes where a spared position had to leave all the same.
  void note_departures();
  void finish();

  std::shared_ptr<decode::Session> session_;
  std::vector<decode::LaneId> lanes_;              // as it was, then by kWaysToSpare
  std::vector<int> tokens_;                        // all tokens that were fed to the run
  std::size_t prompt_tokens_ = 0;                  // length of the prompt
  std::map<std::int64_t, settings::Knobs> knobs_;  // by the step before which they were set
  std::int64_t next_step_ = 0;
  std::size_t fed_ = 0;             // how many of tokens_ the three sequences were fed
  std::vector<float> last_logits_;  // the run's latest logits
  settings::Knobs first_knobs_;
  EvictionInquiry inquiry_;
};

}  // namespace sketchscope::run
