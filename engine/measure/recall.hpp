#pragma once

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <vector>

#include "engine/measure/bootstrap.hpp"
#include "engine/model/model.hpp"
#include "engine/schedule/run_totals.hpp"
#include "engine/settings/knobs.hpp"

namespace sketchscope {

/// Tokens between a fact and the question about it: from <= distance < to.
struct RecallDistance {
  int from = 0;
  int to = 0;

  [[nodiscard]] bool holds(int distance) const { return from <= distance && distance < to; }
};

inline constexpr std::array<RecallDistance, 3> kRecallDistances = {
    {{0, 100}, {100, 400}, {400, 900}}};

/// A question about something that was told before.
struct RecallQuestion {
  std::vector<int> context;   ///< what comes before the question
  std::vector<int> question;  ///< the question, and its answer up to the value asked for
  std::vector<int> answer;    ///< the value
  int distance = 0;           ///< tokens between the value's latest mention and the answer
  bool changed_fact = false;  ///< an older, now wrong value stands in the context too

  /// Positions needed to answer.
  [[nodiscard]] int length() const {
    return static_cast<int>(context.size() + question.size() + answer.size());
  }
};

struct RecallCount {
  int asked = 0;
  int right = 0;
};

/// How one question was answered.
struct RecallAnswer {
  int distance = 0;
  bool changed_fact = false;
  bool right = false;
};

struct RecallOptions {
  Knobs knobs;
  bool audit = true;
  int lanes = 8;  ///< questions that are answered together
  int threads = 1;
};

struct Recall {
  std::vector<RecallAnswer> answers;  ///< in the order asked
  std::array<RecallCount, kRecallDistances.size()> by_distance;
  RecallCount changed_facts;
  RunTotals totals;
  bool interrupted = false;
};

/// Share of right answers with its interval over questions; empty when nothing was asked.
std::optional<Estimate> right_share(const RecallCount& count);
/// The same among the questions of a distance, minus that of `full` on the same questions, paired.
/// Throws Error where other questions were asked.
std::optional<Estimate> right_difference(std::span<const RecallAnswer> answers,
                                         std::span<const RecallAnswer> full,
                                         const RecallDistance& distance);

/// Asks the questions under a capped cache: the context by the knobs' prefill, then the question
/// token by token, then the most likely tokens. Right is what equals the answer exactly.
/// `progress` hears the share done. Throws Error on a question longer than the model's context.
Recall measure_recall(std::shared_ptr<const Model> model, std::span<const RecallQuestion> questions,
                      const RecallOptions& options, const std::function<void(double)>& progress,
                      std::stop_token stop);

}  // namespace sketchscope
