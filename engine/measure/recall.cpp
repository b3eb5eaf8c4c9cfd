#include "engine/measure/recall.hpp"

#include <algorithm>
#include <string>

#include "engine/core/error.hpp"
#include "engine/decode/session.hpp"
#include "engine/schedule/record_builder.hpp"

namespace sketchscope {
namespace {

// A question on its way through the model.
struct Asked {
  const RecallQuestion* question = nullptr;
  std::size_t index = 0;
  LaneId lane = 0;
  std::vector<int> tokens;  ///< to be fed, then those answered
  std::size_t fed = 0;
  std::size_t asked_at = 0;  ///< number of tokens before the answer
};

class Examiner {
 public:
  Examiner(std::shared_ptr<const Model> model, std::span<const RecallQuestion> questions,
           const RecallOptions& options)
      : options_(options),
        session_(std::move(model), options.threads),
        questions_(questions),
        answers_(questions.size()) {}

  Recall run(const std::function<void(double)>& progress, const std::stop_token& stop) {
    while (true) {
      admit();
      result_.interrupted = !asked_.empty() && stop.stop_requested();
      if (asked_.empty() || result_.interrupted) break;
      step();
      if (progress) {
        progress(static_cast<double>(next_ - asked_.size()) /
                 static_cast<double>(questions_.size()));
      }
    }
    for (const auto& answer : answers_) {
      if (answer) result_.answers.push_back(*answer);
    }
    return std::move(result_);
  }

 private:
  void admit() {
    while (static_cast<int>(asked_.size()) < options_.lanes && next_ < questions_.size()) {
      const RecallQuestion& question = questions_[next_];
      check(question);
      Asked asked{.question = &question, .index = next_++, .tokens = question.context};
      asked.tokens.insert(asked.tokens.end(), question.question.begin(), question.question.end());
      asked.asked_at = asked.tokens.size();
      Knobs knobs = options_.knobs;
      knobs.temperature = 0;
      asked.lane = session_.add_lane({.knobs = knobs, .audit = options_.audit});
      if (knobs.prefill != Prefill::stream && !question.context.empty()) {
        session_.prefill(asked.lane, question.context);
        asked.fed = question.context.size();
        account(asked, question.context.size());
      }
      asked_.push_back(std::move(asked));
    }
  }

  void check(const RecallQuestion& question) const {
    const int positions = session_.model().config().positions;
    if (question.length() <= positions) return;
    throw Error({.what = "recall question",
                 .found = std::to_string(question.length()) + " tokens",
                 .expected = "at most " + std::to_string(positions) + " (n_positions)",
                 .remedy = "Ask a model with a longer context"});
  }

  void step() {
    std::vector<LaneInput> inputs;
    for (const Asked& asked : asked_) {
      hold_target(session_, {.lane = asked.lane});
      inputs.push_back({.lane = asked.lane, .token = asked.tokens[asked.fed]});
    }
    session_.step(inputs);
    result_.totals.add_pass(session_.times(), inputs.size());
    for (Asked& asked : asked_) {
      ++asked.fed;
      account(asked, 0);
      Lane& lane = session_.lane(asked.lane);
      if (asked.fed == asked.tokens.size()) asked.tokens.push_back(lane.draw_token());
    }
    std::erase_if(asked_, [&](const Asked& asked) { return finished(asked); });
  }

  void account(const Asked& asked, std::size_t prompt_tokens) {
    Lane& lane = session_.lane(asked.lane);
    if (prompt_tokens > 0) result_.totals.add_pass(session_.times(), prompt_tokens);
    result_.totals.add_layers(describe_layers(lane));
    result_.totals.add_evictions(lane.take_evictions());
  }

  bool finished(const Asked& asked) {
    const auto& answer = asked.question->answer;
    if (asked.tokens.size() < asked.asked_at + answer.size()) return false;
    const auto said = std::span(asked.tokens).subspan(asked.asked_at);
    const bool right = std::ranges::equal(said, answer);
    count(*asked.question, right);
    answers_[asked.index] = RecallAnswer{.distance = asked.question->distance,
                                         .changed_fact = asked.question->changed_fact,
                                         .right = right};
    result_.totals.add_memory(memory_of(session_, session_.lane(asked.lane)));
    result_.totals.add_lane(session_.lane(asked.lane));
    session_.remove(asked.lane);
    return true;
  }

  void count(const RecallQuestion& question, bool right) {
    const auto add = [right](RecallCount& count) {
      ++count.asked;
      count.right += right ? 1 : 0;
    };
    for (std::size_t at = 0; at < kRecallDistances.size(); ++at) {
      if (kRecallDistances[at].holds(question.distance)) add(result_.by_distance[at]);
    }
    if (question.changed_fact) add(result_.changed_facts);
  }

  const RecallOptions& options_;
  Session session_;
  std::span<const RecallQuestion> questions_;
  std::vector<Asked> asked_;
  std::vector<std::optional<RecallAnswer>> answers_;  // by question; empty until it is answered
  std::size_t next_ = 0;
  Recall result_;
};

}  // namespace

std::optional<Estimate> right_share(const RecallCount& count) {
  std::vector<Portion> portions(static_cast<std::size_t>(count.asked));
  for (std::size_t at = 0; at < static_cast<std::size_t>(count.right); ++at) portions[at].sum = 1;
  return estimate_mean(portions);
}

std::optional<Estimate> right_difference(std::span<const RecallAnswer> answers,
                                         std::span<const RecallAnswer> full,
                                         const RecallDistance& distance) {
  if (!std::ranges::equal(answers, full, {}, &RecallAnswer::distance, &RecallAnswer::distance)) {
    throw Error({.what = "answers to different questions",
                 .found = std::to_string(answers.size()) + " and " + std::to_string(full.size()),
                 .expected = "the same questions in the same order"});
  }
  std::vector<Portion> portions;
  for (std::size_t at = 0; at < answers.size(); ++at) {
    if (!distance.holds(answers[at].distance)) continue;
    portions.push_back({.sum = static_cast<double>(answers[at].right) - full[at].right});
  }
  return estimate_mean(portions);
}

Recall measure_recall(std::shared_ptr<const Model> model, std::span<const RecallQuestion> questions,
                      const RecallOptions& options, const std::function<void(double)>& progress,
                      std::stop_token stop) {
  return Examiner(std::move(model), questions, options).run(progress, stop);
}

}  // namespace sketchscope
