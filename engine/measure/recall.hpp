#pragma once

#include <array>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <vector>

#include "engine/core/error.hpp"
#include "engine/measure/bootstrap.hpp"
#include "engine/model/model.hpp"
#include "engine/schedule/run_totals.hpp"
#include "engine/settings/knobs.hpp"

namespace sketchscope::measure {

/// A range of token distances between a fact and the question about it: from <= distance < to.
struct RecallDistance {
  int from = 0;
  int to = 0;

  [[nodiscard]] bool holds(int distance) const { return from <= distance && distance < to; }
};

inline constexpr std::array<RecallDistance, 3> kRecallDistances = {
    {{0, 100}, {100, 400}, {400, 900}}};

/// A question about a fact that was stated in its context.
struct RecallQuestion {
  std::vector<int> context;   ///< text before the question
  std::vector<int> question;  ///< question, and answer up to the value
  std::vector<int> answer;    ///< the value
  int distance = 0;           ///< tokens from the value's latest mention to the answer
  bool changed_fact = false;  ///< the context also contains an outdated value

  /// Returns the number of positions that asking and answering take.
  [[nodiscard]] int length() const {
    return static_cast<int>(context.size() + question.size() + answer.size());
  }
};

/// The number of questions and of right answers.
struct RecallCount {
  int asked = 0;
  int right = 0;
};

/// The answer to one question.
struct RecallAnswer {
  int distance = 0;
  bool changed_fact = false;
  bool right = false;
};

/// Options of measure_recall().
struct RecallOptions {
  settings::Knobs knobs;
  bool audit = true;
  int lanes = 8;  ///< questions that share a pass
  int threads = 1;
};

/// The results of measure_recall().
struct Recall {
  std::vector<RecallAnswer> answers;  ///< in the order of the questions
  std::array<RecallCount, kRecallDistances.size()> by_distance;
  RecallCount changed_facts;
  schedule::RunTotals totals;
  bool interrupted = false;
};

/// Returns the share of right answers with its interval over questions; empty without questions.
std::optional<Estimate> right_share(const RecallCount& count);

/// Asks the questions under a capped cache: the context is fed as the knob `prefill` says, then the
/// question token by token, and the answer is decoded greedily. An answer is right if it equals the
/// expected tokens exactly. Throws Error on a question longer than the model's context.
Recall measure_recall(std::shared_ptr<const model::Model> model,
                      std::span<const RecallQuestion> questions, const RecallOptions& options,
                      const core::ProgressSink& progress, std::stop_token stop);

}  // namespace sketchscope::measure
