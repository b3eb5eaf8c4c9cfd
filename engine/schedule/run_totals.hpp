#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/decode/degeneracy.hpp"
#include "engine/record/step_record.hpp"

namespace sketchscope {

/// The value below which a share `quantile` of `values` lies (nearest rank); empty without values.
std::optional<double> percentile(std::vector<double> values, double quantile);

/// Mean of what was added; empty when nothing was.
class Mean {
 public:
  void add(double value) {
    sum_ += value;
    ++count_;
  }
  void add(const Mean& other) {
    sum_ += other.sum_;
    count_ += other.count_;
  }
  [[nodiscard]] std::optional<double> value() const {
    return count_ > 0 ? std::optional(sum_ / static_cast<double>(count_)) : std::nullopt;
  }

 private:
  double sum_ = 0;
  std::int64_t count_ = 0;
};

/// What a whole run measured, gathered step by step: the figures of `eval` and `generate`.
class RunTotals {
 public:
  /// One step of one lane; a layer's figures weigh the same whatever its size.
  void add_layers(std::span<const LayerRecord> layers);
  void add_evictions(std::span<const EvictionRecord> evictions);
  void add_twin(double logit_kl, bool top1_agrees);
  /// A lane whose run is over: its regret, and whether its policy decided anything.
  void add_lane(const Lane& lane);
  /// Keeps the largest of each category.
  void add_memory(const MemoryLedger& memory);
  /// One forward pass of the session that fed `tokens` tokens in all; 0 for a prompt's, whose speed
  /// is another.
  void add_pass(const PhaseTimes& times, std::size_t tokens);

  /// What another run with the same knobs measured, its passes excepted.
  void merge(const RunTotals& other, const Knobs& knobs);

  /// All of the above from one lane's record, the pass included.
  void add_record(const StepRecord& record);

  [[nodiscard]] std::int64_t evictions() const { return evictions_; }
  [[nodiscard]] std::int64_t degenerate_evictions() const { return degenerate_; }
  [[nodiscard]] std::optional<double> retained_mass() const { return retained_mass_.value(); }
  [[nodiscard]] std::optional<double> attention_kl() const { return attention_kl_.value(); }
  [[nodiscard]] std::optional<double> attention_tv() const { return attention_tv_.value(); }
  [[nodiscard]] std::optional<double> output_error() const { return output_error_.value(); }
  [[nodiscard]] std::optional<double> logit_kl() const { return logit_kl_.value(); }
  [[nodiscard]] std::optional<double> top1_agreement() const { return top1_.value(); }
  /// Mass that evicted positions would have received, summed over positions, layers and lanes;
  /// needs the audit.
  [[nodiscard]] std::optional<double> regret() const { return regret_; }
  /// Of the lanes at their ends: positions that no head of any layer stored any more.
  [[nodiscard]] std::optional<double> global_eviction_ratio() const { return gone_.value(); }
  /// Slots a table may fill, over steps and layers: what a target or a budget made of the knob.
  [[nodiscard]] std::optional<double> mean_capacity() const { return capacity_.value(); }
  /// The same number for two runs over the same texts that evicted the same tokens from the same
  /// tables, in whatever order.
  [[nodiscard]] std::uint64_t evicted_set() const { return evicted_set_; }
  /// What a person should know before trusting the figures.
  [[nodiscard]] const std::vector<std::string>& warnings() const { return warnings_; }
  [[nodiscard]] const MemoryLedger& memory_peak() const { return memory_; }

  [[nodiscard]] std::size_t passes() const { return pass_ms_.size(); }
  [[nodiscard]] std::optional<double> pass_ms(double quantile) const;
  /// Over the passes that are not a prompt's.
  [[nodiscard]] std::optional<double> tokens_per_second() const;
  /// Share of the passes' time that scores, victims, statistics and sketch took.
  [[nodiscard]] std::optional<double> policy_share() const;

 private:
  std::int64_t evictions_ = 0;
  std::int64_t degenerate_ = 0;
  std::uint64_t evicted_set_ = 0;
  Mean gone_;
  Mean capacity_;
  Mean retained_mass_;
  Mean attention_kl_;
  Mean attention_tv_;
  Mean output_error_;
  Mean logit_kl_;
  Mean top1_;
  std::optional<double> regret_;
  Degeneracy degeneracy_;
  std::vector<std::string> warnings_;
  MemoryLedger memory_;
  std::vector<double> pass_ms_;
  double total_ms_ = 0;
  double policy_ms_ = 0;
  double token_ms_ = 0;  // of the passes that fed tokens_
  std::size_t tokens_ = 0;
};

/// True where two runs of different policies over the same texts evicted the same, and something:
/// a comparison of them compares nothing.
bool evicted_alike(const RunTotals& left, const RunTotals& right);

}  // namespace sketchscope
