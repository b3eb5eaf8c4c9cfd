#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "engine/record/record_fields.hpp"
#include "engine/record/record_log.hpp"
#include "engine/settings/knobs.hpp"
#include "gui/plot/value_format.hpp"

namespace sketchscope::view {

/// One value per step of the run, kMissing if not measured.
using StepSeries = std::vector<double>;

/// The series over steps of every field of one kind of row.
template <typename Row>
class FieldSeries {
 public:
  void append(const Row& row) {
    auto series = series_.begin();
    record::for_each_field<Row>([&](const auto& field) {
      (series++)->push_back(record::number_of(row.*field.member).value_or(plot::kMissing));
    });
  }

  template <auto Member>
  [[nodiscard]] const StepSeries& of() const {
    return series_[record::field_index<Member>()];
  }

  /// Calls `visit(field, series)` for each field.
  template <typename Visit>
  void for_each(Visit&& visit) const {
    auto series = series_.begin();
    record::for_each_field<Row>([&](const auto& field) { visit(field, *series++); });
  }

 private:
  std::array<StepSeries, record::kFieldCount<Row>> series_;
};

/// A knob change that took effect, which every step axis marks.
struct KnobMark {
  std::int64_t step = 0;
  std::string knob;
  std::string from;
  std::string to;
  std::string note;

  [[nodiscard]] std::string text() const { return knob + " " + from + "→" + to; }
};

/// Knob changes that are too close on an axis to be distinguished.
struct MarkGroup {
  std::int64_t step = 0;  ///< step of the first one
  std::string text;       ///< "sketch_width 512→256", or "3 knob changes"
};
/// Groups marks, which are in the order of steps, that lie within `apart` steps of a group's first.
std::vector<MarkGroup> grouped_marks(std::span<const KnobMark> marks, std::int64_t apart);

/// The place of an eviction in the log.
struct EvictionPlace {
  std::int64_t step = 0;
  std::size_t index = 0;  ///< index among the step's evictions

  friend bool operator==(const EvictionPlace&, const EvictionPlace&) = default;
};

/// The history of one layer.
struct LayerHistory {
  static constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();

  FieldSeries<record::LayerRecord> figures;
  /// By table (one, or one per head) and position: the step of its eviction, or kNever.
  std::vector<std::vector<std::int64_t>> evicted_at;

  template <auto Member>
  [[nodiscard]] const StepSeries& series() const {
    return figures.of<Member>();
  }
};

/// The running perplexities of lane and twin over the tokens that each predicted.
class PerplexityHistory {
 public:
  /// Adds a step, whose token counts if `counts`.
  void append(const record::StepRecord& record, bool counts);

  [[nodiscard]] const StepSeries& lane() const { return lane_; }
  [[nodiscard]] const StepSeries& twin() const { return twin_; }
  /// Returns the relative change of the lane's perplexity against the twin's over the tokens that
  /// both predicted: 0.03 is 3 % more. Empty before the first.
  [[nodiscard]] std::optional<double> change() const;
  /// Returns the number of tokens that the lane predicted.
  [[nodiscard]] std::int64_t tokens() const { return lane_sum_.count; }

 private:
  struct Sum {
    double nll = 0;
    std::int64_t count = 0;
    /// Returns the perplexity including one more token, if that was predicted.
    double with(const std::optional<double>& probability);
  };
  StepSeries lane_;
  StepSeries twin_;
  Sum lane_sum_;
  Sum twin_sum_;
  Sum difference_;  ///< lane − twin, over tokens that both predicted
};

/// The perplexities of a run, over all tokens fed and over those that were given. A token that the
/// lane drew is likely to the lane whatever it is worth: only given ones measure a cache.
struct RunPerplexity {
  PerplexityHistory fed;
  PerplexityHistory given;  ///< tokens of the prompt that were fed one by one

  void append(const record::StepRecord& record);
};

/// The step records of a run that the frame loop has read, and their series, in which index i is
/// step i. Records are added incrementally, so that a frame costs only what is new.
class History {
 public:
  /// Adds the records that are new in the log; starts over if the run was restarted or replayed.
  /// Returns whether anything changed.
  bool update(const record::RecordLog& log);
  void append(record::RecordPointer record);
  /// Clears the history, so that the next update reads its whole log, even another run's.
  void clear();

