#include "gui/view/step_axis.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/core/random.hpp"

namespace sketchscope::view {
namespace {

constexpr std::int64_t kSteps = 401;

TEST(StepWindow, ShowsTheWholeRunAtFirstAndGrowsWithIt) {
  const StepWindow window;
  EXPECT_EQ(window.range(kSteps), (StepRange{0, 400}));
  EXPECT_EQ(window.range(1000), (StepRange{0, 999}));
  EXPECT_EQ(window.range(0), window.range(20)) << "a young run does not stretch with every step";
}

TEST(StepWindow, KeepsTheStepItZoomsAtInItsPlace) {
  StepWindow window;
  window.zoom(100, 0.5, kSteps);
  EXPECT_EQ(window.range(kSteps), (StepRange{50, 250}));
  window.zoom(100, 0.5, kSteps);
  EXPECT_EQ(window.range(kSteps), (StepRange{75, 175}));
}

TEST(StepWindow, FollowsTheRunWhereItsEndIsTheRuns) {
  StepWindow window;
  window.zoom(400, 0.25, kSteps);
  EXPECT_TRUE(window.follows());
  EXPECT_EQ(window.range(kSteps), (StepRange{300, 400}));
  EXPECT_EQ(window.range(kSteps + 50), (StepRange{350, 450}));
  window.pan(-1, kSteps);
  EXPECT_EQ(window.range(kSteps + 50), (StepRange{299, 399})) << "moved away from the end it stays";
  window.follow();
  EXPECT_EQ(window.range(kSteps), (StepRange{300, 400}));
}

TEST(StepWindow, ShowsAllWhereItIsAsWideAsTheRun) {
  StepWindow window;
  window.show({10, 30}, kSteps);
  EXPECT_FALSE(window.shows_all());
  window.zoom(20, 1000, kSteps);
  EXPECT_TRUE(window.shows_all());
}

TEST(StepWindow, NeverLeavesTheRunNorInvertsWhateverTheHandDoes) {
  core::SplitMix64 random(5);
  const auto share = [&] { return static_cast<double>(random.next() % 1000) / 1000; };
  StepWindow window;
  for (int move = 0; move < 5000; ++move) {
    switch (random.next() % 4) {
      case 0:
        window.zoom(share() * 600 - 100, 0.2 + 3 * share(), kSteps);
        break;
      case 1:
        window.pan(share() * 2000 - 1000, kSteps);
        break;
      case 2:
        window.show({share() * 900 - 300, share() * 900 - 300}, kSteps);
        break;
      default:
        window.follow();
    }
    const StepRange range = window.range(kSteps);
    ASSERT_GE(range.first, 0);
    ASSERT_LE(range.last, 400 + 1e-9);
    ASSERT_GE(range.width(), 8 - 1e-9);
  }
}

using ::testing::ElementsAre;

TEST(SetNote, KeepsOneNoteAStepInTheirOrder) {
  std::vector<run::StepNote> notes;
  set_note(notes, {20, "late"});
  set_note(notes, {3, "early"});
  set_note(notes, {20, "later"});
  EXPECT_THAT(notes, ElementsAre(run::StepNote{3, "early"}, run::StepNote{20, "later"}));
  EXPECT_EQ(note_at(notes, 20), "later");
  EXPECT_EQ(note_at(notes, 4), "");
  set_note(notes, {3, ""});
  EXPECT_THAT(notes, ElementsAre(run::StepNote{20, "later"}));
}

}  // namespace
}  // namespace sketchscope::view
