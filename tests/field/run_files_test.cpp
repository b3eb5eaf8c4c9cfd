#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <nlohmann/json.hpp>

#include "engine/core/error.hpp"
#include "engine/core/npz.hpp"
#include "engine/run/run_file.hpp"
#include "tests/support/invented_run.hpp"
#include "tests/support/temporary_directory.hpp"

namespace sketchscope::field {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using Json = nlohmann::json;

constexpr double kNoNumber = std::numeric_limits<double>::quiet_NaN();
constexpr double kEndless = std::numeric_limits<double>::infinity();

/// A saved run that another program changes.
class RunFiles : public ::testing::Test {
 protected:
  RunFiles() {
    test::InventedRunOptions options{.layers = 1};
    test::InventedRun run(options);
    run::SavedRun saved{.version = "1.2.3", .prompt = "In Oldford", .knobs = options.knobs};
    saved.model.name = "invented";
    saved.model.dtype = "f16";
    saved.model.config.layers = options.layers;
    saved.model.config.heads = saved.model.config.kv_heads = options.heads;
    saved.model.config.vocabulary = options.vocabulary;
    saved.model.config.positions = options.positions;
    for (int step = 0; step < 150; ++step) saved.records.push_back(run.step());
    saved.layers = run.state().layers;
    run::save_run(file_, saved);
    files_ = core::unzip(support::read_bytes(file_), "run.scope");
  }

  /// The message that opening the run ends in once one entry has other bytes; empty if it opens.
  [[nodiscard]] std::string message_with(const std::string& name, std::string bytes) const {
    core::ZipFiles files = files_;
    files[name] = std::move(bytes);
    support::write_bytes(file_, core::zip(files));
    return message();
  }

  [[nodiscard]] std::string message() const {
    try {
      (void)run::load_run(file_);
    } catch (const core::Error& error) {
      return error.what();
    }
    return {};
  }

  /// The message once the last number of an array is another.
  template <typename Number>
  [[nodiscard]] std::string message_with_last(const std::string& array, double value) const {
    const std::string name = array + ".npy";
    auto content = core::read_npy<Number>(files_.at(name), name);
    content.values.back() = static_cast<Number>(value);
    return message_with(name, core::npy_file<Number>(content.values, content.shape));
  }

  /// The message once an array has a number more.
  [[nodiscard]] std::string message_with_one_more(const std::string& array) const {
    const std::string name = array + ".npy";
    auto values = core::read_npy<float>(files_.at(name), name).values;
    values.push_back(0);
    return message_with(name, core::npy_file<float>(values, std::vector{values.size()}));
  }

  [[nodiscard]] std::string message_with_fact(const char* pointer, const Json& value) const {
    Json json = Json::parse(files_.at("run.json"));
    json[Json::json_pointer(pointer)] = value;
    return message_with("run.json", json.dump());
  }

