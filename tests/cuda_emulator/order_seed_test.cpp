// Gives every test of this binary orders of its own: those of its name, and of --gtest_random_seed
// where the tests are shuffled. The seed of a failed test is printed.
#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "tests/cuda_emulator/block.hpp"

namespace sketchscope::cuda_emulator {
namespace {

class OrderSeed final : public ::testing::EmptyTestEventListener {
 public:
  void OnTestStart(const ::testing::TestInfo& test) override {
    const std::string name = std::string(test.test_suite_name()) + "." + test.name();
    const auto shuffle = ::testing::UnitTest::GetInstance()->random_seed();
    seed_ = std::hash<std::string>{}(name) + static_cast<std::uint64_t>(shuffle);
    draw_orders_from(seed_);
  }
  void OnTestEnd(const ::testing::TestInfo& test) override {
    if (test.result()->Failed())
      printf("emulator's orders were drawn from seed %llu\n",
             static_cast<unsigned long long>(seed_));
  }

 private:
  std::uint64_t seed_ = 0;
};

const bool kListens = [] {
  ::testing::UnitTest::GetInstance()->listeners().Append(new OrderSeed);  // GoogleTest deletes it
  return true;
}();

TEST(Emulator, SeedsItsOrdersAtTheStartOfEveryTest) {
  EXPECT_TRUE(kListens);
}

}  // namespace
}  // namespace sketchscope::cuda_emulator
