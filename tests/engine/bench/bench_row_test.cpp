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
  const MachineSpeed machine{.read_gb_per_s = 20, .gflop_per_s = 60};
  const BenchRow row = row_of({500});  // 12 GB/s, 6 GFLOP/s
  EXPECT_DOUBLE_EQ(bandwidth_share(row, machine), 0.6);
  EXPECT_DOUBLE_EQ(arithmetic_share(row, machine), 0.1);
}

TEST(MachineProbe, FindsSpeedsThatAProcessorCanHave) {
  MachineProbe probe(2);
  probe.measure();
  const MachineSpeed speed = probe.speed();
  EXPECT_GT(speed.read_gb_per_s, 0.01);
  EXPECT_LT(speed.read_gb_per_s, 1e4);
  EXPECT_GT(speed.gflop_per_s, 0.01);
  EXPECT_LT(speed.gflop_per_s, 1e5);
  EXPECT_EQ(speed.threads, 2);
  EXPECT_FALSE(speed.cpu.empty());
}

}  // namespace
}  // namespace sketchscope::bench
