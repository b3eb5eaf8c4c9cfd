#include "gui/view/study_sheet.hpp"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>
#include <set>

#include "engine/core/error.hpp"
#include "engine/study/study_folder.hpp"

namespace sketchscope::view {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Json = nlohmann::json;

Json result(const std::string& name, const Json& knobs, const Json& figures) {
  return {{"name", name},
          {"config", knobs},
          {"result", figures},
          {"memory", {{"total_bytes", 2048}}},
          {"timing", Json::object()}};
}

study::StudyResults invented_study() {
  study::StudyResults study;
  study.study = {{"name", "small"}, {"question", "Which?"}, {"model", "tiny"}};
  study.prompt = "Once";
  study.results = {
      result("full", {{"policy", "full"}}, {{"logit_kl", 0}}),
      result("window-64", {{"policy", "window"}, {"max_cache_size", 64}}, {{"logit_kl", 0.5}}),
      result("tova-64", {{"policy", "tova"}, {"max_cache_size", 64}}, {{"logit_kl", 0.25}}),
      result("tova-128", {{"policy", "tova"}, {"max_cache_size", 128}}, Json::object())};
  study.missing = {"tova-256"};
  return study;
}

class StudySheets : public ::testing::Test {
 protected:
  [[nodiscard]] std::size_t column(const std::string& name) const {
    for (std::size_t at = 0; at < sheet_.columns.size(); ++at) {
      if (sheet_.columns[at].name == name) return at;
    }
    ADD_FAILURE() << "no column " << name;
    return 0;
  }
  [[nodiscard]] std::vector<std::string> names(const std::string& filter,
                                               const SheetOrder& order = {}) const {
    std::vector<std::string> found;
    for (const std::size_t row : select_rows(sheet_, filter, order).rows) {
      found.push_back(sheet_.rows[row].name);
    }
    return found;
  }

