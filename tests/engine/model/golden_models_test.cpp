#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <numeric>

#include "engine/core/files.hpp"
#include "engine/model/model_directory.hpp"
#include "tests/support/full_attention.hpp"

namespace sketchscope {
namespace {

/// The results of Hugging Face's GPT-2 for a checkpoint written by scripts/make_golden.py.
struct Golden {
  std::vector<int> tokens;
  std::vector<int> greedy;
  std::vector<float> logits;  // (N, V)
};

std::filesystem::path golden_folder() {
  return std::filesystem::path(SKETCHSCOPE_SOURCE_DIR) / "tests/golden/models";
}

Golden read_golden(const std::filesystem::path& folder) {
  const nlohmann::json json = read_json_object(folder / "expected.json");
  Golden golden = {.tokens = json.at("tokens"), .greedy = json.at("greedy"), .logits = {}};
  for (const auto& row : json.at("logits")) {
    const std::vector<float> values = row;
    golden.logits.insert(golden.logits.end(), values.begin(), values.end());
  }
  return golden;
}

/// Logits of a whole sequence from one pass, (N, V).
std::vector<float> logits_of(const Model& model, const std::vector<int>& tokens) {
  std::vector<InputRow> rows;
  for (const int token : tokens) {
    rows.push_back({token, static_cast<int>(rows.size())});
  }
  std::vector<float> logits(tokens.size() * static_cast<std::size_t>(model.config().vocabulary));
  ThreadPool pool(2);
  Activations activations;
  support::FullAttention attention(model.config());
  model.forward(pool, {.rows = rows, .logits = logits}, attention, activations);
  return logits;
}

std::vector<int> greedy_continuation(const Model& model, std::vector<int> tokens,
                                     std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    const std::vector<float> logits = logits_of(model, tokens);
    const auto last = logits.end() - model.config().vocabulary;
    tokens.push_back(static_cast<int>(std::max_element(last, logits.end()) - last));
  }
  return {tokens.end() - static_cast<std::ptrdiff_t>(count), tokens.end()};
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
  const LoadedModel loaded_ = open_model(folder_, WeightDtype::as_stored, {});
};

TEST_P(GoldenModel, HasTheLogitsOfHuggingFace) {
  const std::vector<float> logits = logits_of(*loaded_.model, golden_.tokens);
  ASSERT_EQ(logits.size(), golden_.logits.size());
  float largest = 0.0F;
  float difference = 0.0F;
  for (std::size_t i = 0; i < logits.size(); ++i) {
    largest = std::max(largest, std::abs(golden_.logits[i]));
    difference = std::max(difference, std::abs(logits[i] - golden_.logits[i]));
  }
  EXPECT_LE(difference, 2e-5F * largest);
}

TEST_P(GoldenModel, ContinuesGreedilyAsHuggingFaceDoes) {
  EXPECT_EQ(greedy_continuation(*loaded_.model, golden_.tokens, golden_.greedy.size()),
            golden_.greedy);
}

INSTANTIATE_TEST_SUITE_P(EveryCheckpoint, GoldenModel, ::testing::ValuesIn(golden_names()),
                         [](const auto& instance) {
                           std::string name = instance.param;
                           std::erase_if(name, [](char c) { return std::isalnum(c) == 0; });
                           return name;
                         });

TEST(GoldenModels, HoldTheirWeightsAsStoredUnlessAnotherTypeIsAskedFor) {
  const auto name = [](const std::string& folder, WeightDtype dtype) {
    return open_model(golden_folder() / folder, dtype, {}).model->dtype_name();
  };
  EXPECT_EQ(name("plain", WeightDtype::as_stored), "f32");
  EXPECT_EQ(name("f16", WeightDtype::as_stored), "f16");
  EXPECT_EQ(name("bf16", WeightDtype::as_stored), "bf16");
  EXPECT_EQ(name("pickled-f16", WeightDtype::as_stored), "f16");
  EXPECT_EQ(name("bf16", WeightDtype::f32), "f32");
  EXPECT_EQ(name("plain", WeightDtype::bf16), "bf16");
  EXPECT_EQ(name("f16", WeightDtype::int8), "int8");
}

TEST(GoldenModels, StayCloseToTheTruthInEveryWeightType) {
  const Golden golden = read_golden(golden_folder() / "plain");
  const auto error = [&](WeightDtype dtype) {
    const LoadedModel loaded = open_model(golden_folder() / "plain", dtype, {});
    const std::vector<float> logits = logits_of(*loaded.model, golden.tokens);
    return std::transform_reduce(
        logits.begin(), logits.end(), golden.logits.begin(), 0.0F,
        [](float a, float b) { return std::max(a, b); },
        [](float a, float b) { return std::abs(a - b); });
  };
  EXPECT_LT(error(WeightDtype::f32), 1e-4F);
  EXPECT_LT(error(WeightDtype::f16), 0.05F);
  EXPECT_GT(error(WeightDtype::f16), error(WeightDtype::f32));
  EXPECT_LT(error(WeightDtype::bf16), 0.5F);
  EXPECT_GT(error(WeightDtype::bf16), error(WeightDtype::f16));
  EXPECT_LT(error(WeightDtype::int8), 0.5F);
  EXPECT_GT(error(WeightDtype::int8), error(WeightDtype::f16));
}

}  // namespace
}  // namespace sketchscope
