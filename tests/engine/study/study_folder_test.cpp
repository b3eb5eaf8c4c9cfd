#include "engine/study/study_folder.hpp"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>
#include <tuple>

#include "engine/core/error.hpp"
#include "engine/core/random.hpp"
#include "tests/support/small_study.hpp"
#include "tests/support/temporary_directory.hpp"

namespace sketchscope::study {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class ResumedStudy : public support::SmallStudy {};

TEST_F(ResumedStudy, GoesOnWhereItWasBrokenOffAndEndsWithTheSameBytes) {
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

TEST_F(ResumedStudy, StopsOnRequestWithWhatIsThere) {
  std::stop_source stop;
  stop.request_stop();
  run(StudyFolder::Existing::refuse, 64, stop.get_token());
  EXPECT_EQ(read_study(out()).missing.size(), grid_.configurations.size());
}

TEST_F(ResumedStudy, PutsADamagedResultAsideAndMeasuresItAgain) {
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

TEST_F(ResumedStudy, LeavesOutAResultWithWordsInPlaceOfNumbersAndMeasuresItAgain) {
  run(StudyFolder::Existing::refuse);
  const auto undisturbed = all_figures();
  const std::string name = grid_.configurations.front().name;
  const auto whole = nlohmann::json::parse(support::read_bytes(result_file(name)));
  for (const auto& [pointer, value, found] :
       {std::tuple<const char*, nlohmann::json, const char*>{"/result/nll", "2.5", "result.nll"},
        {"/memory/kv_bytes", nullptr, "memory.kv_bytes"},
        {"/result/chunks", 3, "chunks"},
        {"/result/chunks/0/nll", "2.5", "chunks.nll"},
        {"/config/max_cache_size", -1, "config"},
        {"/config/policy", 7, "config"},
        {"/baseline", 7, "baseline"},
        {"/result/recall", 7, "as recall"},
        {"/result/estimates", nlohmann::json::array(), "estimates"}}) {
    auto edited = whole;
    edited[nlohmann::json::json_pointer(pointer)] = value;
    support::write_bytes(result_file(name), edited.dump());
    const StudyResults read = read_study(out());
    EXPECT_EQ(read.results.size() + 1, grid_.configurations.size()) << pointer;
    EXPECT_THAT(read.warnings, ElementsAre(HasSubstr(found))) << pointer;
  }
  run(StudyFolder::Existing::resume);
  EXPECT_EQ(all_figures(), undisturbed);
}

TEST_F(ResumedStudy, RefusesAFolderThatItWouldMixUp) {
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
  support::write_bytes(out() / "study.json", R"({"schema": "sketchscope/study/99",
                                                 "read_by": "sketchscope 7.0 and later"})");
  try {
    (void)read_study(out());
    ADD_FAILURE() << "read another version";
  } catch (const core::Error& error) {
    EXPECT_THAT(std::string(error.what()), HasSubstr("sketchscope/study/99"));
    EXPECT_THAT(std::string(error.what()), HasSubstr("Read it with sketchscope 7.0 and later"));
  }
}

TEST_F(ResumedStudy, RefusesToGoOnWithAStudyFromBeforeADefaultChanged) {
  (void)folder(StudyFolder::Existing::refuse);
  nlohmann::json study = nlohmann::json::parse(support::read_bytes(out() / "study.json"));
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

}  // namespace
}  // namespace sketchscope::study
