#include "engine/record/step_record.hpp"

#include <gmock/gmock.h>

#include <limits>
#include <nlohmann/json.hpp>

#include "engine/record/record_fields.hpp"
#include "engine/record/run_records.hpp"
#include "tests/support/invented_run.hpp"

namespace sketchscope::record {
namespace {

TEST(StepRecordJson, CarriesWhatTheStepDid) {
  StepRecord record{.step = 7, .position = 9, .tokens = {3}, .token_rank = 2, .logit_kl = 0.25};
  record.layers = {{.stored = 5, .retained_mass = 0.5}};
  record.evictions = {{.layer = 1,
                       .position = 4,
                       .token = 11,
                       .score = 0.125F,
                       .reason = EvictionReason::capacity_lowered}};
  record.changes = {{.knob = "sinks", .from = "4", .to = "2", .note = {}}};

  const auto json = step_record_to_json(record);
  EXPECT_EQ(json.at("step"), 7);
  EXPECT_EQ(json.at("token_rank"), 2);
  EXPECT_EQ(json.at("logit_kl"), 0.25);
  EXPECT_EQ(json.at("layers").at(0).at("stored"), 5);
  EXPECT_EQ(json.at("evictions").at(0).at("score"), 0.125);
  EXPECT_EQ(json.at("evictions").at(0).at("reason"), "capacity lowered");
  EXPECT_EQ(json.at("changes").at(0).at("knob"), "sinks");
}

TEST(StepRecordJson, LeavesOutWhatWasNotMeasuredOrIsNotFinite) {
  StepRecord record;
  record.layers = {{.stored = 1, .attention_kl = std::numeric_limits<double>::infinity()}};
  record.evictions = {{.score = std::numeric_limits<float>::quiet_NaN()}};
  const auto json = step_record_to_json(record);
  EXPECT_FALSE(json.contains("logit_kl"));
  EXPECT_FALSE(json.contains("token_rank"));
  EXPECT_FALSE(json.at("layers").at(0).contains("attention_kl"));
  EXPECT_FALSE(json.at("layers").at(0).contains("retained_mass"));
  EXPECT_FALSE(json.at("evictions").at(0).contains("score"));
  EXPECT_FALSE(json.at("memory").contains("device_used"));
  EXPECT_EQ(json.dump().find("null"), std::string::npos);
}

/// A record of invented numbers, every optional one of them measured or not as `measured` says.
StepRecord invented(std::uint64_t seed, bool measured) {
  test::InventedRun run({.layers = 2, .twin = measured, .audit = measured, .seed = seed});
  run.set("max_cache_size", "40");
  run.step();
  run.set("recent_window", "16");
  StepRecord record;
  for (int step = 0; step < 30; ++step) record = *run.step();
  return record;
}

TEST(StepRecordJson, HasTheNameOfEveryFieldAndNoOther) {
  const nlohmann::json json = step_record_to_json(invented(3, true));
  std::size_t expected =
      std::tuple_size_v<decltype(kRecordLists)> + std::tuple_size_v<decltype(kRecordParts)>;
  for_each_field<StepRecord>([&](const auto& field) {
    const std::string name(field.name);
    expected += json.contains(name) ? 1 : 0;
    EXPECT_TRUE(json.contains(name) ||
                ArrayCode<std::remove_cvref_t<decltype(StepRecord{}.*field.member)>>::kMayBeAbsent)
        << name;
  });
  EXPECT_EQ(json.size(), expected);
  EXPECT_EQ(json.at("memory").size(), kFieldCount<MemoryLedger> - 2) << "there is no device";
}

}  // namespace
}  // namespace sketchscope::record
