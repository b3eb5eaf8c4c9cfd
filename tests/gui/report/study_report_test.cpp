#include "gui/report/study_report.hpp"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>
#include <set>

#include "engine/core/error.hpp"
#include "engine/study/study_folder.hpp"
#include "gui/report/figures.hpp"

namespace sketchscope::report {
namespace {

using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;

/// The study that ships with the program: thirteen configurations on the embedded model.
study::StudyResults small_study() {
  return study::read_study(std::filesystem::path(SKETCHSCOPE_SOURCE_DIR) / "assets/studies/small/");
}

template <typename Block>
std::vector<Block> all(const Document& document) {
  std::vector<Block> found;
  for (const Section& section : document.sections) {
    for (const auto& block : section.blocks) {
      if (const auto* one = std::get_if<Block>(&block)) found.push_back(*one);
    }
  }
  return found;
}

std::vector<std::string> first_cells(const Table& table) {
  std::vector<std::string> cells;
  for (const auto& row : table.rows) cells.push_back(row.front().text);
  return cells;
}

TEST(StudyReport, NamesEveryConfigurationInOneTable) {
  const study::StudyResults study = small_study();
  std::set<std::string> names;
  for (const auto& result : study.results) names.insert(result.at("name").get<std::string>());
  const auto tables = all<Table>(study_report(study));
  EXPECT_TRUE(std::ranges::any_of(tables, [&](const Table& table) {
    const auto cells = first_cells(table);
    return std::set<std::string>(cells.begin(), cells.end()) == names;
  }));
}

TEST(StudyReport, RanksAllConfigurationsByPerplexityWithIntervalsAndBytes) {
  study::StudyResults study = small_study();
  study.results.back().at("result").erase("perplexity");
  const Document document = study_report(study);
  const auto section = std::ranges::find(document.sections, "By perplexity", &Section::heading);
  ASSERT_NE(section, document.sections.end());
  const auto& table = std::get<Table>(section->blocks.at(1));
  ASSERT_EQ(table.rows.size(), study.results.size() - 1);
  double before = 0;
  for (std::size_t at = 0; at < table.rows.size(); ++at) {
    const auto& row = table.rows[at];
    EXPECT_EQ(row[0].text, std::to_string(at + 1));
    const double perplexity = std::stod(row[2].text);
    EXPECT_GE(perplexity, before);
    before = perplexity;
    EXPECT_THAT(row[2].text, HasSubstr(" to "));
    EXPECT_THAT(row[4].text, HasSubstr("KiB"));
  }
  EXPECT_THAT(std::get<Paragraph>(section->blocks.back()).text,
              HasSubstr("1 configuration has no perplexity"));
}

std::string why_missing(const Document& document, const std::string& figure) {
  const auto found = std::ranges::find(document.missing, figure, &MissingFigure::name);
  return found == document.missing.end() ? std::string() : found->why;
}

TEST(StudyReport, SaysOfEachFigureThatItLacksWhy) {
  study::StudyResults study = small_study();
  const Document whole = study_report(study);
  EXPECT_EQ(why_missing(whole, "ratio-against-capacity"), "") << "it is there";
  for (const MissingFigure& missing : whole.missing) EXPECT_THAT(missing.why, Not(SizeIs(0)));
  for (auto& result : study.results) result.at("result").erase("perplexity_ratio");
  EXPECT_THAT(why_missing(study_report(study), "ratio-against-capacity"),
              HasSubstr("no configuration has the ratio"));
  study = small_study();
  std::erase_if(study.results, [](const nlohmann::json& result) {
    const auto name = result.at("name").get<std::string>();
    return name.find("max_cache_size") != std::string::npos &&
           name.find("max_cache_size=64") == std::string::npos;
  });
  EXPECT_THAT(why_missing(study_report(study), "perplexity-against-capacity"),
              HasSubstr("all have the capacity 64: it needs two or more"));
}

TEST(StudyReport, ShowsTheFiguresThatTheResultsHold) {
  study::StudyResults study = small_study();
  study.results.front().at("result").at("perplexity") = 1234.5;
  EXPECT_THAT(markdown_of(study_report(study)), AnyOf(HasSubstr("1234"), HasSubstr("1235")));
}

TEST(StudyReport, GivesEveryTableRowItsColumns) {
  for (const Table& table : all<Table>(study_report(small_study()))) {
    for (const auto& row : table.rows) EXPECT_THAT(row, SizeIs(table.columns.size()));
  }
}

TEST(StudyReport, GivesEveryFigureAPictureAndTheNumbersBehindIt) {
  const auto figures = all<Figure>(study_report(small_study()));
  ASSERT_FALSE(figures.empty());
  std::set<std::string> names;
  for (const Figure& figure : figures) {
    EXPECT_TRUE(names.insert(figure.name).second) << figure.name;
    EXPECT_THAT(figure.svg, HasSubstr("<svg")) << figure.name;
    EXPECT_THAT(figure.svg, HasSubstr("</svg>")) << figure.name;
    EXPECT_GE(std::ranges::count(figure.csv, '\n'), 2) << figure.name;
    EXPECT_THAT(figure.svg, Not(HasSubstr("nan"))) << figure.name;
  }
}

TEST(StudyReport, ShowsADashWhereNothingWasMeasured) {
  study::StudyResults study = small_study();
  study.results.front().at("result").erase("perplexity");
  study.results.front().at("result").erase("top1_agreement");
  const std::string text = markdown_of(study_report(study));
  EXPECT_THAT(text, HasSubstr("–"));
  EXPECT_THAT(text, Not(HasSubstr("nan")));
}

TEST(StudyReport, WarnsThatTheModelCannotReadTheText) {
  study::StudyResults study = small_study();
  EXPECT_THAT(markdown_of(study_report(study)), Not(HasSubstr("cannot read")));
  study.study["vocabulary"] = 2459;
  EXPECT_THAT(markdown_of(study_report(study)), Not(HasSubstr("cannot read")));
  for (auto& result : study.results) result.at("result").at("perplexity") = 4507;
  EXPECT_THAT(markdown_of(study_report(study)),
              HasSubstr("cannot read this text. The perplexity of the full cache is 4507, above a "
                        "quarter of the 2459 tokens of its vocabulary"));
}

TEST(StudyReport, JudgesNothingOnATextThatTheModelCannotRead) {
  study::StudyResults study = small_study();
  study.study["vocabulary"] = 2459;
  for (auto& result : study.results) {
    result.at("result").at("perplexity") = 4507;
    result.at("result")["perplexity_ratio"] = 1.001;
    result.at("result")["perplexity_ratio_low"] = 1.0;
    result.at("result")["perplexity_ratio_high"] = 1.002;
  }
  const std::string text = markdown_of(study_report(study));
  EXPECT_THAT(text, HasSubstr("text not readable"));
  EXPECT_THAT(text, HasSubstr("have no verdict because the model cannot read the text"));
  EXPECT_THAT(text, HasSubstr("None is called close to the full cache"));
  EXPECT_THAT(text, Not(HasSubstr("surely close")));
  study.study["vocabulary"] = 50257;
  EXPECT_THAT(markdown_of(study_report(study)), HasSubstr("surely close"));
}

TEST(StudyReport, SetsConfigurationsBesideAReferencePairedByText) {
  const study::StudyResults study = small_study();
  const std::vector<std::string> references = {"policy=window"};
  const Document document = study_report(study, references);
  const auto section =
      std::ranges::find(document.sections, "Against policy=window", &Section::heading);
  ASSERT_NE(section, document.sections.end());
  const auto& table = std::get<Table>(section->blocks.back());
  EXPECT_EQ(table.rows.size(), 10U) << "three of thirteen are references";
  for (const auto& row : table.rows) {
    EXPECT_THAT(row[1].text, StartsWith("policy=window"));
    EXPECT_THAT(row[2].text, HasSubstr(" to "));
    EXPECT_EQ(row[4].text, "2");
  }
  EXPECT_THROW(study_report(study, std::vector<std::string>{"policy=windows"}), core::UsageError);
}

TEST(StudyReport, SaysOverHowManyTextsItsIntervalsAre) {
  const auto tables = all<Table>(study_report(small_study()));
  EXPECT_TRUE(std::ranges::any_of(tables, [](const Table& table) {
    return std::ranges::find(table.columns, "texts", &TableColumn::name) != table.columns.end();
  }));
}

TEST(StudyReport, DrawsLineFiguresAtTheSizeOfAPrint) {
  const Document document = study_report(small_study());
  const auto figures = figures_of(document);
  const auto ratio = std::ranges::find(figures, "ratio-against-capacity", &Figure::name);
  ASSERT_NE(ratio, figures.end());
  EXPECT_THAT((*ratio)->csv, HasSubstr("window,low,32,"));
  ASSERT_TRUE((*ratio)->print);
  plot::SvgCanvas canvas = paper({330, 214});
  (*ratio)->print(canvas, {330, 214});
  const std::string svg = canvas.document("");
  for (const char* words : {"window", "tova", "capacity, positions a layer", "× full cache"}) {
    EXPECT_THAT(svg, HasSubstr(words));
  }
}

/// A study of more policies than there are colours, each at two capacities.
study::StudyResults study_of_many_policies() {
  study::StudyResults study = small_study();
  const nlohmann::json pattern = study.results.front();
  study.results.clear();
  for (const char* policy :
       {"window", "heavy-hitter", "tova", "age-normalized", "key-norm", "caote", "snapkv",
        "expected-attention", "key-diff", "r-kv", "random"}) {
    for (const int capacity : {32, 64}) {
      nlohmann::json result = pattern;
      result["config"]["policy"] = policy;
      result["config"]["max_cache_size"] = capacity;
      result["name"] =
          "policy=" + std::string(policy) + ",max_cache_size=" + std::to_string(capacity);
      result["result"]["logit_kl"] = 0.01 * static_cast<double>(study.results.size() + 1);
      study.results.push_back(std::move(result));
    }
  }
  return study;
}

TEST(StudyReport, DrawsNoTwoPoliciesAlikeEvenInGrey) {
  std::set<std::pair<plot::Marker, plot::Dash>> looks;
  const plot::Theme theme = paper_theme();
  for (std::size_t style = 0; style < kSeriesApart; ++style) {
    looks.emplace(marker_of(style), stroke_of(theme, style).dash);
  }
  EXPECT_EQ(looks.size(), kSeriesApart);
  for (std::size_t style = theme.categories.size(); style < kSeriesApart; ++style) {
    EXPECT_NE(marker_of(style), marker_of(style - theme.categories.size())) << "of equal colour";
  }
}

TEST(StudyReport, SetsMarksOfEveryPolicyIntoThePlotAndItsLegend) {
  const Document document = study_report(study_of_many_policies());
  const auto figures = figures_of(document);
  const auto bytes = std::ranges::find(figures, "quality-against-bytes", &Figure::name);
  ASSERT_NE(bytes, figures.end());
  // Squares, triangles and diamonds are polygons.
  const std::string& svg = (*bytes)->svg;
  EXPECT_TRUE(svg.find("<polygon") != std::string::npos);
  for (const char* policy : {">window<", ">r-kv<", ">random<"}) {
    EXPECT_TRUE(svg.find(policy) != std::string::npos) << policy;
  }
}

TEST(StudyReport, NamesThePrintThatALongLegendNeeds) {
  const Document document = study_report(study_of_many_policies());
  const auto figures = figures_of(document);
  const auto bytes = std::ranges::find(figures, "quality-against-bytes", &Figure::name);
  ASSERT_NE(bytes, figures.end());
  const plot::Size narrow{180, 160};
  EXPECT_GT((*bytes)->least_print(narrow).height, narrow.height);
  EXPECT_LT((*bytes)->least_print({700, 400}).height, 400);
}

TEST(StudyReport, ShowsTheLoadOfEverySketchRowAndWarnsOfOneThatIsNearlyDead) {
  study::StudyResults study = small_study();
  EXPECT_THAT(markdown_of(study_report(study)), Not(HasSubstr("nearly dead: ")));
  study.results.back().at("result")["sketch_row_loads"] = {0.51, 0.52, 0.48, 0.5};
  EXPECT_THAT(markdown_of(study_report(study)), HasSubstr("51, 52, 48, 50 %"));
  EXPECT_THAT(markdown_of(study_report(study)), Not(HasSubstr("nearly dead: ")));
  study.results.back().at("result")["sketch_row_loads"] = {0.71, 0.71, 0.68, 0.19};
  EXPECT_THAT(markdown_of(study_report(study)), HasSubstr("row 3 is nearly dead: 19 %"));
}

TEST(StudyReport, SaysWhereItsQuestionsComeFrom) {
  study::StudyResults study = small_study();
  study.study["workload"]["questions"] = 30;
  EXPECT_THAT(markdown_of(study_report(study)),
              HasSubstr("from tales of the program's own generator (test split) and not from the "
                        "text of the study"));
}

TEST(StudyReport, SaysWhatIsMissing) {
  study::StudyResults study = small_study();
  study.missing = {"policy=window,max_cache_size=999"};
  EXPECT_THAT(markdown_of(study_report(study)), HasSubstr("1"));
  EXPECT_NE(markdown_of(study_report(study)), markdown_of(study_report(small_study())));
}

TEST(DifferenceReport, FindsNothingBetweenAStudyAndItself) {
  const study::StudyResults study = small_study();
  const Document document = difference_report(study, study);
  const std::string count = std::to_string(study.results.size());
  EXPECT_THAT(markdown_of(document), HasSubstr(count + " configurations are in both; in " + count));
  for (const Table& table : all<Table>(document)) {
    for (const auto& row : table.rows) {
      for (const TableCell& cell : row) EXPECT_NE(cell.mark, Mark::bad) << cell.text;
    }
  }
}

TEST(DifferenceReport, PutsTheLargestChangeFirst) {
  const study::StudyResults first = small_study();
  study::StudyResults second = small_study();
  auto& changed = second.results.back();
  changed.at("result").at("logit_kl") = 100.0;
  const auto tables = all<Table>(difference_report(first, second));
  EXPECT_EQ(first_cells(tables.back()).front(), changed.at("name").get<std::string>());
}

}  // namespace
}  // namespace sketchscope::report
