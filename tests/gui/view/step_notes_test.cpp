#include "gui/view/step_notes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sketchscope {
namespace {

using ::testing::ElementsAre;

TEST(SetNote, KeepsOneNoteAStepInTheirOrder) {
  std::vector<StepNote> notes;
  set_note(notes, {20, "late"});
  set_note(notes, {3, "early"});
  set_note(notes, {20, "later"});
  EXPECT_THAT(notes, ElementsAre(StepNote{3, "early"}, StepNote{20, "later"}));
  EXPECT_EQ(note_at(notes, 20), "later");
  EXPECT_EQ(note_at(notes, 4), "");
  set_note(notes, {3, ""});
  EXPECT_THAT(notes, ElementsAre(StepNote{20, "later"}));
}

}  // namespace
}  // namespace sketchscope
