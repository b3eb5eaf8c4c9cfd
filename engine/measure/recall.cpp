#include "engine/measure/recall.hpp"

#include "engine/schedule/schedule.hpp"

namespace sketchscope::measure {
namespace {

schedule::LaneRequest request_of(const RecallQuestion& question, const RecallOptions& options,
                                 schedule::RunTotals& totals) {
  settings::Knobs knobs = options.knobs;
  knobs.temperature = 0;
  return {
      .lane = {.knobs = knobs, .audit = options.audit},
      .passage = {.prompt = question.context,
                  .given = question.question,
                  .drawn = {.tokens = static_cast<int>(question.answer.size())}},
      .on_step = [&totals](const schedule::LaneStep& step) { schedule::add_step(totals, step); }};
}

void add_answer(Recall& recall, const RecallAnswer& answer) {
  const auto count = [&](RecallCount& counted) {
    ++counted.asked;
    counted.right += answer.right ? 1 : 0;
  };
  for (std::size_t at = 0; at < kRecallDistances.size(); ++at) {
    if (kRecallDistances[at].holds(answer.distance)) count(recall.by_distance[at]);
  }
  if (answer.changed_fact) count(recall.changed_facts);
  recall.answers.push_back(answer);
}

}  // namespace

std::optional<Estimate> right_share(const RecallCount& count) {
  std::vector<Portion> portions(static_cast<std::size_t>(count.asked));
  for (std::size_t at = 0; at < static_cast<std::size_t>(count.right); ++at) portions[at].sum = 1;
  return estimate_mean(portions);
}

Recall measure_recall(std::shared_ptr<const model::Model> model,
                      std::span<const RecallQuestion> questions, const RecallOptions& options,
                      const core::ProgressSink& progress, std::stop_token stop) {
  Recall recall;
  std::vector<schedule::LaneGroup> groups;
  for (const RecallQuestion& question : questions) {
    schedule::check_length("recall question", static_cast<std::size_t>(question.length()),
                           model->config());
    groups.push_back({request_of(question, options, recall.totals)});
  }
  decode::Session session(std::move(model), options.threads);
  const schedule::ScheduleOutcome outcome = schedule::run_schedule(
      session,
      {.groups = groups,
       .lanes = static_cast<std::size_t>(options.lanes),
       .on_pass =
           [&](const schedule::SchedulePass& pass) { schedule::add_pass(recall.totals, pass); },
       .progress = progress},
      stop);
  recall.interrupted = outcome.interrupted;
  for (std::size_t at = 0; at < questions.size(); ++at) {
    if (outcome.groups[at].empty() || !outcome.groups[at].front().end) continue;
    add_answer(recall, {.distance = questions[at].distance,
                        .changed_fact = questions[at].changed_fact,
                        .right = outcome.groups[at].front().drawn == questions[at].answer});
  }
  return recall;
}

}  // namespace sketchscope::measure
