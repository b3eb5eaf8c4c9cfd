#include "gui/cli/recall_command.hpp"

#include <iostream>
#include <nlohmann/json.hpp>

#include "engine/measure/recall.hpp"
#include "engine/train/recall_items.hpp"
#include "gui/cli/interrupt.hpp"
#include "gui/cli/json_output.hpp"
#include "gui/cli/progress.hpp"
#include "gui/cli/run_json.hpp"
#include "gui/cli/run_summary.hpp"

namespace sketchscope {
namespace {

constexpr int kItemsMaximum = 10'000;
constexpr int kLanesMaximum = 1024;

nlohmann::json recall_json(const Knobs& knobs, const Recall& recall) {
  nlohmann::json by_distance = nlohmann::json::array();
  for (std::size_t at = 0; at < kRecallDistances.size(); ++at) {
    by_distance.push_back({{"from", kRecallDistances[at].from},
                           {"to", kRecallDistances[at].to},
                           {"asked", recall.by_distance[at].asked},
                           {"right", recall.by_distance[at].right}});
  }
  nlohmann::json result = result_json(recall.totals);
  result["by_distance"] = by_distance;
  result["changed_facts"] = {{"asked", recall.changed_facts.asked},
                             {"right", recall.changed_facts.right}};
  return {{"schema", "sketchscope/recall/1"},
          {"config", knobs_to_json(knobs)},
          {"result", std::move(result)},
          {"memory", memory_json(recall.totals)},
          {"timing", timing_json(recall.totals)}};
}

std::string share(const RecallCount& count) {
  return std::to_string(count.right) + " of " + std::to_string(count.asked);
}

void print_summary(std::ostream& stream, const Recall& recall) {
  if (recall.interrupted) stream << "Interrupted; this is what was measured until then.\n";
  for (std::size_t at = 0; at < kRecallDistances.size(); ++at) {
    const auto& [from, to] = kRecallDistances[at];
    print_line(stream, "right, " + std::to_string(from) + " to " + std::to_string(to),
               share(recall.by_distance[at]));
  }
  print_line(stream, "right, changed facts", share(recall.changed_facts));
  print_totals(stream, recall.totals);
}

}  // namespace

void RecallCommand::declare(Flags& flags) {
  flags.group("Run");
  flags.add("--items", items_, {1, kItemsMaximum}, "questions asked (default: 150)");
  flags.add("--lanes", lanes_, {1, kLanesMaximum}, "questions answered together (default: 8)");
  common_.declare_audit(flags);
  common_.declare_json(flags);
  common_.declare(flags);
}

void RecallCommand::run() {
  const Interrupt interrupt;
  const Knobs knobs = common_.knobs();
  const LoadedModel model = common_.open();
  JsonOutput json(common_.json());
  const auto questions = make_recall_items(
      tokenizer_of(model), {.items = items_, .context = model.model->config().positions});
  const Recall recall = [&] {
    Progress progress("recall");
    return measure_recall(
        model.model, questions,
        {.knobs = knobs, .audit = common_.audit(), .lanes = lanes_, .threads = common_.threads()},
        [&](double done) { progress.show(done); }, interrupt.token());
  }();
  json.write(recall_json(knobs, recall));
  print_summary(json.takes_standard_output() ? std::cerr : std::cout, recall);
}

}  // namespace sketchscope
