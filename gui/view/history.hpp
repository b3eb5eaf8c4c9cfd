#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/record/record_log.hpp"
#include "engine/record/step_record.hpp"

namespace sketchscope {

/// One value per step of the run, kMissing where nothing was measured.
using StepSeries = std::vector<double>;

/// A live knob that took effect: what every time axis marks.
struct KnobMark {
  std::int64_t step = 0;
  std::string knob;
  std::string from;
  std::string to;
  std::string note;

  [[nodiscard]] std::string text() const { return knob + " " + from + "→" + to; }
};

/// Knob changes that lie too close on an axis to be told apart.
struct MarkGroup {
  std::int64_t step = 0;  ///< of the first
  std::string text;       ///< "sketch_width 512→256", or "3 knob changes"
};
/// Groups of marks (in the order of their steps) that lie within `apart` steps of their first.
std::vector<MarkGroup> grouped_marks(std::span<const KnobMark> marks, std::int64_t apart);

/// Where an eviction lies in the log.
struct EvictionPlace {
  std::int64_t step = 0;
  std::size_t index = 0;  ///< among the evictions of that step

  friend bool operator==(const EvictionPlace&, const EvictionPlace&) = default;
};

/// One layer over the steps of the run.
struct LayerHistory {
  static constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();

  StepSeries stored;
  StepSeries capacity;  ///< kMissing where nothing is ever evicted
  StepSeries retained_mass;
  StepSeries attention_kl;
  /// By table (one, or one per head) and position: the step in which it left, or kNever.
  std::vector<std::vector<std::int64_t>> evicted_at;
};

/// Bytes by category over the steps of the run.
struct MemoryHistory {
  StepSeries kv;
  StepSeries sketch;
  StepSeries statistics;
  StepSeries audit;
  StepSeries policy;  ///< everything but what only measures
  StepSeries kv_full;
  StepSeries device;
};

/// Milliseconds of each step by what took them, all lanes together.
struct TimeHistory {
  StepSeries total;
  StepSeries linear;
  StepSeries attention;
  StepSeries policy;
  StepSeries audit;
  StepSeries record;
};

/// The step records of the watched run as the frame loop has read them so far, and as series: index
/// i is step i. Taken in one by one, so a frame costs what is new.
class History {
 public:
  /// Takes in what the log has and this history lacks; starts over when the run was restarted or
  /// replayed. True if anything changed.
  bool update(const RecordLog& log);
  void append(RecordPointer record);
  /// The next update reads all of its log, be it that of another run.
  void clear();

  [[nodiscard]] std::span<const RecordPointer> records() const { return records_; }
  [[nodiscard]] bool empty() const { return records_.empty(); }
  [[nodiscard]] std::size_t size() const { return records_.size(); }
  /// The newest record; null before the first step.
  [[nodiscard]] const StepRecord* latest() const;
  /// Null if the run has no such step.
  [[nodiscard]] const StepRecord* at(std::int64_t step) const;

  /// Changes with everything that is taken in, so that what was derived can be kept.
  [[nodiscard]] std::uint64_t revision() const { return revision_; }
  [[nodiscard]] std::uint64_t run() const { return run_; }
  /// Changes when records read before were replaced (a new run, a rebuild).
  [[nodiscard]] std::uint64_t generation() const { return generation_; }

  /// Token ids by position, and the step that fed each.
  [[nodiscard]] std::span<const int> tokens() const { return tokens_; }
  [[nodiscard]] std::int64_t fed_at(int position) const;
  /// Positions below it belong to the prompt.
  [[nodiscard]] int prompt_length() const { return prompt_length_; }
  /// Positions fed up to and including `step`.
  [[nodiscard]] int positions_at(std::int64_t step) const;

  /// Step numbers: the x of every series.
  [[nodiscard]] const StepSeries& steps() const { return steps_; }
  [[nodiscard]] const StepSeries& logit_kl() const { return logit_kl_; }
  [[nodiscard]] const StepSeries& entropy() const { return entropy_; }
  [[nodiscard]] const TimeHistory& times() const { return times_; }
  /// Whether lane and twin foresaw the same likeliest token, 1 or 0.
  [[nodiscard]] const StepSeries& top1_agrees() const { return top1_agrees_; }
  [[nodiscard]] const StepSeries& evictions() const { return evictions_; }
  /// Perplexity of the tokens fed so far, each over those that it foresaw.
  [[nodiscard]] const StepSeries& lane_perplexity() const { return lane_perplexity_.values; }
  [[nodiscard]] const StepSeries& twin_perplexity() const { return twin_perplexity_.values; }
  /// The lane's perplexity against the twin's on the tokens that both foresaw: 0.03 is 3 % more.
  /// Empty before the first.
  [[nodiscard]] std::optional<double> perplexity_change() const;
  [[nodiscard]] std::span<const LayerHistory> layers() const { return layers_; }
  [[nodiscard]] const MemoryHistory& memory() const { return memory_; }

  [[nodiscard]] std::span<const KnobMark> marks() const { return marks_; }
  /// All evictions, oldest first.
  [[nodiscard]] std::span<const EvictionPlace> eviction_places() const { return places_; }
  /// Null if the place is none of this history's.
  [[nodiscard]] const EvictionRecord* eviction(EvictionPlace place) const;
  /// The eviction of a position from a layer (from one head's table where heads have their own), if
  /// it has left.
  [[nodiscard]] std::optional<EvictionPlace> eviction_of(int layer, int position,
                                                         int head = 0) const;
  /// The first step in which a full table had to give a position up; kNever before.
  [[nodiscard]] std::int64_t cap_reached() const { return cap_reached_; }

 private:
  /// A running perplexity.
  struct Perplexity {
    double nll = 0;
    std::int64_t count = 0;
    StepSeries values;
    void append(const std::optional<double>& probability);
  };

  void append_perplexity(const StepRecord& record);
  void append_tokens(const StepRecord& record);
  void append_layers(const StepRecord& record);
  void append_evictions(const StepRecord& record);
  void append_memory(const MemoryLedger& ledger);
  void append_times(const PhaseTimes& times);

  std::vector<RecordPointer> records_;
  std::uint64_t generation_ = 0;
  std::uint64_t log_generation_ = 0;  ///< as the log counts it
  std::uint64_t run_ = 0;
  std::uint64_t revision_ = 0;
  std::vector<int> tokens_;
  std::vector<std::int64_t> fed_at_;
  int prompt_length_ = 0;
  StepSeries steps_, logit_kl_, entropy_, top1_agrees_, evictions_;
  Perplexity lane_perplexity_, twin_perplexity_;
  double nll_difference_ = 0;  ///< lane − twin, of tokens that both foresaw
  std::int64_t compared_tokens_ = 0;
  std::vector<LayerHistory> layers_;
  MemoryHistory memory_;
  TimeHistory times_;
  std::vector<KnobMark> marks_;
  std::vector<EvictionPlace> places_;
  std::int64_t cap_reached_ = LayerHistory::kNever;
};

}  // namespace sketchscope