 private:
  support::TemporaryDirectory directory_;
  std::filesystem::path file_ = directory_.path() / "run.scope";
  core::ZipFiles files_;
};

TEST_F(RunFiles, OpenWhereNothingIsWrong) {
  EXPECT_EQ(message(), "");
}

TEST_F(RunFiles, WithAFigureThatCannotBeAreRefusedWithItsArrayAndItsRange) {
  for (const auto& [array, value, range] :
       {std::tuple<const char*, double, const char*>{"steps/entropy", kNoNumber, "0 to any"},
        {"steps/entropy", -2, "0 to any"},
        {"steps/logit_kl", kEndless, "0 to any"},
        {"steps/global_eviction_ratio", 1.5, "0 to 1"},
        {"layers/retained_mass", 1.5, "0 to 1"},
        {"layers/attention_tv", -0.5, "0 to 1"},
        {"layers/output_cosine", -1.5, "-1 to 1"},
        {"times/total_ms", kNoNumber, "any finite number"}}) {
    EXPECT_THAT(message_with_last<double>(array, value),
                AllOf(HasSubstr("run.scope"), HasSubstr(array), HasSubstr(range)))
        << value;
  }
  EXPECT_THAT(message_with_last<float>("candidates/probability", 3e38), HasSubstr("0 to 1"));
  EXPECT_THAT(message_with_last<std::int64_t>("memory/kv_stored", -1),
              AllOf(HasSubstr("found -1 in memory/kv_stored"), HasSubstr("0 to any")));
  EXPECT_THAT(message_with_last<std::int32_t>("layers/capacity", -5), HasSubstr("layers/capacity"));
  EXPECT_THAT(message_with_last<std::uint8_t>("evictions/degenerate", 255), HasSubstr("0 to 1"));
}

TEST_F(RunFiles, WithFiguresThatWereNotMeasuredOpen) {
  EXPECT_EQ(message_with_last<double>("steps/logit_kl", kNoNumber), "");
  EXPECT_EQ(
      message_with_last<std::int32_t>("layers/capacity", std::numeric_limits<std::int32_t>::min()),
      "");
}

TEST_F(RunFiles, WithScoresOfAFormulaThatHasNoNumberOpen) {
  for (const double score : {kNoNumber, kEndless, -kEndless, -7.0}) {
    EXPECT_EQ(message_with_last<float>("evictions/score", score), "") << score;
  }
}

TEST_F(RunFiles, WithATokenOutsideTheVocabularyAreRefused) {
  for (const char* array : {"tokens", "evictions/token", "candidates/token"}) {
    for (const int token : {-1, 2'000'000'000}) {
      EXPECT_THAT(message_with_last<std::int32_t>(array, token), HasSubstr(std::to_string(token)))
          << array;
    }
  }
}

TEST_F(RunFiles, WithMorePositionsInATableThanTokensAreRefused) {
  EXPECT_THAT(message_with_last<std::int32_t>("layers/stored", 5000),
              AllOf(HasSubstr("5000 positions"), HasSubstr("tokens")));
}

TEST_F(RunFiles, WithAStateOfAnotherSizeAreRefused) {
  for (const char* array :
       {"cells", "attention", "table_0/exact_mass", "table_0/regret", "table_0/estimates"}) {
    const std::string name = std::string("last/layer_0/") + array;
    EXPECT_THAT(message_with_one_more(name), HasSubstr(name));
  }
}

TEST_F(RunFiles, WithAStateThatCannotBeAreRefused) {
  EXPECT_THAT(message_with_last<float>("last/layer_0/table_0/regret", -3), HasSubstr("regret"));
  EXPECT_THAT(message_with_last<float>("last/layer_0/cells", kEndless), HasSubstr("cells"));
  EXPECT_THAT(message_with_last<float>("last/layer_0/attention", 2), HasSubstr("attention"));
  EXPECT_EQ(message_with_last<float>("last/layer_0/attention", kNoNumber), "")
      << "it is not stored";
}

TEST_F(RunFiles, WithAKnobThatCannotBeAreRefusedByFileAndKnob) {
  for (const Json& value : {Json(-1), Json("many"), Json(nullptr), Json::array()}) {
    EXPECT_THAT(message_with_fact("/config/max_cache_size", value),
                AllOf(HasSubstr("run.scope"), HasSubstr("max_cache_size")))
        << value;
  }
}

TEST_F(RunFiles, WithFactsThatCannotBeAreRefused) {
  for (const auto& [fact, value] : {std::pair<const char*, Json>{"/model/weight_bytes", -1},
                                    {"/model/weight_bytes", 1e300},
                                    {"/last/0/sketch_bytes", 1.5},
                                    {"/last/0/tables", -1},
                                    {"/last/0/total_mass", -2.0},
                                    {"/last", Json::array({Json::object(), Json::object()})},
                                    {"/notes", Json::array({{{"step", 150}, {"text", "late"}}})},
                                    {"/notes", Json::array({{{"step", -1}, {"text", "early"}}})}}) {
    EXPECT_THAT(message_with_fact(fact, value), HasSubstr("run.scope is damaged")) << fact << value;
  }
}

}  // namespace
}  // namespace sketchscope::field
