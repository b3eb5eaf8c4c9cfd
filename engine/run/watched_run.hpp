#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <utility>
#include <vector>

#include "engine/decode/lane.hpp"
#include "engine/decode/session.hpp"
#include "engine/model/model.hpp"
#include "engine/record/step_record.hpp"
#include "engine/run/held_lane.hpp"
#include "engine/run/live_state.hpp"
#include "engine/run/step_inputs.hpp"
#include "engine/schedule/feeding.hpp"
#include "engine/schedule/record_builder.hpp"
#include "engine/schedule/run_totals.hpp"
#include "engine/settings/knobs.hpp"
#include "engine/trace/step_trace.hpp"

namespace sketchscope::run {

/// Steps between keyframes of a watched run, and so the most steps that are replayed to reach a
/// step.
inline constexpr int kKeyframeInterval = 16;

/// The state of a run between two steps. Pages are shared copy-on-write with the run and with other
/// keyframes.
struct Keyframe {
  decode::Lane lane;
  std::optional<decode::Lane> twin;
  schedule::Foresight foresight;
  std::optional<int> next_token;
};

/// The keyframes of one run, by number of steps, within a byte budget. If the budget is exceeded,
/// the keyframe with the smallest ratio of neighbour distance to age is dropped, so that the
/// spacing grows with age. The first and the newest keyframe are never dropped.
class Keyframes {
 public:
  explicit Keyframes(std::size_t budget) : budget_(budget) {}

  void keep(std::int64_t steps, Keyframe keyframe);
  /// Drops the keyframes after step `steps`.
  void forget_after(std::int64_t steps);

  [[nodiscard]] bool empty() const { return kept_.empty(); }
  /// Returns the latest keyframe of at most `steps` steps. Throws Error if there is none.
  [[nodiscard]] std::int64_t nearest(std::int64_t steps) const;
  [[nodiscard]] const Keyframe& at(std::int64_t steps) const { return *kept_.at(steps).keyframe; }
  /// One entry of all(), which is ascending by number of steps.
  struct Kept {
    std::shared_ptr<const Keyframe> keyframe;  ///< shared, so that copying Keyframes is cheap
    std::size_t bytes = 0;                     ///< bytes not shared with the preceding keyframe
  };
  [[nodiscard]] const std::map<std::int64_t, Kept>& all() const { return kept_; }
  [[nodiscard]] std::size_t bytes() const { return bytes_; }

 private:
  using Place = std::map<std::int64_t, Kept>::iterator;
  void thin(std::int64_t newest);
  void measure(Place place);
  void drop(Place place);

  std::map<std::int64_t, Kept> kept_;
  std::size_t budget_;
  std::size_t bytes_ = 0;
};

/// Options of a WatchedRun.
struct RunOptions {
  settings::Knobs knobs;
  std::vector<int> prompt;  ///< at least one token
  bool twin = false;
  bool audit = false;
  bool keep_attention = false;  ///< keep the last step's, for layer_states()
  int threads = 1;              ///< threads of its own session, if it has one
  int keyframe_interval = 0;    ///< steps between keyframes; 0 keeps none
  std::size_t keyframe_bytes = std::size_t{256} << 20;  ///< budget of all keyframes
  /// Tokens that are fed after the prompt instead of drawn ones.
  std::vector<int> forced;
  /// Knobs to set, by the step before which they are set.
  std::map<std::int64_t, settings::Knobs> knob_schedule;
};

/// One generated sequence with its twin and its history, as the window shows it and `generate`
/// prints it. Steps are deterministic, so that any earlier step can be reached again from a
/// keyframe. Several runs may share a session.
class WatchedRun {
 public:
  /// Throws Error on an empty or too long prompt, UsageError on contradictory knobs.
  WatchedRun(std::shared_ptr<decode::Session> session, RunOptions options);
  /// Creates the run in its own session.
  WatchedRun(const std::shared_ptr<const model::Model>& model, RunOptions options);
  ~WatchedRun() = default;
  WatchedRun(const WatchedRun&) = delete;
  WatchedRun& operator=(const WatchedRun&) = delete;

  /// Takes effect before the next step.
  void set_knobs(const settings::Knobs& knobs);

  /// Makes the next forward pass: the prompt, in one pass or token by token, then one token at a
  /// time. Throws Error if at_context_end().
  record::StepRecord step();

  /// Returns whether the next steps of both can share a forward pass: both must belong to one
  /// session and feed the same prompt at once or one token each.
  [[nodiscard]] bool can_step_with(const WatchedRun& other) const;
  /// Makes the next step of all runs in one forward pass, so that every weight is read once.
  /// Returns their records in the same order, which equal those of separate steps. Runs that were
  /// fed the same tokens share a twin.
  static std::vector<record::StepRecord> step_together(std::span<WatchedRun* const> runs);