  [[nodiscard]] std::span<const record::RecordPointer> records() const { return records_; }
  [[nodiscard]] bool empty() const { return records_.empty(); }
  [[nodiscard]] std::size_t size() const { return records_.size(); }
  /// Returns the newest record; null before the first step.
  [[nodiscard]] const record::StepRecord* latest() const;
  /// Returns the record of a step; null if the run has no such step.
  [[nodiscard]] const record::StepRecord* at(std::int64_t step) const;

  /// Returns a number that changes with every update, for caches of derived data.
  [[nodiscard]] std::uint64_t revision() const { return revision_; }
  [[nodiscard]] std::uint64_t run() const { return run_; }
  /// Returns a number that no other history has had, except copies, and that changes when earlier
  /// records were replaced (a new run, a rebuild).
  [[nodiscard]] std::uint64_t generation() const { return generation_; }

  /// Returns the token ids by position.
  [[nodiscard]] std::span<const int> tokens() const { return fed_.tokens; }
  [[nodiscard]] std::int64_t fed_at(int position) const;
  /// Returns the number of prompt positions.
  [[nodiscard]] int prompt_length() const { return fed_.prompt_length; }
  /// Returns the number of positions fed up to and including `step`.
  [[nodiscard]] int positions_at(std::int64_t step) const;

  /// Returns the step numbers, which are the x values of every series.
  [[nodiscard]] const StepSeries& steps() const { return series<&record::StepRecord::step>(); }
  /// Returns the series of a member of StepRecord, its times or its memory. Usage:
  /// `series<&StepRecord::logit_kl>()`.
  template <auto Member>
  [[nodiscard]] const StepSeries& series() const {
    return figures<record::RowOf<Member>>().template of<Member>();
  }
  /// Returns the series of all fields of one kind of row.
  template <typename Row>
  [[nodiscard]] const FieldSeries<Row>& figures() const {
    return std::get<FieldSeries<Row>>(figures_);
  }
  [[nodiscard]] std::span<const LayerHistory> layers() const { return layers_; }
  /// Returns the number of evictions by step.
  [[nodiscard]] const StepSeries& evictions() const { return evictions_; }
  /// Returns the bytes of the cache without those that only measure, by step.
  [[nodiscard]] const StepSeries& policy_bytes() const { return policy_bytes_; }
  [[nodiscard]] const RunPerplexity& perplexity() const { return perplexity_; }

  [[nodiscard]] std::span<const KnobMark> marks() const { return marks_; }
  /// Returns all evictions, oldest first.
  [[nodiscard]] std::span<const EvictionPlace> eviction_places() const { return places_; }
  /// Returns the eviction at a place; null if the place is not in this history.
  [[nodiscard]] const record::EvictionRecord* eviction(EvictionPlace place) const;
  /// Returns the eviction of a position from a layer, or from a head's table if heads have their
  /// own; empty if it was not evicted.
  [[nodiscard]] std::optional<EvictionPlace> eviction_of(int layer, int position,
                                                         int head = 0) const;
  /// Returns the first step with an eviction from a full table; kNever before that.
  [[nodiscard]] std::int64_t cap_reached() const { return cap_reached_; }

 private:
  struct FedTokens {
    std::vector<int> tokens;           ///< by position
    std::vector<std::int64_t> fed_at;  ///< step, by position
    int prompt_length = 0;
    void append(const record::StepRecord& record);
  };

  static std::uint64_t next_generation();
  void append_layers(const record::StepRecord& record);
  void append_evictions(const record::StepRecord& record);

  std::vector<record::RecordPointer> records_;
  std::uint64_t generation_ = next_generation();
  std::uint64_t log_generation_ = 0;  ///< the log's generation at the last update
  std::uint64_t run_ = 0;
  std::uint64_t revision_ = 0;
  FedTokens fed_;
  std::tuple<FieldSeries<record::StepRecord>, FieldSeries<record::PhaseTimes>,
             FieldSeries<record::MemoryLedger>>
      figures_;
  StepSeries evictions_;
  StepSeries policy_bytes_;
  RunPerplexity perplexity_;
  std::vector<LayerHistory> layers_;
  std::vector<KnobMark> marks_;
  std::vector<EvictionPlace> places_;
  std::int64_t cap_reached_ = LayerHistory::kNever;
};

/// Returns the knobs that were in force at `step`: the present ones with later changes undone.
settings::Knobs knobs_at(const History& history, const settings::Knobs& applied, std::int64_t step);

}  // namespace sketchscope::view
