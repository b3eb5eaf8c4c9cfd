#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "engine/session/record_builder.hpp"
#include "engine/session/session.hpp"
#include "engine/session/step_record.hpp"

namespace sketchscope {

struct RunOptions {
  Knobs knobs;
  std::vector<int> prompt;  ///< at least one token
  bool twin = false;
  bool audit = false;
  int threads = 1;
  int keyframe_interval = 0;  ///< steps between keyframes; 0 keeps none
  /// Fed after the prompt instead of what is drawn, as long as they last.
  std::vector<int> forced;
  /// Knobs to set before these steps.
  std::map<std::int64_t, Knobs> knob_schedule;
};

/// One sequence from its prompt on, with its twin and its history: what the window watches and what
/// `generate` prints. Steps are deterministic, so any earlier step can be reached again from a
/// keyframe.
class WatchedRun {
 public:
  /// Throws Error on an empty or too long prompt, UsageError on knobs that contradict each other.
  WatchedRun(std::shared_ptr<const Gpt2> model, RunOptions options);

  /// Takes effect before the next step.
  void set_knobs(const Knobs& knobs);

  /// The next forward pass: the prompt (in one pass or token by token), then one token at a time.
  /// Throws Error when at_context_end().
  StepRecord step();

  /// Takes these tokens after the prompt instead of what is drawn, up to the last, which is the
  /// next to be fed. Goes back to where they leave what was fed; knobs change again where they
  /// changed.
  void follow(std::vector<int> tokens);
  /// Whether steps are missing to where the tokens that it follows lead.
  [[nodiscard]] bool is_behind() const;

  /// Back to the state in which `steps` steps had been made; what came later is forgotten.
  void rewind(std::int64_t steps);

  [[nodiscard]] std::int64_t steps() const { return static_cast<std::int64_t>(inputs_.size()); }
  [[nodiscard]] bool prompt_pending() const;
  [[nodiscard]] bool at_context_end() const;
  /// The token that the next step feeds; empty before the prompt is in.
  [[nodiscard]] std::optional<int> next_token() const { return next_token_; }
  [[nodiscard]] const Lane& lane() const { return session_.lane(pair_.lane); }
  [[nodiscard]] const Session& session() const { return session_; }
  [[nodiscard]] const RunOptions& options() const { return options_; }
  /// Knobs set so far, by the step before which they took effect.
  [[nodiscard]] const std::map<std::int64_t, Knobs>& knob_history() const { return knob_history_; }

 private:
  struct Keyframe {
    Lane lane;
    std::optional<Lane> twin;
    Foresight foresight;
    std::optional<int> next_token;
  };

  void keep_keyframe();
  [[nodiscard]] std::vector<int> next_input() const;
  void feed(const std::vector<int>& tokens);
  void choose_next_token();
  /// Tokens fed after the prompt.
  [[nodiscard]] std::span<const int> generated() const;
  void force_next_token();

  RunOptions options_;
  Session session_;
  LanePair pair_;
  Foresight foresight_;
  std::optional<int> next_token_;
  std::vector<std::vector<int>> inputs_;        // tokens fed, by step
  std::map<std::int64_t, Knobs> knob_history_;  // step before which knobs were set
  std::map<std::int64_t, Keyframe> keyframes_;  // by number of steps made
};

}  // namespace sketchscope
