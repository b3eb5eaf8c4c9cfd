#include "gui/app/note_editor.hpp"

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
  set_note(notes, {3, ""});
  EXPECT_THAT(notes, ElementsAre(StepNote{20, "later"}));
}

}  // namespace
}  // namespace sketchscope
