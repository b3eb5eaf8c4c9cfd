#include "gui/view/panel_data.hpp"

#include <gmock/gmock.h>

#include "gui/view/step_costs.hpp"
#include "tests/support/invented_run.hpp"

namespace sketchscope::view {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsSupersetOf;
using ::testing::SizeIs;

History history_of(int steps) {
  test::InventedRun run({.prompt_tokens = 100});
  History history;
  for (int step = 0; step < steps; ++step) history.append(run.step());
  return history;
}

/// The cell of a row under a column's name.
std::string cell(const DataTable& table, std::size_t row, std::string_view column) {
  const auto at = std::ranges::find(table.columns, column) - table.columns.begin();
  return table.rows.at(row).at(static_cast<std::size_t>(at));
}

TEST(PanelData, HasAColumnForEveryFigureThatRecordsDescribe) {
  const History history = history_of(50);
  const auto has_all = [&](const DataTable& table, const auto& figures, const std::string& prefix) {
    EXPECT_THAT(table.rows, SizeIs(50));
    figures.for_each([&](const auto& field, const StepSeries& series) {
      if (field.name == "step") return;
      const std::string column = prefix + std::string(field.name);
      ASSERT_THAT(table.columns, Contains(column));
      for (std::size_t step = 0; step < 50; ++step) {
        ASSERT_EQ(cell(table, step, column), exact_text(series[step])) << column << " " << step;
      }
    });
  };
  has_all(steps_data(history), history.figures<record::StepRecord>(), "");
  has_all(times_data(history, {}), history.figures<record::PhaseTimes>(), "");
  has_all(layers_data(history), history.layers()[2].figures, "layer_2_");
}

TEST(PanelData, CallsBytesAsResultsDo) {
  const History history = history_of(50);
  const DataTable table = memory_data(history);
  EXPECT_THAT(table.columns,
              IsSupersetOf({"step", "kv_bytes", "sketch_bytes", "statistics_bytes", "tail_bytes",
                            "audit_bytes", "kv_full_bytes", "weights_bytes"}));
  EXPECT_EQ(cell(table, 49, "kv_bytes"), std::to_string(history.latest()->memory.kv_stored));
}

TEST(PanelData, TellsEachEvictionWithTheTextOfItsToken) {
  const History history = history_of(80);
  const DataTable table = evictions_data(history, 79, {}, TokenText());
  EXPECT_THAT(table.columns, ElementsAre("step", "layer", "head", "position", "token", "text",
                                         "score", "exact_score", "margin", "next_position",
                                         "candidates", "reason", "degenerate", "regret"));
  ASSERT_EQ(table.rows.size(), history.eviction_places().size());
  for (std::size_t row = 0; row < table.rows.size(); ++row) {
    const record::EvictionRecord& eviction = *history.eviction(history.eviction_places()[row]);
    EXPECT_EQ(cell(table, row, "position"), std::to_string(eviction.position));
    EXPECT_EQ(cell(table, row, "score"), exact_text(eviction.score));
    EXPECT_EQ(cell(table, row, "head"), "");
    EXPECT_EQ(cell(table, row, "reason"), record::reason_text(eviction.reason));
    EXPECT_EQ(cell(table, row, "degenerate"), eviction.degenerate ? "1" : "0");
  }
}

}  // namespace
}  // namespace sketchscope::view
