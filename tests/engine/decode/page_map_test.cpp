#include "engine/decode/page_map.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "engine/decode/session.hpp"
#include "tests/support/tiny_model.hpp"

namespace sketchscope::decode {
namespace {

constexpr PageHolders kFirst = 1U << 0;
constexpr PageHolders kSecond = 1U << 2;
constexpr PageHolders kOthers = 1U << kOtherPageHolder;

class PageMap : public ::testing::Test {
 protected:
  void feed(LaneId lane, int tokens) {
    for (int token = 0; token < tokens; ++token) {
      const LaneInput input{.lane = lane, .token = token % 250};
      session_.step({&input, 1});
    }
  }

  // How many pages of the only pool each set of holders has.
  std::map<PageHolders, int> count(std::initializer_list<LaneId> lanes) {
    std::vector<PageOwner> owners;
    for (const LaneId lane : lanes) {
      const int number = 2 * static_cast<int>(owners.size());
      owners.push_back({.lane = &session_.lane(lane), .cache = number, .audit = number + 1});
    }
    const std::vector<PoolPages> pools = page_map(session_.pools(), owners);
    EXPECT_EQ(pools.size(), 1U);
    std::map<PageHolders, int> counts;
    for (const PageHolders holders : pools.front().holders) ++counts[holders];
    for (std::size_t set = 0; set < pools.front().by_holders.size(); ++set) {
      const auto found = counts.find(static_cast<PageHolders>(set));
      EXPECT_EQ(pools.front().by_holders[set],
                static_cast<std::size_t>(found == counts.end() ? 0 : found->second));
    }
    return counts;
  }

  Session session_{support::make_tiny_model(), 1};
  const settings::Knobs full_{.policy = "full"};
  const int layers_ = 2;
};

TEST_F(PageMap, TellsWhoHoldsAPageAndWhichAreFree) {
  const LaneId lane = session_.add_lane({.knobs = full_});
  feed(lane, 40);  // two pages and a half
  auto counts = count({lane});
  EXPECT_EQ(counts[kFirst], 3 * layers_);
  EXPECT_EQ(counts[kOthers], 0);
  const LaneId copy = session_.fork(lane);
  counts = count({lane, copy});
  EXPECT_EQ(counts[kFirst | kSecond], 3 * layers_) << "all are shared until one writes";
  feed(copy, 1);
  counts = count({lane, copy});
  EXPECT_EQ(counts[kFirst | kSecond], 2 * layers_);
  EXPECT_EQ(counts[kFirst], layers_);
  EXPECT_EQ(counts[kSecond], layers_);
  counts = count({copy});
  EXPECT_EQ(counts[kFirst], layers_) << "its own copy of the last page";
  EXPECT_EQ(counts[kFirst | kOthers], 2 * layers_) << "shared with a lane that is not named";
  EXPECT_EQ(counts[kOthers], layers_);
  session_.remove(lane);
  session_.remove(copy);
  counts = count({});
  ASSERT_EQ(counts.size(), 1U);
  EXPECT_GE(counts[0], 4 * layers_) << "given back, and kept for the next";
}

TEST_F(PageMap, CountsTheTablesThatHoldAPage) {
  const LaneId lane = session_.add_lane({.knobs = full_});
  feed(lane, 20);
  session_.fork(lane);
  session_.fork(lane);
  const auto pools = page_map(session_.pools(), {});
  std::vector<std::int32_t> held;
  for (const std::int32_t references : pools.front().references) {
    if (references > 0) held.push_back(references);
  }
  EXPECT_THAT(held, ::testing::AllOf(::testing::SizeIs(2 * layers_), ::testing::Each(3)));
}

TEST_F(PageMap, MarksWhatTheAuditKeeps) {
  const LaneId lane = session_.add_lane(
      {.knobs = {.policy = "window", .max_cache_size = 8, .recent_window = 4}, .audit = true});
  feed(lane, 30);
  auto counts = count({lane});
  EXPECT_EQ(counts[kFirst], layers_) << "eight slots lie on one page";
  EXPECT_EQ(counts[1U << 1], 2 * layers_) << "22 evicted positions lie on two";
}

}  // namespace
}  // namespace sketchscope::decode
