#include "engine/bench/kernel_bench.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "engine/sketch/sketch.hpp"

namespace sketchscope::bench {
namespace {

TEST(RunKernelCases, GivesEachCaseItsOwnTimes) {
  int short_runs = 0;
  int long_runs = 0;
  volatile double sink = 0;
  const auto spend = [&sink](int rounds) {
    for (int i = 0; i < rounds; ++i) sink = sink + 1.0;
  };
  trace::MachineProbe machine(1);
  const auto rows = run_kernel_cases({{.row = {.what = "short"},
                                       .work =
                                           [&] {
                                             spend(100);
                                             ++short_runs;
                                           }},
                                      {.row = {.what = "long"},
                                       .work =
                                           [&] {
                                             spend(100000);
                                             ++long_runs;
                                           }}},
                                     3, machine, {});
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].what, "short");
  EXPECT_EQ(rows[1].what, "long");
  EXPECT_GE(long_runs, 3);
  EXPECT_GT(short_runs, long_runs);
  EXPECT_GT(rows[1].times.minimum(), rows[0].times.minimum());
}

TEST(BenchSketches, MeasuresEveryKindThereIs) {
  trace::MachineProbe machine(1);
  const auto rows = bench_sketches(1, machine, {});
  EXPECT_EQ(rows.size(), 2 * sketch::sketch_kinds().size());
  for (const BenchRow& row : rows) EXPECT_FALSE(row.times.empty()) << row.what << row.policy;
}

TEST(BenchAttention, CountsSharedPagesOnce) {
  trace::MachineProbe machine(1);
  const auto rows = bench_attention(2, 1, machine, {});
  const auto bytes_of = [&](const std::string& what, int lanes) {
    const auto row = std::ranges::find_if(rows, [&](const BenchRow& candidate) {
      return candidate.what == what && candidate.lanes == lanes && candidate.dtype == "f16";
    });
    return row == rows.end() ? 0.0 : row->bytes;
  };
  const double alone = 512 * 2.0 * 768 * 2;  // slots × key and value × numbers × bytes
  EXPECT_EQ(bytes_of("attention", 1), alone);
  EXPECT_EQ(bytes_of("attention", 20), 20 * alone);
  EXPECT_EQ(bytes_of("attention, 500 shared", 20), alone + 19 * alone / 32);
}

}  // namespace
}  // namespace sketchscope::bench
