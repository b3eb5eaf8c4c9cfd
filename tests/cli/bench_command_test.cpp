#include <algorithm>
#include <map>
#include <string>

#include "tests/cli/command_fixture.hpp"

namespace sketchscope::support {
namespace {

using Json = nlohmann::json;
using BenchCommand = CommandFixture;

std::vector<std::string> keys_of(const Json& json) {
  std::vector<std::string> keys;
  for (const auto& item : json.items()) keys.push_back(item.key());
  return keys;
}

TEST_F(BenchCommand, WritesMachineAndRowsUnderTheirSchema) {
  const auto result = run_on_tiny_model({"bench", "decode", "--lanes", "1,3", "--rounds", "2",
                                         "--context", "9", "--dtype", "f16", "--json", "-"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const Json json = Json::parse(result.out);
  EXPECT_EQ(json.at("schema"), "sketchscope/bench/1");
  EXPECT_GT(json.at("machine").at("read_gb_per_s"), 0);
  EXPECT_GT(json.at("machine").at("gflop_per_s"), 0);
  const Json& rows = json.at("rows");
  ASSERT_EQ(rows.size(), 2U);
  for (const Json& row : rows) {
    EXPECT_THAT(keys_of(row),
                ::testing::UnorderedElementsAre("what", "lanes", "dtype", "context", "policy",
                                                "median_ms", "min_ms", "bytes", "bandwidth_share"));
    EXPECT_LE(row.at("min_ms"), row.at("median_ms"));
    EXPECT_EQ(row.at("dtype"), "f16");
    EXPECT_EQ(row.at("context"), 9);
  }
  EXPECT_EQ(rows[1].at("lanes"), 3);
  EXPECT_GT(rows[1].at("bytes"), rows[0].at("bytes"));
}

TEST_F(BenchCommand, MeasuresAPolicyBesideTheFullCacheAndWhatIsKeptToMeasure) {
  const auto result = run_on_tiny_model(
      {"bench", "decode", "--lanes", "1", "--rounds", "1", "--context", "20", "--dtype", "f32",
       "--policy", "sketch", "--max-cache-size", "12", "--recent-window", "4", "--json", "-"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  std::vector<std::string> policies;
  const Json json = Json::parse(result.out);
  for (const Json& row : json.at("rows")) policies.push_back(row.at("policy"));
  EXPECT_THAT(policies,
              ::testing::ElementsAre("full", "sketch", "sketch + audit", "sketch + audit + twin"));
}

TEST_F(BenchCommand, MeasuresPromptsAndTheWindow) {
  const auto prefill = run_on_tiny_model(
      {"bench", "prefill", "--context", "30", "--rounds", "1", "--dtype", "int8", "--json", "-"});
  ASSERT_EQ(prefill.exit_code, 0) << prefill.err;
  const Json row = Json::parse(prefill.out).at("rows").at(0);
  EXPECT_EQ(row.at("what"), "prefill");
  EXPECT_EQ(row.at("dtype"), "int8");
  EXPECT_EQ(row.at("context"), 30);

  const auto ui = run_on_tiny_model({"bench", "ui", "--rounds", "3", "--json", "-"});
  ASSERT_EQ(ui.exit_code, 0) << ui.err;
  const Json frame = Json::parse(ui.out).at("rows").at(0);
  EXPECT_EQ(frame.at("what"), "ui");
  EXPECT_GT(frame.at("min_ms"), 0);
  EXPECT_FALSE(frame.contains("bytes"));
}

TEST_F(BenchCommand, TimesTheWindowWithAsManyRunsAsAskedFor) {
  const auto ui =
      run_on_tiny_model({"bench", "ui", "--rounds", "3", "--lanes", "3", "--json", "-"});
  ASSERT_EQ(ui.exit_code, 0) << ui.err;
  const Json rows = Json::parse(ui.out).at("rows");
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].at("lanes"), 3);
  expect_refused(run_on_tiny_model({"bench", "ui", "--lanes", "9"}), 2, {"found 9", "at most 8"});
}

TEST_F(BenchCommand, MeasuresHowLongAnEarlierStepTakesToReach) {
  const auto seek = run_on_tiny_model({"bench", "seek", "--rounds", "5", "--json", "-"});
  ASSERT_EQ(seek.exit_code, 0) << seek.err;
  const Json rows = Json::parse(seek.out).at("rows");
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].at("what"), "seek");
  EXPECT_GE(rows[1].at("min_ms"), rows[0].at("median_ms")) << "the slowest";
}

TEST_F(BenchCommand, MeasuresWhatPublishingAddsToAWatchedStep) {
  const auto publish = run_on_tiny_model(
      {"bench", "publish", "--rounds", "4", "--context", "9", "--dtype", "f32", "--json", "-"});
  ASSERT_EQ(publish.exit_code, 0) << publish.err;
  const Json rows = Json::parse(publish.out).at("rows");
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].at("what"), "watched step");
  EXPECT_EQ(rows[1].at("what"), "publishing");
  EXPECT_GT(rows[1].at("min_ms"), 0);
}

TEST_F(BenchCommand, WritesATraceOfEveryStep) {
  const auto file = output() / "trace.json";
  const auto result =
      run_on_tiny_model({"bench", "decode", "--lanes", "2", "--rounds", "1", "--context", "9",
                         "--dtype", "f32", "--trace", file.string()});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const Json trace = Json::parse(read_bytes(file));
  int steps = 0;
  for (const Json& event : trace.at("traceEvents")) {
    if (event.at("name") == "decode f32, lanes: 2, full") ++steps;
  }
  EXPECT_EQ(steps, 2) << "one to warm up, one that counts";
}

TEST_F(BenchCommand, TellsOfEachOperationItsShareOfTheBoundThatLimitsIt) {
  const std::vector<std::string> arguments = {"bench",     "operations", "--rounds", "2",
                                              "--context", "9",          "--dtype",  "f32"};
  std::vector<std::string> for_json = arguments;
  for_json.insert(for_json.end(), {"--json", "-"});
  const auto measured = run_on_tiny_model(for_json);
  ASSERT_EQ(measured.exit_code, 0) << measured.err;
  const Json json = Json::parse(measured.out);
  std::map<std::string, Json> rows;
  for (const Json& row : json.at("rows")) rows[row.at("what").get<std::string>()] = row;
  ASSERT_TRUE(rows.contains("step: vocabulary"));
  const Json& head = rows.at("step: vocabulary");
  const double least_ms = std::max(
      head.at("bytes").get<double>() / json.at("machine").at("read_gb_per_s").get<double>() / 1e6,
      2.0 * 16 * 260 / json.at("machine").at("gflop_per_s").get<double>() / 1e6);
  EXPECT_NEAR(head.at("bound_share"), least_ms / head.at("median_ms").get<double>(), 1e-6);
  EXPECT_FALSE(rows.at("step: store").contains("bound_share")) << "its bytes are not counted";
  const auto printed = run_on_tiny_model(arguments);
  ASSERT_EQ(printed.exit_code, 0) << printed.err;
  EXPECT_THAT(printed.out, ::testing::AllOf(::testing::HasSubstr("of bound"),
                                            ::testing::HasSubstr("step: vocabulary")));
}

TEST_F(BenchCommand, RefusesAnUnknownBenchmarkAndAListThatIsNone) {
  expect_refused(run({"bench", "everything"}), 2, {"WHAT", "'everything'", "decode"});
  expect_refused(run_on_tiny_model({"bench", "decode", "--lanes", "1,many"}), 2,
                 {"--lanes", "'many'", "1,8,20"});
}

}  // namespace
}  // namespace sketchscope::support
