#include <gmock/gmock.h>

#include "engine/core/error.hpp"
#include "tests/gui/panels/panel_stage.hpp"

namespace sketchscope::panels {
namespace {

using test::PanelStage;
using ::testing::HasSubstr;

class EvictionsTable : public ::testing::Test {
 protected:
  EvictionsTable() {
    stage_.advance(200);
    stage_.draw();
  }
  void click(const std::string& column) {
    stage_.click(stage_.items.find("evictions/sort_" + column)->rect.center());
  }

  PanelStage stage_{"evictions"};
};

TEST_F(EvictionsTable, TellsWhichLinesWereChosen) {
  EXPECT_EQ(stage_.panel->choice(), PanelChoice());
  click("regret");
  EXPECT_EQ(stage_.panel->choice(), (PanelChoice{.order = "regret", .descending = true}));
  click("step");
  EXPECT_EQ(stage_.panel->choice(), PanelChoice()) << "the newest first, as at the beginning";
  click("step");
  EXPECT_EQ(stage_.panel->choice(), (PanelChoice{.order = "step"}));
}

TEST_F(EvictionsTable, ShowsTheLinesThatAreChosen) {
  const PanelChoice wanted{.filter = "L2", .order = "score"};
  stage_.panel->choose(wanted);
  stage_.draw();
  stage_.draw();
  EXPECT_EQ(stage_.panel->choice(), wanted);
  EXPECT_EQ(stage_.subtitle, "by score, lowest first");
  EXPECT_THAT(stage_.readout, HasSubstr(" of "));
  stage_.panel->choose({});
  stage_.draw();
  EXPECT_EQ(stage_.subtitle, "newest first");
}

TEST_F(EvictionsTable, TakesEveryColumnThatAClickCanChoose) {
  for (const char* column :
       {"step", "layer", "position", "token", "score", "exact", "margin", "regret"}) {
    for (const bool descending : {false, true}) {
      stage_.panel->choose({.order = column, .descending = descending});
      const PanelChoice chosen = stage_.panel->choice();
      const bool newest_first = std::string_view(column) == "step" && descending;
      EXPECT_EQ(chosen.order, newest_first ? "" : column);
    }
  }
}

TEST_F(EvictionsTable, RefusesAColumnThatItNeverHas) {
  try {
    stage_.panel->choose({.order = "mass"});
    FAIL();
  } catch (const core::UsageError& error) {
    EXPECT_THAT(error.what(), HasSubstr("'mass'"));
    EXPECT_THAT(error.what(), HasSubstr("regret"));
  }
}

}  // namespace
}  // namespace sketchscope::panels
