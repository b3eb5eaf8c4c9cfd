#include "engine/trace/machine_speed.hpp"

#include <gtest/gtest.h>

namespace sketchscope::trace {
namespace {

const MachineSpeed kMachine{.read_gb_per_s = 20, .gflop_per_s = 60};

TEST(BoundOf, IsTheSlowerOfMemoryAndArithmetic) {
  const auto memory = bound_of({.bytes = 40'000'000, .multiply_adds = 30'000'000}, kMachine);
  ASSERT_TRUE(memory);
  EXPECT_TRUE(memory->by_memory);
  EXPECT_DOUBLE_EQ(memory->ms, 2) << "40 MB at 20 GB/s; the arithmetic takes 1 ms";
  const auto arithmetic = bound_of({.bytes = 40'000'000, .multiply_adds = 90'000'000}, kMachine);
  ASSERT_TRUE(arithmetic);
  EXPECT_FALSE(arithmetic->by_memory);
  EXPECT_DOUBLE_EQ(arithmetic->ms, 3) << "180 million operations at 60 GFLOP/s";
}

TEST(BoundOf, NeedsWorkThatIsCountedAndAMachineThatWasMeasured) {
  EXPECT_FALSE(bound_of({}, kMachine));
  EXPECT_FALSE(bound_of({.bytes = 1}, {}));
}

TEST(ShareOfBound, IsTheLeastTimeByTheTimeTaken) {
  EXPECT_DOUBLE_EQ(share_of_bound({.bytes = 40'000'000}, 8, kMachine).value(), 0.25);
  EXPECT_FALSE(share_of_bound({.bytes = 40'000'000}, 0, kMachine));
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
}  // namespace sketchscope::trace
