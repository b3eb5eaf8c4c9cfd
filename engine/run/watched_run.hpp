#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "engine/decode/session.hpp"
#include "engine/record/step_record.hpp"
#include "engine/run/keyframes.hpp"
#include "engine/schedule/feeding.hpp"
#include "engine/schedule/record_builder.hpp"

namespace sketchscope {

struct RunOptions {
  Knobs knobs;
  std::vector<int> prompt;  ///< at least one token
  bool twin = false;
  bool audit = false;
  bool keep_attention = false;                          ///< of the last step, for layer_states()
  int threads = 1;                                      ///< of a session of its own
  int keyframe_interval = 0;                            ///< steps between keyframes; 0 keeps none
  std::size_t keyframe_bytes = std::size_t{256} << 20;  ///< that all keyframes may take
  /// Fed after the prompt instead of what is drawn, as long as they last.
  std::vector<int> forced;
  /// Knobs to set before these steps.
  std::map<std::int64_t, Knobs> knob_schedule;
};

/// One sequence from its prompt on, with its twin and its history: what the window watches and what
/// `generate` prints. Steps are deterministic, so any earlier step can be reached again from a
/// keyframe. Its lanes are those of a session that several runs may share.
class WatchedRun {
 public:
  /// Throws Error on an empty or too long prompt, UsageError on knobs that contradict each other.
  WatchedRun(std::shared_ptr<Session> session, RunOptions options);
  /// In a session of its own.
  WatchedRun(const std::shared_ptr<const Model>& model, RunOptions options);
  ~WatchedRun();
  WatchedRun(const WatchedRun&) = delete;
  WatchedRun& operator=(const WatchedRun&) = delete;

  /// Takes effect before the next step.
  void set_knobs(const Knobs& knobs);

  /// The next forward pass: the prompt (in one pass or token by token), then one token at a time.
  /// Throws Error when at_context_end().
  StepRecord step();

  /// Whether the next steps of both can be one forward pass: runs of one session that feed the
  /// same prompt at once, or one token each.
  [[nodiscard]] bool can_step_with(const WatchedRun& other) const;
  /// The next step of both in one forward pass, so that every weight is read once. Each does what
  /// it would have done alone.
  static std::pair<StepRecord, StepRecord> step_together(WatchedRun& a, WatchedRun& b);

  /// The next step feeds this token instead of the one that was drawn.
  void take_token(int token);

  /// Takes these tokens after the prompt instead of what is drawn, up to the last, which is the
  /// next to be fed. Goes back to where they leave what was fed; knobs change again where they
  /// changed.
  void follow(std::vector<int> tokens);
  /// Whether steps are missing to where the tokens that it follows lead.
  [[nodiscard]] bool is_behind() const;

  /// Back to the state in which `steps` steps had been made; what came later is forgotten.
  void rewind(std::int64_t steps);
  /// Another run of the same session that has made the first `steps` steps of this one, and goes
  /// on by itself. Throws Error where that is not in the past, or no keyframes are kept.
  [[nodiscard]] std::unique_ptr<WatchedRun> fork_at(std::int64_t steps) const;

  [[nodiscard]] std::int64_t steps() const { return static_cast<std::int64_t>(inputs_.size()); }
  [[nodiscard]] bool prompt_pending() const;
  [[nodiscard]] bool at_context_end() const;
  /// The token that the next step feeds; empty before the prompt is in.
  [[nodiscard]] std::optional<int> next_token() const { return next_token_; }
  [[nodiscard]] const Lane& lane() const { return session_->lane(pair_.lane); }
  /// Null without one.
  [[nodiscard]] const Lane* twin() const {
    return pair_.twin ? &session_->lane(*pair_.twin) : nullptr;
  }
  [[nodiscard]] const Session& session() const { return *session_; }
  [[nodiscard]] const RunOptions& options() const { return options_; }
  [[nodiscard]] const Keyframes& keyframes() const { return keyframes_; }
  /// Knobs set so far, by the step before which they took effect.
  [[nodiscard]] const std::map<std::int64_t, Knobs>& knob_history() const { return knob_history_; }

 private:
  /// A step between its beginning and its end.
  struct OpenStep {
    std::vector<int> tokens;  ///< to be fed
    bool prompt = false;
    std::vector<KnobChange> changes;
  };
  using Inputs = std::vector<std::vector<int>>;

  /// As `original` was at one of its keyframes.
  WatchedRun(const WatchedRun& original, std::int64_t keyframe);

  OpenStep begin_step();
  StepRecord finish_step(OpenStep step);

  void keep_keyframe();
  void check_past(std::int64_t steps) const;
  /// Makes steps until `target` of them are made, feeding what was fed then.
  void replay(const Inputs& fed, std::int64_t target);
  [[nodiscard]] std::vector<int> next_input() const;
  void choose_next_token();
  /// Tokens fed after the prompt.
  [[nodiscard]] std::span<const int> generated() const;
  void force_next_token();

  RunOptions options_;
  std::shared_ptr<Session> session_;
  LanePair pair_;
  Foresight foresight_;
  std::optional<int> next_token_;
  Inputs inputs_;                               // tokens fed, by step
  std::map<std::int64_t, Knobs> knob_history_;  // step before which knobs were set
  Keyframes keyframes_;
};

}  // namespace sketchscope
