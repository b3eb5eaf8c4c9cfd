#include "gui/app/knob_undo.hpp"

#include <gtest/gtest.h>

namespace sketchscope {
namespace {

TEST(KnobUndo, GivesTheValuesFromBeforeBackLastTurnFirst) {
  KnobUndo undo;
  undo.note(command::SetKnob{"sinks", "8"}, {.sinks = 4});
  undo.note(command::Play{}, {.sinks = 8});
  undo.note(command::SetKnob{"decay", "0.5"}, {.sinks = 8, .decay = 1});
  auto last = undo.undo();
  ASSERT_TRUE(last);
  EXPECT_EQ(last->name, "decay");
  EXPECT_EQ(last->value, "1");
  EXPECT_EQ(undo.undo()->value, "4");
  EXPECT_FALSE(undo.undo());
}

TEST(KnobUndo, TakesADragForOneTurn) {
  KnobUndo undo;
  for (int sinks = 4; sinks < 40; ++sinks) {
    undo.note(command::SetKnob{"sinks", std::to_string(sinks + 1)}, {.sinks = sinks});
  }
  EXPECT_EQ(undo.undo()->value, "4");
  EXPECT_TRUE(undo.empty());
}

}  // namespace
}  // namespace sketchscope
