#include "gui/view/allocations.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/invented_run.hpp"

namespace sketchscope::view {
namespace {

History history_under(const test::InventedRunOptions& options, int steps) {
  test::InventedRun run(options);
  History history;
  for (int step = 0; step < steps; ++step) history.append(run.step());
  return history;
}

std::size_t column_of(const DataTable& table, std::string_view name) {
  return static_cast<std::size_t>(std::ranges::find(table.columns, name) - table.columns.begin());
}

TEST(MachineText, SaysWhatTheProcessTakesAndThatThereIsNoGpu) {
  record::MemoryLedger ledger{.process = std::size_t{3} << 20};
  EXPECT_EQ(machine_text(ledger), "process 3.00 MiB · no GPU in use");
  ledger.device_used = std::size_t{2} << 30;
  EXPECT_EQ(machine_text(ledger), "process 3.00 MiB · device 2.00 GiB");
  ledger.device_total = std::size_t{80} << 30;
  EXPECT_EQ(machine_text(ledger), "process 3.00 MiB · device 2.00 GiB of 80.0 GiB");
}

TEST(StackedAllocations, RiseFromPartToPartToTheSumOfAll) {
  const History history = history_under({}, 30);
  StackedAllocations stacked;
  stacked.update(history);
  for (std::size_t step = 0; step < history.size(); ++step) {
    const auto parts = allocations(history.records()[step]->memory);
    double sum = 0;
    for (std::size_t part = 0; part < parts.size(); ++part) {
      sum += parts[part];
      ASSERT_EQ(stacked.up_to(part).at(step), sum) << kAllocations[part] << ", step " << step;
    }
  }
}

TEST(StackedAllocations, FollowARunThatIsReplaced) {
  StackedAllocations stacked;
  stacked.update(history_under({}, 30));
  const History shorter = history_under({.layers = 2}, 4);
  stacked.update(shorter);
  EXPECT_EQ(stacked.up_to(0).size(), 4U);
  EXPECT_EQ(stacked.up_to(1).back() - stacked.up_to(0).back(),
            static_cast<double>(shorter.records().back()->memory.pages_reserved));
}

TEST(AllocationsData, LeavesADeviceThatIsNotThereEmpty) {
  const DataTable without = allocations_data(history_under({}, 3));
  ASSERT_EQ(without.rows.size(), 3U);
  EXPECT_EQ(without.rows[2][column_of(without, "device_used")], "");
  EXPECT_NE(without.rows[2][column_of(without, "process")], "");
  const History history = history_under({.device = true}, 3);
  const DataTable with = allocations_data(history);
  EXPECT_EQ(with.rows[2][column_of(with, "device_used")],
            std::to_string(*history.records()[2]->memory.device_used));
}

}  // namespace
}  // namespace sketchscope::view
