#include "engine/bench/bench_row.hpp"

#include <gtest/gtest.h>

namespace sketchscope::bench {
namespace {

BenchRow row_of(std::initializer_list<double> times) {
  BenchRow row{.bytes = 6e9, .operations = 3e9};
  for (const double time : times) row.times.add(time);
  return row;
}

TEST(Timings, KnowTheirMedianAndMinimum) {
  const BenchRow row = row_of({5, 1, 100, 3, 4});
  EXPECT_EQ(row.times.median(), 4);
  EXPECT_EQ(row.times.minimum(), 1);
}

TEST(BenchRow, SharesAreOfWhatTheMachineReached) {
  const trace::MachineSpeed machine{.read_gb_per_s = 20, .gflop_per_s = 60};
  const BenchRow row = row_of({500});  // 12 GB/s, 6 GFLOP/s
  EXPECT_DOUBLE_EQ(bandwidth_share(row, machine), 0.6);
  EXPECT_DOUBLE_EQ(arithmetic_share(row, machine), 0.1);
}

TEST(BenchRow, NamesTheBoundThatTakesLonger) {
  const trace::MachineSpeed machine{.read_gb_per_s = 20, .gflop_per_s = 60};
  BenchRow row = row_of({500});  // 300 ms of memory, 50 ms of arithmetic
  EXPECT_DOUBLE_EQ(bound_share(row, machine).value(), 0.6);
  EXPECT_EQ(bound_name(row, machine), "memory");
  row.operations = 24e9;  // 400 ms
  EXPECT_DOUBLE_EQ(bound_share(row, machine).value(), 0.8);
  EXPECT_EQ(bound_name(row, machine), "arithmetic");
  row.bytes = row.operations = 0;
  EXPECT_FALSE(bound_share(row, machine));
  EXPECT_EQ(bound_name(row, machine), "");
}

}  // namespace
}  // namespace sketchscope::bench
