#include "engine/train/training_log.hpp"

#include <fstream>
#include <nlohmann/json.hpp>

#include "engine/core/error.hpp"

namespace sketchscope {
namespace {

using Json = nlohmann::ordered_json;

Json as_json(const RecallShare& share) {
  return {{"from", share.from}, {"to", share.to}, {"asked", share.asked}, {"right", share.right}};
}

Json as_json(const ValidationMeasure& measure) {
  Json by_distance = Json::array();
  for (const auto& share : measure.by_distance) by_distance.push_back(as_json(share));
  return {{"loss", measure.loss},
          {"by_distance", by_distance},
          {"changed_facts",
           {{"asked", measure.changed_facts.asked}, {"right", measure.changed_facts.right}}}};
}

}  // namespace

void append_to_log(const std::filesystem::path& file, const TrainingProgress& progress) {
  Json line = {{"step", progress.step},          {"tokens", progress.tokens},
               {"loss", progress.loss},          {"answer_loss", progress.answer_loss},
               {"rate", progress.learning_rate}, {"tokens_per_second", progress.tokens_per_second}};
  if (progress.validation) line["validation"] = as_json(*progress.validation);
  std::ofstream log(file, std::ios::app);
  log << line.dump() << '\n' << std::flush;
  if (!log) {
    throw Error({.what = "training log",
                 .found = file.string() + ", which cannot be written",
                 .remedy = "Name a folder with write permission and space on the disk."});
  }
}

}  // namespace sketchscope
