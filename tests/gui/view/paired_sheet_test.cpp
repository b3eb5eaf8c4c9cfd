#include "gui/view/paired_sheet.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/core/error.hpp"
#include "engine/study/study_folder.hpp"
#include "engine/study/study_pairs.hpp"
#include "engine/study/study_table.hpp"
#include "gui/plot/value_format.hpp"

namespace sketchscope::view {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using Json = nlohmann::json;

/// A result with the mean loss of each of three texts.
Json result(const std::string& name, const Json& knobs, const std::vector<double>& losses) {
  Json chunks = Json::array();
  for (const double loss : losses) {
    chunks.push_back({{"steps", 9}, {"tokens", 9}, {"nll", loss}, {"logit_kl", loss / 10}});
  }
  return {{"name", name},
          {"config", knobs},
          {"result", {{"logit_kl", 0.1}, {"chunks", chunks}}},
          {"memory", {{"total_bytes", 2048}}},
          {"timing", Json::object()}};
}

class PairedSheets : public ::testing::Test {
 protected:
  static StudySheet sheet_of(const std::vector<double>& own) {
    study::StudyResults study;
    study.study = {{"name", "small"}};
    study.results = {
        result("window-64", {{"policy", "window"}, {"max_cache_size", 64}}, {2, 3, 2.5}),
        result("tova-64", {{"policy", "tova"}, {"max_cache_size", 64}}, own),
        result("window-96", {{"policy", "window"}, {"max_cache_size", 96}}, {1.9, 2.8, 2.4}),
        result("tova-96", {{"policy", "tova"}, {"max_cache_size", 96}}, {1.8, 2.9, 2.3})};
    return study_sheet(study);
  }
  static std::vector<std::string> columns(const StudySheet& sheet) {
    std::vector<std::string> names;
    for (const SheetColumn& one : sheet.columns) names.push_back(one.name);
    return names;
  }
  static const SheetCell& cell(const StudySheet& sheet, std::size_t row, const std::string& name) {
    const auto found = std::ranges::find(sheet.columns, name, &SheetColumn::name);
    if (found == sheet.columns.end()) throw core::Error("no column " + name);
    return sheet.rows[row].cells[static_cast<std::size_t>(found - sheet.columns.begin())];
  }

  StudySheet sheet_ = sheet_of({1.9, 2.95, 2.4});
};

TEST_F(PairedSheets, HaveTheNumbersOfThePairsAfterTheKnobs) {
  const StudySheet paired = paired_sheet(sheet_, "window-64");
  EXPECT_THAT(columns(paired),
              ElementsAre("policy", "max_cache_size", "paired_ratio", "paired_low", "paired_high",
                          "paired_kl", "paired_kl_low", "paired_kl_high", "paired_texts", "bytes",
                          "logit_kl", "texts"));
  const auto pairs = study::pairs_against(*sheet_.measured, "window-64");
  ASSERT_EQ(pairs.size(), 3U);
  for (std::size_t at = 0; at < pairs.size(); ++at) {
    const std::size_t row = at + 1;
    ASSERT_EQ(paired.rows[row].name, pairs[at].row->name);
    const auto& ratio = *pairs[at].perplexity_ratio;
    const auto& kl = *pairs[at].logit_kl_difference;
    EXPECT_EQ(cell(paired, row, "paired_ratio").number, ratio.value);
    EXPECT_EQ(cell(paired, row, "paired_low").number, ratio.interval->low);
    EXPECT_EQ(cell(paired, row, "paired_high").number, ratio.interval->high);
    EXPECT_EQ(cell(paired, row, "paired_kl").number, kl.value);
    EXPECT_EQ(cell(paired, row, "paired_kl_low").number, kl.interval->low);
    EXPECT_EQ(cell(paired, row, "paired_kl_high").number, kl.interval->high);
    EXPECT_EQ(cell(paired, row, "paired_texts").number, 3);
    EXPECT_EQ(cell(paired, row, "bytes").text, "2 KiB");
  }
  for (const SheetColumn& column : paired.columns) {
    for (std::size_t row = 0; row < paired.rows.size(); ++row) {
      EXPECT_GE(column.widest.size(), cell(paired, row, column.name).text.size()) << column.name;
    }
  }
}

TEST_F(PairedSheets, LeaveTheReferenceItselfWithoutNumbers) {
  const StudySheet paired = paired_sheet(sheet_, "window-64");
  EXPECT_EQ(cell(paired, 0, "paired_ratio").text, "");
  EXPECT_EQ(cell(paired, 0, "paired_texts").text, "");
}

TEST_F(PairedSheets, NameTheReferenceOfEachRowWhereThereAreSeveral) {
  EXPECT_THAT(columns(paired_sheet(sheet_, "window-64")), Not(Contains("reference")));
  const StudySheet paired = paired_sheet(sheet_, "policy=window");
  EXPECT_EQ(cell(paired, 1, "reference").text, "window-64");
  EXPECT_EQ(cell(paired, 3, "reference").text, "window-96");
}

TEST_F(PairedSheets, AreFilteredAndSortedByTheirPairsAsByAnyColumn) {
  const StudySheet paired = paired_sheet(sheet_, "window-64");
  const SheetSelection better = select_rows(paired, "paired_high<1", {.column = 2});
  EXPECT_EQ(better.mistake, "");
  ASSERT_FALSE(better.rows.empty());
  for (const std::size_t row : better.rows) {
    EXPECT_LT(cell(paired, row, "paired_high").number, 1) << paired.rows[row].name;
  }
}

TEST_F(PairedSheets, SayWhichReferencesThereAre) {
  try {
    paired_sheet(sheet_, "window-46");
    FAIL();
  } catch (const core::UsageError& error) {
    EXPECT_THAT(error.what(), HasSubstr("window-64"));
  }
}

TEST_F(PairedSheets, AreMadeAnewForAnotherReferenceOrStudyAndForNoneAreTheSheet) {
  PairedSheet paired;
  EXPECT_EQ(&paired.of(sheet_, ""), &sheet_);
  EXPECT_EQ(&paired.of(sheet_, "not one of them"), &sheet_);
  const auto ratio = [&](const StudySheet& sheet, const std::string& reference) {
    return *cell(paired.of(sheet, reference), 1, "paired_ratio").number;
  };
  const double first = ratio(sheet_, "window-64");
  EXPECT_LT(first, 1);
  EXPECT_NE(ratio(sheet_, "window-96"), first);
  EXPECT_EQ(ratio(sheet_, "window-64"), first);
  const StudySheet other = sheet_of({4, 5, 4});
  EXPECT_GT(ratio(other, "window-64"), 1);
  const StudySheet invented{.rows = sheet_.rows};
  EXPECT_EQ(&paired.of(invented, "window-64"), &invented) << "it has no results";
}

}  // namespace
}  // namespace sketchscope::view
