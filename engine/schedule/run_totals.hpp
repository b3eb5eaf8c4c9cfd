#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include "engine/decode/degeneracy.hpp"
#include "engine/record/field_totals.hpp"
#include "engine/record/step_record.hpp"

namespace sketchscope {

/// The value below which a share `quantile` of `values` lies (nearest rank); empty without values.
std::optional<double> percentile(std::vector<double> values, double quantile);

/// How many positions left, and which.
struct EvictionTotals {
  std::int64_t count = 0;
  std::int64_t degenerate = 0;
  /// The same number for two runs over the same texts that evicted the same tokens from the same
  /// tables, in whatever order.
  std::uint64_t set = 0;

  void add(std::span<const EvictionRecord> evictions);
  EvictionTotals& operator+=(const EvictionTotals& other);
};

/// How long forward passes took.
struct PassTotals {
  std::vector<double> pass_ms;
  double total_ms = 0;
  double policy_ms = 0;
  std::size_t tokens = 0;  ///< fed by passes that are no prompt's
  double token_ms = 0;     ///< of those passes

  void add(const PhaseTimes& times, std::size_t fed);
};

/// A figure of a whole run; its value is empty where it was not measured.
struct NamedFigure {
  RunFigure figure;
  std::optional<double> value;
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

  [[nodiscard]] std::int64_t evictions() const { return evictions_.count; }
  [[nodiscard]] std::int64_t degenerate_evictions() const { return evictions_.degenerate; }
  [[nodiscard]] std::uint64_t evicted_set() const { return evictions_.set; }
  /// A figure of steps or layers over the run, as its OverRun says:
  /// `figure<&StepRecord::logit_kl>`.
  template <auto Member>
  [[nodiscard]] std::optional<double> figure() const {
    if constexpr (std::is_same_v<RowOf<Member>, LayerRecord>) {
      return layers_.template figure<Member>();
    } else {
      return steps_.template figure<Member>();
    }
  }
  /// Those that results or summaries name, in the order of their description.
  [[nodiscard]] std::vector<NamedFigure> figures() const;
  [[nodiscard]] std::optional<double> retained_mass() const {
    return figure<&LayerRecord::retained_mass>();
  }
  [[nodiscard]] std::optional<double> attention_kl() const {
    return figure<&LayerRecord::attention_kl>();
  }
  [[nodiscard]] std::optional<double> output_error() const {
    return figure<&LayerRecord::output_error>();
  }
  [[nodiscard]] std::optional<double> logit_kl() const { return figure<&StepRecord::logit_kl>(); }
  [[nodiscard]] std::optional<double> top1_agreement() const {
    return figure<&StepRecord::top1_agrees>();
  }
  [[nodiscard]] std::optional<double> regret() const { return figure<&LayerRecord::regret>(); }
  [[nodiscard]] std::optional<double> global_eviction_ratio() const {
    return figure<&StepRecord::global_eviction_ratio>();
  }
  [[nodiscard]] std::optional<double> mean_capacity() const {
    return figure<&LayerRecord::capacity>();
  }
  /// What a person should know before trusting the figures.
  [[nodiscard]] const std::vector<std::string>& warnings() const { return warnings_; }
  [[nodiscard]] const MemoryLedger& memory_peak() const { return memory_; }

  [[nodiscard]] std::size_t passes() const { return passes_.pass_ms.size(); }
  [[nodiscard]] std::optional<double> pass_ms(double quantile) const;
  /// Over the passes that are not a prompt's.
  [[nodiscard]] std::optional<double> tokens_per_second() const;
  /// Share of the passes' time that scores, victims, statistics and sketch took.
  [[nodiscard]] std::optional<double> policy_share() const;

 private:
  EvictionTotals evictions_;
  FieldTotals<LayerRecord> layers_;
  FieldTotals<StepRecord> steps_;
  Degeneracy degeneracy_;
  std::vector<std::string> warnings_;
  MemoryLedger memory_;
  PassTotals passes_;
};

/// True where two runs of different policies over the same texts evicted the same, and something:
/// a comparison of them compares nothing.
bool evicted_alike(const RunTotals& left, const RunTotals& right);

}  // namespace sketchscope
