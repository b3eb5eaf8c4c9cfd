#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include "engine/decode/degeneracy.hpp"
#include "engine/record/record_fields.hpp"
#include "engine/record/step_record.hpp"

namespace sketchscope::schedule {

/// Returns the value at or below which a share `quantile`, 0 to 1, of `values` lies (nearest rank);
/// empty without values.
std::optional<double> percentile(std::vector<double> values, double quantile);

/// The number of evictions of a run, and a hash of the evicted set.
struct EvictionTotals {
  std::int64_t count = 0;
  std::int64_t degenerate = 0;  ///< of these, from tables in which all was protected
  /// Equal for two runs over the same texts that evicted the same tokens from the same tables, in
  /// any order.
  std::uint64_t set = 0;

  void add(std::span<const record::EvictionRecord> evictions);
  EvictionTotals& operator+=(const EvictionTotals& other);
};

/// The durations of forward passes in milliseconds, as record::PhaseTimes has them.
struct PassTotals {
  std::vector<double> pass_ms;  ///< of every `stride`-th pass, kMostTimes at most
  std::size_t stride = 1;
  std::size_t passes = 0;  ///< all that were added
  double total_ms = 0;     ///< of all passes
  double policy_ms = 0;    ///< the part of it that the policy took
  std::size_t tokens = 0;  ///< fed by decode passes
  double token_ms = 0;     ///< duration of the decode passes

  /// A longer run keeps the times of every second pass, then of every fourth, and so on, which are
  /// as good for percentiles.
  static constexpr std::size_t kMostTimes = 65536;

  /// Adds a pass that fed `fed` tokens; 0 for a prefill pass.
  void add(const record::PhaseTimes& times, std::size_t fed);
};

/// A figure of a whole run with its value, which is empty if it was not measured.
struct NamedFigure {
  record::RunFigure figure;
  std::optional<double> value;
};

/// Accumulates a run's figures step by step, for `eval`, `generate` and studies.
class RunTotals {
 public:
  /// Adds the layers of one step of one lane. All layers have equal weight, whatever their
  /// capacity.
  void add_layers(std::span<const record::LayerRecord> layers);
  void add_evictions(std::span<const record::EvictionRecord> evictions) {
    evictions_.add(evictions);
  }
  /// Adds how one step's next-token distribution compares with that of the full-cache twin:
  /// KL(twin‖lane) in nats, and whether both find the same token the likeliest.
  void add_twin(double logit_kl, bool top1_agrees);
  /// Adds a lane that has made its last step: the share of positions gone everywhere, its regret
  /// if it is audited, and warnings where its policy or another knob had no effect.
  void add_lane(const decode::Lane& lane);
  /// Raises the peak of each memory category to its value in `memory`.
  void add_memory(const record::MemoryLedger& memory);
  /// Adds one forward pass of the session that fed `tokens` tokens; 0 for a prefill pass, so that
  /// it does not count as generation speed.
  void add_pass(const record::PhaseTimes& times, std::size_t tokens) { passes_.add(times, tokens); }

  /// Adds what another run with the same knobs measured, except for its passes.
  void merge(const RunTotals& other, const settings::Knobs& knobs);

  /// Adds one lane's record of a step: its figures, layers, evictions, memory, and its pass.
  void add_record(const record::StepRecord& record);

  [[nodiscard]] std::int64_t evictions() const { return evictions_.count; }
  [[nodiscard]] std::int64_t degenerate_evictions() const { return evictions_.degenerate; }
  /// Returns how often the knobs decided something.
  [[nodiscard]] const decode::Decisions& decided() const { return degeneracy_.decided; }
  /// Returns the hash EvictionTotals::set.
  [[nodiscard]] std::uint64_t evicted_set() const { return evictions_.set; }
  /// Returns a figure of steps or layers, aggregated over the run as its OverRun says. Usage:
  /// `figure<&StepRecord::logit_kl>()`.
  template <auto Member>
  [[nodiscard]] std::optional<double> figure() const {
    if constexpr (std::is_same_v<record::RowOf<Member>, record::LayerRecord>) {
      return layers_.template figure<Member>();
    } else {
      return steps_.template figure<Member>();
    }
  }
  /// Returns the figures that results or summaries name, in the order of their descriptions.
  [[nodiscard]] std::vector<NamedFigure> figures() const;
  /// Returns sentences that a person should read before trusting the figures.
  [[nodiscard]] const std::vector<std::string>& warnings() const { return warnings_; }
  [[nodiscard]] const record::MemoryLedger& memory_peak() const { return memory_; }
  /// Returns whether a lane has ended, which the weights' bytes tell: memory and decisions are
  /// taken at a lane's end, and are zeros before.
  [[nodiscard]] bool any_ended() const { return memory_.weights > 0; }

  [[nodiscard]] std::size_t passes() const { return passes_.passes; }
  /// Returns the percentile of the passes' durations, ms, for a `quantile` from 0 to 1; empty
  /// before the first.
  [[nodiscard]] std::optional<double> pass_ms(double quantile) const {
    return percentile(passes_.pass_ms, quantile);
  }
  /// Returns the generation speed, prefill passes excluded; empty before the first decode pass.
  [[nodiscard]] std::optional<double> tokens_per_second() const;
  /// Returns the share of pass time, 0 to 1, that scores, the choice of victims, statistics and the
  /// sketch took; empty before the first pass.
  [[nodiscard]] std::optional<double> policy_share() const;

 private:
  /// Makes the warnings anew from what all lanes added so far.
  void warn(const settings::Knobs& knobs);

  EvictionTotals evictions_;
  record::FieldTotals<record::LayerRecord> layers_;
  record::FieldTotals<record::StepRecord> steps_;
  decode::Degeneracy degeneracy_;
  std::vector<std::string> warnings_;
  record::MemoryLedger memory_;
  PassTotals passes_;
};

/// Returns true if two runs over the same texts evicted the same non-empty set of tokens. Comparing
/// their policies then has no meaning.
bool evicted_alike(const RunTotals& left, const RunTotals& right);

}  // namespace sketchscope::schedule
