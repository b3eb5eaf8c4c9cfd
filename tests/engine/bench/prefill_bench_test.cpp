#include "engine/bench/prefill_bench.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "engine/core/error.hpp"
#include "tests/support/tiny_model.hpp"

namespace sketchscope::bench {
namespace {

TEST(BenchPrefill, MeasuresEveryLengthAndNotesEveryOperation) {
  std::ostringstream text;
  trace::ChromeTraceWriter writer(text);
  trace::MachineProbe machine(1);
  const auto rows = bench_prefill(
      {.model = support::make_tiny_model(), .tokens = {5, 20}, .rounds = 2, .writer = &writer},
      machine, {});
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].context, 5);
  EXPECT_EQ(rows[1].context, 20);
  EXPECT_GT(rows[1].operations, 2 * rows[0].operations);
  for (const BenchRow& row : rows) EXPECT_GT(row.times.minimum(), 0);

  writer.finish();
  int attention = 0;
  const auto json = nlohmann::json::parse(text.str());
  for (const auto& event : json.at("traceEvents")) {
    if (event.at("name") == "attention" && event.value("cat", "") == "operation") ++attention;
  }
  EXPECT_EQ(attention, 2 * 2 * 3) << "layers × lengths × (rounds and one to warm up)";
}

TEST(BenchPrefill, RefusesAPromptBeyondTheContext) {
  trace::MachineProbe machine(1);
  EXPECT_THROW(bench_prefill({.model = support::make_tiny_model(), .tokens = {65}}, machine, {}),
               core::Error);
}

}  // namespace
}  // namespace sketchscope::bench
