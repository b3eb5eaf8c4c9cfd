#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/core/random.hpp"
#include "engine/measure/recall.hpp"
#include "engine/study/grid.hpp"
#include "engine/study/material.hpp"
#include "engine/study/study_folder.hpp"
#include "engine/study/study_run.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/tiny_model.hpp"

namespace sketchscope::study {

inline constexpr const char* kGrid = R"({
  "base": {"sinks": 2},
  "blocks": [
    {"policy": ["sketch", "tova", "caote"], "max_cache_size": [8, 16], "recent_window": 3},
    {"policy": "sketch", "max_cache_size": 12, "recent_window": 3, "sketch_width": 8,
     "read": "aggregate", "prefill": ["stream", "full"]},
    {"policy": "heavy-hitter", "max_cache_size": 12, "recent_window": 3, "kv": "int8",
     "granularity": "head"},
    {"policy": "heavy-hitter", "max_cache_size": 8, "recent_window": 3, "target": "retained-mass",
     "target_value": 0.97}
  ],
  "baselines": ["full", "int8"],
  "quick": {"prompts": 2, "lengths": [24, 40], "new_tokens": 10, "text_tokens": 130,
            "questions": 3, "attention_every": 3}
})";

inline std::vector<int> tokens_of(std::uint64_t seed, int count) {
  core::SplitMix64 random(seed);
  std::vector<int> tokens;
  for (int i = 0; i < count; ++i) tokens.push_back(static_cast<int>(random.below(260)));
  return tokens;
}

inline std::vector<measure::RecallQuestion> invented_questions() {
  std::vector<measure::RecallQuestion> questions;
  for (int i = 0; i < 3; ++i) {
    questions.push_back({.context = tokens_of(10 + i, 30 + i),
                         .question = tokens_of(20 + i, 5),
                         .answer = tokens_of(30 + i, 2),
                         .distance = 100 * i,
                         .changed_fact = i == 1});
  }
  return questions;
}

/// A small study on random weights, in a folder of its own.
class StudyRun : public ::testing::Test {
 protected:
  StudyRun()
      : model_{.model = support::make_tiny_model(), .name = "tiny"},
        grid_(grid_from_json(nlohmann::json::parse(kGrid), "grid", Extent::quick,
                             support::TinyModelOptions{}.config)),
        material_(make_material(grid_.workload, model_, tokens_of(1, 200), invented_questions())) {}

  [[nodiscard]] Study study(int lanes = 64) const {
    return {.model = model_.model, .grid = grid_, .material = material_, .lanes = lanes};
  }

  [[nodiscard]] StudyFolder folder(StudyFolder::Existing existing) const {
    return {
        out(),
        grid_,
        {.version = "1", .model = "tiny", .material = material_.fingerprint(), .vocabulary = 259},
        existing};
  }

  void run(StudyFolder::Existing existing, int lanes = 64, const std::stop_token& stop = {}) const {
    StudyFolder folder = this->folder(existing);
    MemoryKeyStore store;
    conduct(study(lanes), store, folder, {}, {}, stop);
  }

  [[nodiscard]] std::filesystem::path out() const { return directory_.path() / "out"; }
  [[nodiscard]] std::filesystem::path result_file(const std::string& name) const {
    return out() / "results" / (name + ".json");
  }

  /// Returns a result without its times.
  [[nodiscard]] static std::string figures_of(nlohmann::json result) {
    result.erase("timing");
    return result.dump(1);
  }
  [[nodiscard]] std::map<std::string, std::string> all_figures() const {
    std::map<std::string, std::string> all;
    for (const nlohmann::json& result : read_study(out()).results) {
      all[result.at("name")] = figures_of(result);
    }
    return all;
  }

  model::LoadedModel model_;
  Grid grid_;
  StudyMaterial material_;
  support::TemporaryDirectory directory_;
};

}  // namespace sketchscope::study
