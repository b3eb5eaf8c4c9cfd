#include "gui/panels/rows_of_runs.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <memory>

#include "tests/gui/panels/panel_stage.hpp"

namespace sketchscope::panels {
namespace {

using test::PanelStage;
using ::testing::Each;
using ::testing::Not;
using ::testing::SizeIs;

/// A stage with A, a live run B, and a saved run C that is shorter.
class RowsOfRuns : public ::testing::Test {
 protected:
  static constexpr int kSteps = 120;
  static constexpr int kSaved = 60;

  explicit RowsOfRuns(std::string_view panel = "memory") : stage_(panel) {
    stage_.advance(kSteps);
    test::InventedRun other({.seed = 2});
    stage_.other.emplace();
    for (int step = 0; step < kSteps; ++step) stage_.other->append(other.step());
    run::LiveState beside = other.state();
    beside.place = 1;
    beside.layers.clear();
    stage_.state.others = {std::make_shared<const run::LiveState>(std::move(beside))};
    test::InventedRun saved({.seed = 3});
    for (int step = 0; step < kSaved; ++step) saved_.append(saved.step());
    stage_.runs.emplace();
    stage_.runs->runs = {
        {.place = 0, .name = "A", .history = &stage_.history, .knobs = stage_.state.applied},
        {.place = 1, .name = "B", .history = &*stage_.other, .knobs = stage_.state.applied},
        {.place = 2, .name = "C", .history = &saved_, .knobs = {}, .file = "c.scope"}};
  }

  view::DataTable rows() { return rows_of_runs(*stage_.panel, stage_.context()); }

  static std::vector<std::vector<std::string>> of(const view::DataTable& table,
                                                  const std::string& letter) {
    std::vector<std::vector<std::string>> rows;
    for (const auto& row : table.rows) {
      if (row.front() == letter) rows.emplace_back(row.begin() + 1, row.end());
    }
    return rows;
  }

  PanelStage stage_;
  view::History saved_;
};

TEST_F(RowsOfRuns, AreThoseOfOneRunWithoutAColumnWhereItIsAlone) {
  stage_.runs.reset();
  stage_.other.reset();
  EXPECT_EQ(rows().rows, stage_.panel->data(stage_.context()).rows);
  EXPECT_EQ(rows().columns.front(), "step");
}

TEST_F(RowsOfRuns, AreThoseOfEachRunUnderItsLetter) {
  const view::DataTable table = rows();
  EXPECT_EQ(table.columns.front(), "run");
  EXPECT_EQ(table.columns[1], "step");
  EXPECT_THAT(table.rows, Each(SizeIs(table.columns.size())));
  EXPECT_EQ(of(table, "A"), stage_.panel->data(stage_.context()).rows);
  PanelStage other("memory");
  other.history = *stage_.other;
  EXPECT_EQ(of(table, "B"), other.panel->data(other.context()).rows);
  other.history = saved_;
  EXPECT_EQ(of(table, "C"), other.panel->data(other.context()).rows);
  EXPECT_THAT(of(table, "C"), SizeIs(kSaved)) << "it is shorter, and whole";
}

TEST_F(RowsOfRuns, LeaveOutHiddenRuns) {
  stage_.runs->choice.hidden[1] = true;
  EXPECT_THAT(of(rows(), "B"), SizeIs(0));
  EXPECT_THAT(of(rows(), "A"), SizeIs(kSteps));
  EXPECT_THAT(of(rows(), "C"), SizeIs(kSaved));
}

class RowsOfAStep : public RowsOfRuns {
 protected:
  RowsOfAStep() : RowsOfRuns("bytes") {}
};

TEST_F(RowsOfAStep, AreOfTheSamePositionInEveryRun) {
  stage_.selection.locked_step = 40;
  const view::DataTable table = rows();
  const int position = stage_.history.at(40)->position;
  const auto full = [&](const std::string& letter) {
    for (const auto& row : of(table, letter)) {
      if (row[0] == "full cache") return row[1];
    }
    return std::string();
  };
  for (const auto& [letter, history] :
       {std::pair{"A", &stage_.history}, {"B", &*stage_.other}, {"C", &saved_}}) {
    const auto& memory = history->at(history->fed_at(position))->memory;
    EXPECT_EQ(full(letter), std::to_string(memory.kv_full)) << letter;
  }
  stage_.selection.locked_step.reset();
  EXPECT_THAT(of(rows(), "C"), SizeIs(0)) << "the newest step of A is beyond it";
  EXPECT_THAT(of(rows(), "B"), Not(SizeIs(0)));
}

TEST_F(RowsOfRuns, StandAloneWhereThePanelHasAllRunsAlready) {
  for (const char* name : {"compare", "runs", "study", "why"}) {
    PanelStage stage(name);
    EXPECT_EQ(stage.panel->rows_of(), RowsOf::everything) << name;
  }
}

}  // namespace
}  // namespace sketchscope::panels
