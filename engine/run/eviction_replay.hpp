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
/// changes of knobs: once as it was, and with the position kept in both ways. The three sequences
/// share the run's session and its forward passes, and change nothing in it.
class EvictionReplay {
 public:
  /// Throws UsageError as check_counterfactual() does for any knobs that the run had since, and
  /// Error if the run keeps no past.
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
  [[nodiscard]] double log_probability(decode::LaneId lane, int token) const;
  void note_changes(int token);
  void note_departures();
  void finish();

  std::shared_ptr<decode::Session> session_;
  std::vector<decode::LaneId> lanes_;              // as it was, then by SparedBy
  std::vector<int> tokens_;                        // all tokens that were fed to the run
  std::size_t prompt_tokens_ = 0;                  // length of the prompt
  std::map<std::int64_t, settings::Knobs> knobs_;  // by the step before which they were set
  std::int64_t next_step_ = 0;
  std::size_t fed_ = 0;
  std::vector<float> last_logits_;  // the run's latest logits
  settings::Knobs first_knobs_;
  EvictionInquiry inquiry_;
};

}  // namespace sketchscope::run
