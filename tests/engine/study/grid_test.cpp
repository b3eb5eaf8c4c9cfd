#include "engine/study/grid.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <set>

#include "engine/core/error.hpp"
#include "engine/settings/byte_budget.hpp"

namespace sketchscope::study {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using Json = nlohmann::json;

const model::ModelConfig kModel = {.layers = 6, .heads = 6, .width = 192};

Grid builtin(std::string_view name, Extent extent) {
  const auto found = std::ranges::find(builtin_grids(), name, &BuiltinGrid::name);
  return grid_from_json(Json::parse(found->json), name, extent, kModel);
}

Grid from(const char* json) {
  return grid_from_json(Json::parse(json), "my.json", Extent::as_given, kModel);
}

void expect_refused(const char* json, const ::testing::Matcher<std::string>& message) {
  try {
    from(json);
    ADD_FAILURE() << "not refused: " << json;
  } catch (const core::UsageError& error) {
    EXPECT_THAT(std::string(error.what()), message);
  }
}

TEST(Grid, OfTheOriginalIdeaHas144PointsAndItsBaselines) {
  const Grid grid = builtin("original", Extent::quick);
  const auto points = std::ranges::count(grid.configurations, "", &Configuration::baseline);
  EXPECT_EQ(points, 144);
  std::set<std::string> names, baselines;
  for (const Configuration& one : grid.configurations) {
    EXPECT_TRUE(names.insert(one.name).second) << one.name;
    if (one.baseline.empty()) {
      EXPECT_EQ(one.knobs.policy.name(), "sketch");
      EXPECT_EQ(one.knobs.recent_window * 4, one.knobs.max_cache_size);
    } else {
      baselines.insert(one.baseline);
    }
  }
  EXPECT_THAT(baselines, ::testing::ElementsAre("full", "int8", "window"));
  EXPECT_EQ(grid.workload.prompts, 3);
  EXPECT_THAT(grid.workload.lengths, ::testing::ElementsAre(256));
  EXPECT_EQ(builtin("original", Extent::full).workload.lengths.size(), 3U);
}

TEST(Grid, NamesCarryEveryKnobThatVariesAndNoOther) {
  const Grid grid = from(R"({"base": {"policy": "tova"},
      "blocks": [{"max_cache_size": [64, 128], "kv": ["f32", "int4"], "sinks": 2}],
      "quick": {"text_tokens": 100}})");
  std::vector<std::string> names;
  for (const Configuration& one : grid.configurations) {
    names.push_back(one.name);
    EXPECT_EQ(one.knobs.policy.name(), "tova");
    EXPECT_EQ(one.knobs.sinks, 2);
  }
  EXPECT_THAT(names, ::testing::UnorderedElementsAre(
                         "max_cache_size=64,kv=f32", "max_cache_size=64,kv=int4",
                         "max_cache_size=128,kv=f32", "max_cache_size=128,kv=int4"));
}

TEST(Grid, TakesAPointThatTwoBlocksNameOnce) {
  const Grid grid = from(R"({"blocks": [{"read_k": [32, 64]}, {"read_k": 64}],
                             "quick": {"text_tokens": 100}})");
  EXPECT_EQ(grid.configurations.size(), 2U);
}

TEST(Grid, LetsABaselineHaveKnobsAndListsOfItsOwn) {
  const Grid grid = from(R"({"baselines": ["full", {"name": "window", "max_cache_size": [64, 128]},
                                           {"name": "mine", "policy": "tova"}],
                             "quick": {"text_tokens": 100}})");
  ASSERT_EQ(grid.configurations.size(), 4U);
  EXPECT_EQ(grid.configurations[0].knobs.policy.name(), "full");
  EXPECT_EQ(grid.configurations[1].name, "baseline=window,max_cache_size=64");
  EXPECT_EQ(grid.configurations[2].knobs.policy.name(), "window");
  EXPECT_EQ(grid.configurations[3].knobs.policy.name(), "tova");
}

TEST(Grid, ComparesWithABaselineAtEachCapacityOfTheBlocks) {
  const auto baselines = [](const char* json) {
    std::vector<std::string> names;
    for (const Configuration& one : from(json).configurations) {
      if (!one.baseline.empty()) names.push_back(one.name);
    }
    return names;
  };
  EXPECT_THAT(
      baselines(R"({"blocks": [{"policy": ["tova", "sketch"], "max_cache_size": [32, 64],
                                "recent_window": {"share": 0.25, "of": "max_cache_size"}},
                               {"policy": "sketch", "bytes_of_capacity": [64, 96],
                                "recent_window": {"share": 0.25, "of": "max_cache_size"}}],
                    "baselines": ["full", "window"], "quick": {"text_tokens": 100}})"),
      ::testing::ElementsAre("baseline=full", "baseline=window,max_cache_size=32,recent_window=8",
                             "baseline=window,max_cache_size=64,recent_window=16",
                             "baseline=window,max_cache_size=96,recent_window=24"))
      << "in equal bytes, at the window's own capacity";
  EXPECT_THAT(baselines(R"({"blocks": [{"max_cache_size": [32, 64], "recent_window": [8, 4]}],
                            "baselines": [{"name": "window", "recent_window": 2}],
                            "quick": {"text_tokens": 100}})"),
              ::testing::ElementsAre("baseline=window,max_cache_size=32",
                                     "baseline=window,max_cache_size=64"));
  EXPECT_THAT(baselines(R"({"base": {"max_cache_size": 48}, "blocks": [{"sketch_depth": [2, 4]}],
                            "baselines": ["window"], "quick": {"text_tokens": 100}})"),
              ::testing::ElementsAre("baseline=window"));
}

