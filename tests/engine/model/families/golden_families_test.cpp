#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>

#include "engine/core/files.hpp"
#include "engine/decode/session.hpp"
#include "engine/model/families/family.hpp"
#include "engine/model/model.hpp"
#include "tests/support/named_weights.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/whole_text.hpp"

namespace sketchscope::model {
namespace {

using support::greedy_continuation;
using support::logits_of;
using support::named_weights;
using support::relative_difference;
using support::TemporaryDirectory;
using support::write_bytes;

std::filesystem::path families_folder() {
  return std::filesystem::path(SKETCHSCOPE_SOURCE_DIR) / "tests/golden/families";
}

/// The results of Hugging Face for a configuration and the weights that follow from its names,
/// written by scripts/make_golden_families.py.
struct GoldenFamily {
  ModelConfig config;
  std::vector<int> tokens;
  std::vector<int> greedy;
  std::vector<std::size_t> rows;           // that `logits` holds
  std::vector<std::vector<float>> logits;  // (rows, V)
};

GoldenFamily read_golden_family(const std::string& name) {
  const nlohmann::json json = core::read_json_object(families_folder() / (name + ".json"));
  const TemporaryDirectory directory;
  write_bytes(directory.path() / "config.json", json.at("config").dump());
  return {.config = read_model_config(directory.path()),
          .tokens = json.at("tokens"),
          .greedy = json.at("greedy"),
          .rows = json.at("rows"),
          .logits = json.at("logits")};
}

std::vector<std::string> golden_family_names() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(families_folder())) {
    names.push_back(entry.path().stem().string());
  }
  std::ranges::sort(names);
  return names;
}

class FamilyCase : public ::testing::TestWithParam<std::string> {
 protected:
  const GoldenFamily golden_ = read_golden_family(GetParam());
  const std::shared_ptr<const Model> model_ = std::make_shared<const Model>(
      golden_.config, named_weights(golden_.config, GetParam()), checkpoint::WeightDtype::f32);
};

constexpr float kTolerance = 2e-5F;

TEST_P(FamilyCase, HasTheLogitsOfHuggingFace) {
  const std::vector<float> logits = logits_of(*model_, golden_.tokens);
  for (std::size_t i = 0; i < golden_.rows.size(); ++i) {
    const std::vector<float>& expected = golden_.logits[i];
    const auto found =
        std::span(logits).subspan(golden_.rows[i] * expected.size(), expected.size());
    EXPECT_LE(relative_difference(found, expected), kTolerance) << "row " << golden_.rows[i];
  }
}

TEST_P(FamilyCase, ContinuesGreedilyAsHuggingFaceDoes) {
  EXPECT_EQ(greedy_continuation(*model_, golden_.tokens, golden_.greedy.size()), golden_.greedy);
}

TEST_P(FamilyCase, HasThemThroughTheCacheOfAPromptAndTokenByToken) {
  decode::Session session(model_, 2);
  const decode::LaneOptions full{.knobs = {.policy = "full"}};
  const decode::LaneId at_once = session.add_lane(full);
  const decode::LaneId by_token = session.add_lane(full);
  session.prefill(at_once, golden_.tokens);
  std::size_t row = 0;
  for (std::size_t position = 0; position < golden_.tokens.size(); ++position) {
    const decode::LaneInput input{.lane = by_token, .token = golden_.tokens[position]};
    session.step({&input, 1});
    if (position != golden_.rows[row]) continue;
    EXPECT_LE(relative_difference(session.lane(by_token).logits(), golden_.logits[row]), kTolerance)
        << "position " << position;
    ++row;
  }
  EXPECT_EQ(row, golden_.rows.size());
  EXPECT_LE(relative_difference(session.lane(at_once).logits(), golden_.logits.back()), kTolerance);
}

INSTANTIATE_TEST_SUITE_P(Golden, FamilyCase, ::testing::ValuesIn(golden_family_names()),
                         [](const auto& instance) {
                           std::string name = instance.param;
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

TEST(GoldenFamilies, CoverEveryFamilyButGpt2) {
  std::vector<ModelFamily> covered;
  for (const std::string& name : golden_family_names()) {
    covered.push_back(read_golden_family(name).config.family);
  }
  for (const Family& family : families()) {
    if (family.id == ModelFamily::gpt2) continue;
    EXPECT_THAT(covered, ::testing::Contains(family.id)) << family.name;
  }
}

}  // namespace
}  // namespace sketchscope::model