  /// Sets the token that the next step feeds, instead of the drawn one.
  void take_token(int token);

  /// Feeds these tokens after the prompt instead of drawn ones; the last one is not fed but becomes
  /// next_token(). Rewinds to the first difference from the tokens already fed; recorded knob
  /// changes are repeated.
  void follow(std::vector<int> tokens);
  /// Returns whether steps are missing to the end of the followed tokens.
  [[nodiscard]] bool is_behind() const;

  /// Rewinds to the state after `steps` steps; later steps are forgotten.
  void rewind(std::int64_t steps);
  /// Returns a run in the same session that has made the first `steps` steps of this one. Throws
  /// Error if that is not in the past or no keyframes are kept.
  [[nodiscard]] std::unique_ptr<WatchedRun> fork_at(std::int64_t steps) const;

  [[nodiscard]] std::int64_t steps() const { return static_cast<std::int64_t>(inputs_.steps()); }
  [[nodiscard]] bool prompt_pending() const;
  [[nodiscard]] bool at_context_end() const;
  /// Returns the token that the next step feeds; empty until the prompt was fed.
  [[nodiscard]] std::optional<int> next_token() const { return next_token_; }
  [[nodiscard]] const decode::Lane& lane() const { return lane_.lane(); }
  /// Returns the twin's lane; null if there is no twin, or none any more: it ends at the model's
  /// last position, which the lane may outgrow.
  [[nodiscard]] const decode::Lane* twin() const { return twin_ ? &twin_->lane() : nullptr; }
  [[nodiscard]] const decode::Session& session() const { return *session_; }
  /// Returns the session, for sequences that are to share the run's passes and pages.
  [[nodiscard]] const std::shared_ptr<decode::Session>& shared_session() const { return session_; }
  [[nodiscard]] const RunOptions& options() const { return options_; }
  [[nodiscard]] const Keyframes& keyframes() const { return keyframes_; }
  /// Returns the knobs set so far, by the step before which they took effect.
  [[nodiscard]] const std::map<std::int64_t, settings::Knobs>& knob_history() const {
    return knob_history_;
  }

 private:
  /// A step that was begun and not finished.
  struct OpenStep {
    std::vector<int> tokens;  ///< to be fed
    bool prompt = false;
    std::vector<record::KnobChange> changes;
  };

  /// Restores `original` at one of its keyframes.
  WatchedRun(const WatchedRun& original, std::int64_t keyframe);

  [[nodiscard]] schedule::LanePair pair() const {
    return {.lane = lane_.id(), .twin = twin_ ? std::optional(twin_->id()) : std::nullopt};
  }
  OpenStep begin_step();
  record::StepRecord finish_step(OpenStep step);

  void keep_keyframe();
  void check_past(std::int64_t steps) const;
  /// Replays the recorded inputs until `target` steps are made.
  void replay(const StepInputs& fed, std::int64_t target);
  [[nodiscard]] std::vector<int> next_input() const;
  void choose_next_token();
  /// Returns the tokens fed after the prompt.
  [[nodiscard]] std::span<const int> generated() const;
  void force_next_token();
  void end_twin();

  RunOptions options_;
  std::shared_ptr<decode::Session> session_;
  HeldLane lane_;
  std::shared_ptr<HeldLane> twin_;  ///< null without a twin
  schedule::Foresight foresight_;
  std::optional<int> next_token_;
  StepInputs inputs_;
  std::map<std::int64_t, settings::Knobs> knob_history_;  // step before which knobs were set
  Keyframes keyframes_;
};

/// Options of generate().
struct GenerationOptions {
  settings::Knobs knobs;
  std::vector<int> prompt;
  int max_new_tokens = 100;
  bool stop_at_end_of_text = true;
  bool twin = false;
  bool audit = true;
  bool keep_layers = false;  ///< Generation::layers
  /// Receives every step taken apart; without it none is.
  std::function<void(const trace::StepTrace&)> on_trace = {};
  int threads = 1;
};

/// The results of generate().
struct Generation {
  std::vector<int> tokens;  ///< new tokens without the end-of-text
  schedule::RunTotals totals;
  std::vector<int> stored;         ///< positions stored per table of each layer at the end, (L)
  std::vector<LayerState> layers;  ///< after the last step, (L); empty unless `keep_layers`
  bool reached_context_end = false;
  bool interrupted = false;
  /// Why the run broke off, where a logit was no finite number; empty otherwise. What was made
  /// until then is kept, but for `layers`, which had taken up a token more.
  std::string failure;
};

/// Continues a prompt. `on_record` receives every step's record when it is made. A stop request
/// ends the run at the next step boundary with the result so far.
Generation generate(std::shared_ptr<const model::Model> model, const GenerationOptions& options,
                    const std::function<void(const record::StepRecord&)>& on_record,
                    std::stop_token stop);

}  // namespace sketchscope::run