  StudySheet sheet_ = study_sheet(invented_study());
};

TEST_F(StudySheets, HaveAColumnForWhatVariesAndForWhatWasMeasured) {
  std::vector<std::string> columns;
  for (const SheetColumn& one : sheet_.columns) columns.push_back(one.name);
  EXPECT_THAT(columns, ElementsAre("policy", "max_cache_size", "bytes", "logit_kl"));
  EXPECT_EQ(sheet_.missing, 1U);
  EXPECT_EQ(sheet_.prompt, "Once");
  EXPECT_EQ(sheet_.rows[1].cells[column("bytes")].text, "2 KiB");
}

TEST_F(StudySheets, HaveTheIntervalOfTheRatioAndTheNumberOfTexts) {
  EXPECT_EQ(sheet_.texts, 0U);
  study::StudyResults study = invented_study();
  for (Json& one : study.results) {
    one["result"]["perplexity_ratio"] = 1.1;
    one["result"]["perplexity_ratio_low"] = 1.05;
    one["result"]["perplexity_ratio_high"] = 1.15;
    one["result"]["chunks"] = {{{"steps", 9}, {"nll", 20}}, {{"steps", 9}, {"nll", 21}}};
  }
  sheet_ = study_sheet(study);
  EXPECT_EQ(sheet_.texts, 2U);
  const SheetRow& row = sheet_.rows.front();
  EXPECT_EQ(row.cells[column("ratio_low")].text, "1.050");
  EXPECT_EQ(row.cells[column("ratio_high")].text, "1.150");
  EXPECT_EQ(row.cells[column("texts")].number, 2);
}

TEST_F(StudySheets, SayNothingOfAKnobThatIsOfNoMatter) {
  EXPECT_THAT(sheet_.rows[0].cells[column("max_cache_size")].text, IsEmpty());
  EXPECT_EQ(sheet_.rows[1].cells[column("max_cache_size")].text, "64");
}

TEST_F(StudySheets, ShowWhateverKnobTellsConfigurationsOfDifferentResultsApart) {
  study::StudyResults study = invented_study();
  study.results.clear();
  for (const int seed : {1, 2}) {
    for (const int clusters : {4, 16}) {
      study.results.push_back(result(std::to_string(seed) + "-" + std::to_string(clusters),
                                     {{"policy", "heavy-hitter"},
                                      {"read", "aggregate"},
                                      {"aggregate", "race"},
                                      {"sketch_seed", seed},
                                      {"clusters", clusters}},
                                     {{"logit_kl", 0.1 * seed + 0.01 * clusters}}));
    }
  }
  const StudySheet sheet = study_sheet(study);
  std::vector<std::string> columns;
  for (const SheetColumn& one : sheet.columns) columns.push_back(one.name);
  EXPECT_THAT(columns, ElementsAre("clusters", "sketch_seed", "bytes", "logit_kl"));
  std::set<std::pair<std::string, std::string>> told_apart;
  for (const auto& row : sheet.rows) told_apart.insert({row.cells[0].text, row.cells[1].text});
  EXPECT_EQ(told_apart.size(), 4U);
}

TEST_F(StudySheets, HaveNoColumnForTheShapeOfATableThatIsNotThere) {
  study::StudyResults study = invented_study();
  study.results.clear();
  for (const int width : {64, 128}) {
    study.results.push_back(result("w" + std::to_string(width),
                                   {{"sketch", "exact"}, {"sketch_width", width}},
                                   {{"logit_kl", 0.1}}));
  }
  for (const SheetColumn& one : study_sheet(study).columns) EXPECT_NE(one.name, "sketch_width");
}

TEST_F(StudySheets, SortByAnyColumnWithAbsentValuesLast) {
  const std::size_t kl = column("logit_kl");
  EXPECT_THAT(names("", {.column = kl}), ElementsAre("full", "tova-64", "window-64", "tova-128"));
  EXPECT_THAT(names("", {.column = kl, .descending = true}),
              ElementsAre("window-64", "tova-64", "full", "tova-128"));
  EXPECT_THAT(names("", {.column = column("max_cache_size"), .descending = true}),
              ElementsAre("tova-128", "window-64", "tova-64", "full"));
  EXPECT_THAT(names("", {.column = column("policy")}),
              ElementsAre("full", "tova-64", "tova-128", "window-64"));
}

TEST_F(StudySheets, FilterByWordsAndComparisons) {
  EXPECT_THAT(names("tova"), ElementsAre("tova-64", "tova-128"));
  EXPECT_THAT(names("tova max_cache_size=64"), ElementsAre("tova-64"));
  EXPECT_THAT(names("logit_kl<0.5"), ElementsAre("full", "tova-64"));
  EXPECT_THAT(names("logit_kl<=0.5"), ElementsAre("full", "window-64", "tova-64"));
  EXPECT_THAT(names("policy!=tova"), ElementsAre("full", "window-64"));
  EXPECT_THAT(names("nothing"), IsEmpty());
  EXPECT_EQ(names("logit_kl<").size(), 4U);  // still being written
}

TEST_F(StudySheets, SayWhatIsWrongWithAFilterAndShowEveryRow) {
  const SheetSelection selection = select_rows(sheet_, "logit_lk<1 tova", {});
  EXPECT_THAT(selection.mistake, HasSubstr("'logit_lk', nearest: logit_kl"));
  EXPECT_EQ(selection.rows.size(), 4U);
  EXPECT_THAT(select_rows(sheet_, "logit_kl=<1", {}).mistake, HasSubstr("'=<'"));
}

TEST_F(StudySheets, GiveExactNumbersAsRowsOfAFile) {
  const DataTable table = sheet_data(sheet_, {2, 3});
  EXPECT_THAT(table.columns,
              ElementsAre("configuration", "policy", "max_cache_size", "bytes", "logit_kl"));
  EXPECT_THAT(table.rows, ElementsAre(ElementsAre("tova-64", "tova", "64", "2048", "0.25"),
                                      ElementsAre("tova-128", "tova", "128", "2048", "")));
}

TEST(ColumnsNamed, AreFoundByNameOrTitleInTheOrderGiven) {
  const StudySheet sheet{.columns = {{"policy", "policy"}, {"max_cache_size", "capacity"}}};
  EXPECT_EQ(columns_named(sheet, {}), (std::vector<std::size_t>{0, 1}));
  EXPECT_EQ(columns_named(sheet, {"capacity", "policy"}), (std::vector<std::size_t>{1, 0}));
  EXPECT_EQ(columns_named(sheet, {"max_cache_size"}), (std::vector<std::size_t>{1}));
  EXPECT_THROW(static_cast<void>(columns_named(sheet, {"none"})), core::UsageError);
}

}  // namespace
}  // namespace sketchscope::view
