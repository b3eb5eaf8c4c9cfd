#include "gui/app/knob_undo.hpp"

#include <gtest/gtest.h>

namespace sketchscope::app {
namespace {

run::command::SetKnob one(const std::optional<run::Command>& command) {
  return std::get<run::command::SetKnob>(command.value());
}

TEST(KnobUndo, GivesTheValuesFromBeforeBackLastTurnFirst) {
  KnobUndo undo;
  undo.note(run::command::SetKnob{"sinks", "8"}, {.sinks = 4});
  undo.note(run::command::Play{}, {.sinks = 8});
  undo.note(run::command::SetKnob{"decay", "0.5"}, {.sinks = 8, .decay = 1});
  const auto last = one(undo.undo());
  EXPECT_EQ(last.name, "decay");
  EXPECT_EQ(last.value, "1");
  EXPECT_EQ(one(undo.undo()).value, "4");
  EXPECT_FALSE(undo.undo());
}

TEST(KnobUndo, TakesADragForOneTurn) {
  KnobUndo undo;
  for (int sinks = 4; sinks < 40; ++sinks) {
    undo.note(run::command::SetKnob{"sinks", std::to_string(sinks + 1)}, {.sinks = sinks});
  }
  EXPECT_EQ(one(undo.undo()).value, "4");
  EXPECT_TRUE(undo.empty());
}

TEST(KnobUndo, TakesAPresetBackAsAWhole) {
  KnobUndo undo;
  const settings::Knobs before{.sinks = 7, .decay = 0.9};
  undo.note(run::command::SetKnob{"sinks", "7"}, {.sinks = 4, .decay = 0.9});
  undo.note(run::command::SetKnobs{settings::Knobs()}, before);
  undo.note(run::command::SetKnobs{settings::Knobs()}, settings::Knobs());  // nothing changes
  EXPECT_EQ(std::get<run::command::SetKnobs>(undo.undo().value()).knobs, before);
  EXPECT_EQ(one(undo.undo()).value, "4") << "turns from before it are still there";
}

}  // namespace
}  // namespace sketchscope::app
