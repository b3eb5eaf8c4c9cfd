#include "gui/view/page_cells.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sketchscope::view {
namespace {

using run::PageHolder;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

decode::PageHolders by(std::initializer_list<PageHolder> holders) {
  unsigned bits = 0;
  for (const PageHolder holder : holders) bits |= 1U << static_cast<unsigned>(holder);
  return static_cast<decode::PageHolders>(bits);
}

const std::vector<decode::PageHolders> kHolders = {
    by({PageHolder::lane}), by({PageHolder::kept, PageHolder::lane}), by({}),
    by({PageHolder::twin}), by({PageHolder::other_lane, PageHolder::kept})};

const decode::PoolPages kPool{.shape = {.heads = 2, .head_width = 8},
                              .page_bytes = 2048,
                              .holders = kHolders,
                              .references = {1, 3, 0, 1, 2},
                              .by_holders = decode::count_by_holders(kHolders)};

TEST(PageHolders, AreNamedTheRunBeforeWhatOnlyKeeps) {
  EXPECT_EQ(first_holder(kPool.holders[1]), PageHolder::lane);
  EXPECT_EQ(second_holder(kPool.holders[1]), PageHolder::kept);
  EXPECT_EQ(second_holder(kPool.holders[0]), std::nullopt);
  EXPECT_EQ(first_holder(kPool.holders[2]), std::nullopt);
  EXPECT_EQ(holders_text(kPool.holders[1]), "this run, keyframes");
  EXPECT_EQ(holders_text(kPool.holders[2]), "free");
}

TEST(PageTotals, CountASharedPageForEachHolderAndOnceInAll) {
  const PageTotals totals = page_totals({&kPool, 1});
  EXPECT_EQ(totals.pages, 5U);
  EXPECT_EQ(totals.free, 1U);
  EXPECT_EQ(totals.shared, 2U);
  EXPECT_EQ(totals.bytes, 5 * 2048);
  EXPECT_EQ(totals.free_bytes, 2048);
  std::vector<std::pair<std::string, std::size_t>> held;
  for (const PageCount& count : totals.holders)
    held.emplace_back(holder_name(count.holder), count.pages);
  EXPECT_THAT(held, ElementsAre(std::pair("this run", 2U), std::pair("its twin", 1U),
                                std::pair("run B", 1U), std::pair("keyframes", 2U)));
  EXPECT_EQ(totals.holders.front().shared, 1U);
}

TEST(PoolText, SaysWhatItsPagesHold) {
  EXPECT_EQ(pool_text(kPool), "f32, 2 heads × 8 · 2 KiB a page");
}

TEST(PagesData, HasARowAPage) {
  const DataTable data = pages_data({&kPool, 1});
  ASSERT_EQ(data.rows.size(), kPool.holders.size());
  EXPECT_THAT(data.rows[1], ElementsAre("0", "1", "this run, keyframes", "3", "2048"));
  EXPECT_THAT(pages_data({}).columns, IsEmpty());
}

}  // namespace
}  // namespace sketchscope::view