TEST(Grid, OfCountersGivesASmallSketchMoreSlotsThanExactCountersInTheSameBytes) {
  const Grid grid = builtin("counters", Extent::quick);
  const auto slots = [&](policy::PolicyChoice policy) {
    const auto found = std::ranges::find(grid.configurations, policy,
                                         [](const Configuration& one) { return one.knobs.policy; });
    settings::Knobs window = found->knobs;
    window.policy = "window";
    const std::size_t budget = settings::lane_bytes(kModel, window).at(72);
    EXPECT_LE(settings::lane_bytes(kModel, found->knobs).at(found->knobs.max_cache_size), budget);
    EXPECT_GT(settings::lane_bytes(kModel, found->knobs).at(found->knobs.max_cache_size + 1),
              budget);
    return found->knobs.max_cache_size;
  };
  EXPECT_GT(slots("sketch"), slots("heavy-hitter"));
}

TEST(Grid, GivesPoliciesTheSlotsThatEqualBytesLeaveThem) {
  const Grid grid = from(R"({"blocks": [{"policy": ["window", "sketch"], "bytes_of_capacity": 64,
                                         "recent_window": {"share": 0.5, "of": "max_cache_size"}}],
                             "quick": {"text_tokens": 100}})");
  ASSERT_EQ(grid.configurations.size(), 2U);
  EXPECT_EQ(grid.configurations[0].knobs.max_cache_size, 64);
  const settings::Knobs& sketch = grid.configurations[1].knobs;
  EXPECT_EQ(sketch.max_cache_size,
            settings::capacity_within(kModel, sketch,
                                      settings::lane_bytes(kModel, {.policy = "window"}).at(64)));
  EXPECT_LT(sketch.max_cache_size, 64);
  EXPECT_EQ(sketch.recent_window, (sketch.max_cache_size + 1) / 2);
}

TEST(Grid, SaysWhatIsUnknownAndWhatIsNearest) {
  expect_refused(
      R"({"blocks": [{"sketch_widht": [1]}], "quick": {"text_tokens": 9}})",
      AllOf(HasSubstr("my.json"), HasSubstr("'sketch_widht'"), HasSubstr("nearest: sketch_width")));
  expect_refused(R"({"bloks": [], "quick": {"text_tokens": 9}})",
                 AllOf(HasSubstr("'bloks'"), HasSubstr("nearest: blocks")));
  expect_refused(R"({"blocks": [{}], "quick": {"text_token": 9}})",
                 AllOf(HasSubstr("'text_token'"), HasSubstr("nearest: text_tokens")));
  expect_refused(R"({"baselines": ["ful"], "quick": {"text_tokens": 9}})",
                 AllOf(HasSubstr("ful"), HasSubstr("full, window, int8")));
}

TEST(Grid, RefusesWhatMakesNoSense) {
  std::string many = "[1";
  for (int i = 2; i < 100; ++i) many += "," + std::to_string(i);
  many += "]";
  expect_refused(R"({"blocks": [{"temperature": [0.5, 1]}], "quick": {"text_tokens": 9}})",
                 AllOf(HasSubstr("'temperature'"), HasSubstr("greedily")));
  expect_refused(R"({"blocks": [{"max_cache_size": [4]}], "quick": {"text_tokens": 9}})",
                 HasSubstr("sinks"));
  expect_refused(R"({"blocks": [{"sketch_width": []}], "quick": {"text_tokens": 9}})",
                 HasSubstr("at least one value"));
  expect_refused((R"({"blocks": [{"sinks": )" + many + R"(, "recent_window": )" + many +
                  R"(, "max_cache_size": )" + many + R"(}], "quick": {"text_tokens": 9}})")
                     .c_str(),
                 HasSubstr("20000 combinations"));
  expect_refused(R"({"blocks": [{"sketch_width": 99999999}], "quick": {"text_tokens": 9}})",
                 HasSubstr("65536"));
  expect_refused(R"({"blocks": [{}]})", HasSubstr("workload"));
  expect_refused(R"({"blocks": [{}], "quick": {}})", HasSubstr("at least one of prompts"));
  expect_refused(R"({"blocks": [{}], "quick": {"prompts": 1, "lengths": [8], "new_tokens": 8}})",
                 AllOf(HasSubstr("length 8"), HasSubstr("new_tokens 8")));
  expect_refused(R"({"quick": {"text_tokens": 9}})", HasSubstr("without configurations"));
  expect_refused(R"({"base": {"target": "logit-kl"}, "blocks": [{}],
                     "quick": {"text_tokens": 9, "questions": 1}})",
                 AllOf(HasSubstr("target"), HasSubstr("text_tokens alone")));
  expect_refused(R"([1])", HasSubstr("JSON object"));
}

TEST(Grid, RefusesAnExtentThatItDoesNotHave) {
  const Json json = Json::parse(R"({"blocks": [{}], "quick": {"text_tokens": 9}})");
  EXPECT_THROW(grid_from_json(json, "my.json", Extent::full, kModel), core::UsageError);
  EXPECT_EQ(grid_from_json(json, "my.json", Extent::quick, kModel).workload.text_tokens, 9);
}

}  // namespace
}  // namespace sketchscope::study
