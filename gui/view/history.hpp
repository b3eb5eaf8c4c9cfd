#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "engine/record/record_log.hpp"
#include "gui/view/field_series.hpp"

namespace sketchscope {

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

  FieldSeries<LayerRecord> figures;
  /// By table (one, or one per head) and position: the step in which it left, or kNever.
  std::vector<std::vector<std::int64_t>> evicted_at;

  template <auto Member>
  [[nodiscard]] const StepSeries& series() const {
    return figures.of<Member>();
  }
};

/// Perplexities of the tokens fed so far, each over those that it foresaw.
class PerplexityHistory {
 public:
  void append(const StepRecord& record);

  [[nodiscard]] const StepSeries& lane() const { return lane_; }
  [[nodiscard]] const StepSeries& twin() const { return twin_; }
  /// The lane's against the twin's on the tokens that both foresaw: 0.03 is 3 % more. Empty before
  /// the first.
  [[nodiscard]] std::optional<double> change() const;

 private:
  struct Sum {
    double nll = 0;
    std::int64_t count = 0;
    /// The perplexity with one more token, if it was foreseen.
    double with(const std::optional<double>& probability);
  };
  StepSeries lane_;
  StepSeries twin_;
  Sum lane_sum_;
  Sum twin_sum_;
  Sum difference_;  ///< lane − twin, of tokens that both foresaw
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
  [[nodiscard]] std::span<const int> tokens() const { return fed_.tokens; }
  [[nodiscard]] std::int64_t fed_at(int position) const;
  /// Positions below it belong to the prompt.
  [[nodiscard]] int prompt_length() const { return fed_.prompt_length; }
  /// Positions fed up to and including `step`.
  [[nodiscard]] int positions_at(std::int64_t step) const;

  /// Step numbers: the x of every series.
  [[nodiscard]] const StepSeries& steps() const { return series<&StepRecord::step>(); }
  /// A figure of the steps, of their times or of their memory: `series<&StepRecord::logit_kl>()`.
  template <auto Member>
  [[nodiscard]] const StepSeries& series() const {
    return figures<RowOf<Member>>().template of<Member>();
  }
  /// All figures of one of these kinds of rows.
  template <typename Row>
  [[nodiscard]] const FieldSeries<Row>& figures() const {
    return std::get<FieldSeries<Row>>(figures_);
  }
  [[nodiscard]] std::span<const LayerHistory> layers() const { return layers_; }
  /// How many positions left.
  [[nodiscard]] const StepSeries& evictions() const { return evictions_; }
  /// Bytes of all that does not only measure.
  [[nodiscard]] const StepSeries& policy_bytes() const { return policy_bytes_; }
  [[nodiscard]] const PerplexityHistory& perplexity() const { return perplexity_; }

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
  struct FedTokens {
    std::vector<int> tokens;           ///< by position
    std::vector<std::int64_t> fed_at;  ///< step, by position
    int prompt_length = 0;
    void append(const StepRecord& record);
  };

  void append_layers(const StepRecord& record);
  void append_evictions(const StepRecord& record);

  std::vector<RecordPointer> records_;
  std::uint64_t generation_ = 0;
  std::uint64_t log_generation_ = 0;  ///< as the log counts it
  std::uint64_t run_ = 0;
  std::uint64_t revision_ = 0;
  FedTokens fed_;
  std::tuple<FieldSeries<StepRecord>, FieldSeries<PhaseTimes>, FieldSeries<MemoryLedger>> figures_;
  StepSeries evictions_;
  StepSeries policy_bytes_;
  PerplexityHistory perplexity_;
  std::vector<LayerHistory> layers_;
  std::vector<KnobMark> marks_;
  std::vector<EvictionPlace> places_;
  std::int64_t cap_reached_ = LayerHistory::kNever;
};

}  // namespace sketchscope
