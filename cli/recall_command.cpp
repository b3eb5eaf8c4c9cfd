#include <iostream>
#include <nlohmann/json.hpp>

#include "cli/common_options.hpp"
#include "cli/output.hpp"
#include "cli/result_output.hpp"
#include "cli/subcommand.hpp"
#include "engine/corpus/corpus.hpp"
#include "engine/measure/recall.hpp"
#include "engine/measure/run_json.hpp"

namespace sketchscope::cli {
namespace {

constexpr int kItemsMaximum = 10'000;

nlohmann::json count_json(const measure::RecallCount& count) {
  nlohmann::json json = {{"asked", count.asked}, {"right", count.right}};
  measure::set_estimate(json, "right_share", measure::right_share(count));
  return json;
}

nlohmann::json recall_json(const settings::Knobs& knobs, const measure::Recall& recall) {
  nlohmann::json by_distance = nlohmann::json::array();
  for (std::size_t at = 0; at < measure::kRecallDistances.size(); ++at) {
    nlohmann::json counted = count_json(recall.by_distance[at]);
    counted["from"] = measure::kRecallDistances[at].from;
    counted["to"] = measure::kRecallDistances[at].to;
    by_distance.push_back(std::move(counted));
  }
  nlohmann::json result = measure::result_json(recall.totals);
  result["by_distance"] = by_distance;
  result["changed_facts"] = count_json(recall.changed_facts);
  return {{"schema", "sketchscope/recall/1"},
          {"config", settings::knobs_to_json(knobs)},
          {"result", std::move(result)},
          {"memory", measure::memory_json(recall.totals)},
          {"timing", measure::timing_json(recall.totals)}};
}

std::string share(const measure::RecallCount& count) {
  const std::string counted = std::to_string(count.right) + " of " + std::to_string(count.asked);
  const auto estimate = measure::right_share(count);
  return estimate ? counted + ", " + text_of(*estimate, 2) : counted;
}

void print_summary(std::ostream& stream, const measure::Recall& recall) {
  for (std::size_t at = 0; at < measure::kRecallDistances.size(); ++at) {
    const auto& [from, to] = measure::kRecallDistances[at];
    print_line(stream, "right, " + std::to_string(from) + " to " + std::to_string(to),
               share(recall.by_distance[at]));
  }
  print_line(stream, "right, changed facts", share(recall.changed_facts));
  print_totals(stream, recall.totals);
}

/// `recall`: asks about facts stated far back, in tales of the embedded model's test split.
class RecallCommand final : public Subcommand {
 public:
  void declare(Flags& flags) override {
    flags.group("Run");
    flags.add("--items", items_, {1, kItemsMaximum}, "questions asked (default: 150)");
    flags.add("--lanes", lanes_, {1, kLanesMaximum}, "questions answered together (default: 8)");
    common_.declare_audit(flags);
    common_.declare_json(flags);
    common_.declare_max_bytes(flags);
    common_.declare(flags);
  }

  void run(const std::stop_token& stop) override {
    const model::LoadedModel model = common_.open(stop);
    const settings::Knobs knobs = common_.knobs(model);
    ResultOutput output(common_.json(), stop);
    const auto questions = corpus::make_recall_items(
        model::tokenizer_of(model), {.items = items_, .context = model.model->config().positions});
    const measure::Recall recall = measure::measure_recall(
        model.model, questions,
        {.knobs = knobs, .audit = common_.audit(), .lanes = lanes_, .threads = common_.threads()},
        Progress("recall").sink(), stop);
    output.write(recall_json(knobs, recall));
    output.print(recall.totals.passes() > 0,
                 [&](std::ostream& words) { print_summary(words, recall); });
  }

 private:
  CommonOptions common_;
  int items_ = 150;
  int lanes_ = 8;
};

}  // namespace

std::unique_ptr<Subcommand> make_recall_command() {
  return std::make_unique<RecallCommand>();
}

}  // namespace sketchscope::cli
