#include "engine/study/study_folder.hpp"

#include <gmock/gmock.h>

#include <algorithm>

#include "engine/core/error.hpp"
#include "engine/study/study_table.hpp"
#include "tests/engine/study/study_run_fixture.hpp"

namespace sketchscope::study {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Json = nlohmann::json;

TEST_F(StudyRun, GoesOnWhereItWasBrokenOffAndEndsWithTheSameBytes) {
  run(StudyFolder::Existing::refuse);
  const auto undisturbed = all_figures();
  ASSERT_EQ(undisturbed.size(), grid_.configurations.size());

  std::vector<std::string> names;
  for (const auto& [name, figures] : undisturbed) names.push_back(name);
  core::SplitMix64 random(7);
  for (int round = 0; round < 4; ++round) {
    std::map<std::string, std::filesystem::file_time_type> kept;
    for (const std::string& name : names) {
      if (random.below(2) == 0)
        std::filesystem::remove(result_file(name));
      else
        kept[name] = std::filesystem::last_write_time(result_file(name));
    }
    run(StudyFolder::Existing::resume, 4 + static_cast<int>(random.below(30)));
    EXPECT_EQ(all_figures(), undisturbed);
    for (const auto& [name, time] : kept) {
      EXPECT_EQ(std::filesystem::last_write_time(result_file(name)), time) << "repeated " << name;
    }
  }
}

TEST_F(StudyRun, StopsOnRequestWithWhatIsThere) {
  std::stop_source stop;
  stop.request_stop();
  run(StudyFolder::Existing::refuse, 64, stop.get_token());
  EXPECT_EQ(read_study(out()).missing.size(), grid_.configurations.size());
}

TEST_F(StudyRun, PutsADamagedResultAsideAndMeasuresItAgain) {
  run(StudyFolder::Existing::refuse);
  const auto undisturbed = all_figures();
  const std::string name = grid_.configurations.front().name;
  support::write_bytes(result_file(name), R"({"schema": "sketchscope/study-re)");
  EXPECT_THAT(read_study(out()).warnings, ElementsAre(HasSubstr("is not JSON")));
  EXPECT_THAT(folder(StudyFolder::Existing::resume).warnings(),
              ElementsAre(HasSubstr(name + ".json.damaged")));
  EXPECT_TRUE(std::filesystem::exists(result_file(name).string() + ".damaged"));
  run(StudyFolder::Existing::resume);
  EXPECT_EQ(all_figures(), undisturbed);
}

TEST_F(StudyRun, RefusesAFolderThatItWouldMixUp) {
  (void)folder(StudyFolder::Existing::refuse);
  EXPECT_THROW(folder(StudyFolder::Existing::refuse), core::Error);
  (void)folder(StudyFolder::Existing::resume);

  material_.chunks.front().front() ^= 1;
  try {
    (void)folder(StudyFolder::Existing::resume);
    ADD_FAILURE() << "went on with other tokens";
  } catch (const core::Error& error) {
    EXPECT_THAT(std::string(error.what()), HasSubstr("its material"));
  }
  support::write_bytes(out() / "study.json", R"({"schema": "sketchscope/study/99"})");
  try {
    (void)read_study(out());
    ADD_FAILURE() << "read another version";
  } catch (const core::Error& error) {
    EXPECT_THAT(std::string(error.what()), HasSubstr("sketchscope/study/99"));
  }
}

TEST_F(StudyRun, RefusesToGoOnWithAStudyFromBeforeADefaultChanged) {
  (void)folder(StudyFolder::Existing::refuse);
  Json study = Json::parse(support::read_bytes(out() / "study.json"));
  EXPECT_EQ(study.at("vocabulary"), 259);
  study.at("defaults").erase("sketch_hash");
  support::write_bytes(out() / "study.json", study.dump());
  try {
    (void)folder(StudyFolder::Existing::resume);
    ADD_FAILURE() << "would have mixed two kinds of hashes";
  } catch (const core::Error& error) {
    EXPECT_THAT(std::string(error.what()), HasSubstr("its defaults"));
  }
}

TEST_F(StudyRun, MeasuresTheLoadOfEveryRowAndTheBoundByText) {
  run(StudyFolder::Existing::refuse);
  for (const StudyRow& row : study_rows(read_study(out()).results)) {
    const bool has_table = row.knobs.policy->uses_sketch && row.baseline.empty();
    ASSERT_EQ(row.row_loads.size(), has_table ? 4U : 0U) << row.name;
    for (const double load : row.row_loads) {
      EXPECT_GT(load, 0) << row.name;
      EXPECT_LE(load, 1) << row.name;
    }
    for (const StudyText& text : row.texts) {
      EXPECT_EQ(text.figures.contains("within_bound"), has_table) << row.name;
    }
  }
}

TEST_F(StudyRun, SumsUpEveryConfigurationInATable) {
  run(StudyFolder::Existing::refuse);
  const StudyResults results = read_study(out());
  const auto rows = study_rows(results.results);
  ASSERT_EQ(rows.size(), grid_.configurations.size());
  for (std::size_t at = 0; at < rows.size(); ++at) {
    EXPECT_EQ(rows[at].name, grid_.configurations[at].name);
    EXPECT_EQ(rows[at].knobs, grid_.configurations[at].knobs);
    for (const char* figure : {"perplexity", "logit_kl", "continuation.bleu4", "recall.share",
                               "memory.total_bytes", "timing.own_policy_ms"}) {
      EXPECT_TRUE(rows[at].figure(figure)) << figure;
    }
  }
  write_summary(out(), results);
  const std::string csv = support::read_bytes(out() / "summary.csv");
  EXPECT_EQ(static_cast<std::size_t>(std::ranges::count(csv, '\n')), rows.size() + 1);
  EXPECT_THAT(csv, ::testing::Not(HasSubstr("timing.")));
  EXPECT_THAT(support::read_bytes(out() / "times.csv"), HasSubstr("timing.step_ms_p50"));
}

}  // namespace
}  // namespace sketchscope::study
