#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <numeric>

#include "engine/core/files.hpp"
#include "engine/model/model_directory.hpp"
#include "tests/support/whole_text.hpp"

namespace sketchscope::model {
namespace {

/// The results of Hugging Face for a checkpoint that scripts/make_golden.py or
/// scripts/make_golden_families.py wrote.
struct Golden {
  std::vector<int> tokens;
  std::vector<int> greedy;
  std::vector<float> logits;  // (N, V)
};

std::filesystem::path golden_folder() {
  return std::filesystem::path(SKETCHSCOPE_SOURCE_DIR) / "tests/golden/models";
}

Golden read_golden(const std::filesystem::path& folder) {
  const nlohmann::json json = core::read_json_object(folder / "expected.json");
  Golden golden = {.tokens = json.at("tokens"), .greedy = json.at("greedy"), .logits = {}};
  for (const auto& row : json.at("logits")) {
    const std::vector<float> values = row;
    golden.logits.insert(golden.logits.end(), values.begin(), values.end());
  }
  return golden;
}

std::vector<std::string> golden_names() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(golden_folder())) {
    names.push_back(entry.path().filename().string());
  }
  std::ranges::sort(names);
  return names;
}

class GoldenModel : public ::testing::TestWithParam<std::string> {
 protected:
  const std::filesystem::path folder_ = golden_folder() / GetParam();
  const Golden golden_ = read_golden(folder_);
  const LoadedModel loaded_ = open_model(folder_, checkpoint::WeightDtype::as_stored);
};

TEST_P(GoldenModel, HasTheLogitsOfHuggingFace) {
  const std::vector<float> logits = support::logits_of(*loaded_.model, golden_.tokens);
  ASSERT_EQ(logits.size(), golden_.logits.size());
  EXPECT_LE(support::relative_difference(logits, golden_.logits), 2e-5F);
}

TEST_P(GoldenModel, ContinuesGreedilyAsHuggingFaceDoes) {
  EXPECT_EQ(support::greedy_continuation(*loaded_.model, golden_.tokens, golden_.greedy.size()),
            golden_.greedy);
}

INSTANTIATE_TEST_SUITE_P(EveryCheckpoint, GoldenModel, ::testing::ValuesIn(golden_names()),
                         [](const auto& instance) {
                           std::string name = instance.param;
                           std::erase_if(name, [](char c) { return std::isalnum(c) == 0; });
                           return name;
                         });

TEST(GoldenModels, HoldTheirWeightsAsStoredUnlessAnotherTypeIsAskedFor) {
  const auto name = [](const std::string& folder, checkpoint::WeightDtype dtype) {
    return open_model(golden_folder() / folder, dtype).model->dtype_name();
  };
  EXPECT_EQ(name("plain", checkpoint::WeightDtype::as_stored), "f32");
  EXPECT_EQ(name("f16", checkpoint::WeightDtype::as_stored), "f16");
  EXPECT_EQ(name("bf16", checkpoint::WeightDtype::as_stored), "bf16");
  EXPECT_EQ(name("pickled-f16", checkpoint::WeightDtype::as_stored), "f16");
  EXPECT_EQ(name("bf16", checkpoint::WeightDtype::f32), "f32");
  EXPECT_EQ(name("plain", checkpoint::WeightDtype::bf16), "bf16");
  EXPECT_EQ(name("f16", checkpoint::WeightDtype::int8), "int8");
}

TEST(GoldenModels, StayCloseToTheTruthInEveryWeightType) {
  const Golden golden = read_golden(golden_folder() / "plain");
  const auto error = [&](checkpoint::WeightDtype dtype) {
    const LoadedModel loaded = open_model(golden_folder() / "plain", dtype);
    const std::vector<float> logits = support::logits_of(*loaded.model, golden.tokens);
    return std::transform_reduce(
        logits.begin(), logits.end(), golden.logits.begin(), 0.0F,
        [](float a, float b) { return std::max(a, b); },
        [](float a, float b) { return std::abs(a - b); });
  };
  EXPECT_LT(error(checkpoint::WeightDtype::f32), 1e-4F);
  EXPECT_LT(error(checkpoint::WeightDtype::f16), 0.05F);
  EXPECT_GT(error(checkpoint::WeightDtype::f16), error(checkpoint::WeightDtype::f32));
  EXPECT_LT(error(checkpoint::WeightDtype::bf16), 0.5F);
  EXPECT_GT(error(checkpoint::WeightDtype::bf16), error(checkpoint::WeightDtype::f16));
  EXPECT_LT(error(checkpoint::WeightDtype::int8), 0.5F);
  EXPECT_GT(error(checkpoint::WeightDtype::int8), error(checkpoint::WeightDtype::f16));
}

}  // namespace
}  // namespace sketchscope::model
