#include "engine/cache/page_pool.hpp"

#include <gtest/gtest.h>

#include <map>
#include <tuple>

#include "engine/core/error.hpp"
#include "engine/core/random.hpp"

namespace sketchscope::cache {
namespace {

constexpr PageShape kShape{.heads = 3, .head_width = 5};

TEST(PagePool, CountsReferencesLikeAPlainTally) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    core::SplitMix64 random(seed);
    PagePool pool(kShape);
    std::map<PagePool::PageId, int> tally;
    for (int turn = 0; turn < 300; ++turn) {
      if (tally.empty() || random.below(3) == 0) {
        const auto page = pool.allocate();
        ASSERT_TRUE(tally.emplace(page, 1).second) << "page " << page << " was in use";
      } else {
        const auto chosen = std::next(tally.begin(), static_cast<int>(random.below(tally.size())));
        if (random.below(2) == 0) {
          pool.retain(chosen->first);
          ++chosen->second;
        } else {
          pool.release(chosen->first);
          if (--chosen->second == 0) tally.erase(chosen);
        }
      }
      ASSERT_EQ(pool.pages_in_use(), tally.size());
      for (const auto& [page, count] : tally) ASSERT_EQ(pool.references(page), count);
    }
    for (const auto& [page, count] : tally) {
      for (int reference = 0; reference < count; ++reference) pool.release(page);
    }
    EXPECT_EQ(pool.pages_in_use(), 0U);
  }
}

TEST(PagePool, GivesEveryPageMemoryOfItsOwn) {
  PagePool pool({.heads = 12, .head_width = 64});
  const std::size_t half_page = pool.page_bytes() / 2;
  std::vector<PagePool::PageId> pages;
  for (int count = 0; count < 40; ++count) {
    pages.push_back(pool.allocate());
    std::fill_n(pool.keys(pages.back()), half_page, static_cast<std::byte>(count));
    std::fill_n(pool.values(pages.back()), half_page, static_cast<std::byte>(-count));
  }
  for (int count = 0; count < 40; ++count) {
    const kernels::PageView view = pool.view(pages[static_cast<std::size_t>(count)]);
    for (std::size_t index = 0; index < half_page; ++index) {
      ASSERT_EQ(static_cast<const std::byte*>(view.keys)[index], static_cast<std::byte>(count));
      ASSERT_EQ(static_cast<const std::byte*>(view.values)[index], static_cast<std::byte>(-count));
    }
  }
}

TEST(PagePool, AlignsPagesToCacheLines) {
  PagePool pool({.heads = 1, .head_width = 1});
  for (int count = 0; count < 50; ++count) {
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(pool.keys(pool.allocate())) % 64, 0U);
  }
}

TEST(PagePool, CountsItsBytesByTheFormula) {
  PagePool pool(kShape);
  EXPECT_EQ(pool.page_bytes(), 2U * 3 * 16 * 5 * sizeof(float));
  EXPECT_EQ(pool.bytes_reserved(), 0U);
  const auto first = pool.allocate();
  const auto second = pool.allocate();
  pool.release(first);
  EXPECT_GE(pool.bytes_reserved(), 2 * pool.page_bytes());
  EXPECT_EQ(pool.pages_in_use(), 1U);
  EXPECT_EQ(pool.pages_in_use_peak(), 2U);
  pool.release(second);
}

TEST(PagePool, HandsOutReservedPagesWithoutGrowing) {
  PagePool pool(kShape);
  pool.reserve(500);
  const std::size_t reserved = pool.bytes_reserved();
  EXPECT_GE(reserved, 500 * pool.page_bytes());
  for (int count = 0; count < 500; ++count) std::ignore = pool.allocate();
  EXPECT_EQ(pool.bytes_reserved(), reserved);
}

TEST(PagePool, ReusesWhatWasReleased) {
  PagePool pool(kShape);
  pool.release(pool.allocate());
  const std::size_t reserved = pool.bytes_reserved();
  for (int turn = 0; turn < 10000; ++turn) pool.release(pool.allocate());
  EXPECT_EQ(pool.bytes_reserved(), reserved);
}

TEST(PagePool, RefusesReferencesToPagesThatAreFree) {
  PagePool pool(kShape);
  const auto page = pool.allocate();
  pool.release(page);
  EXPECT_THROW(pool.release(page), core::Error);
  EXPECT_THROW(pool.retain(page), core::Error);
  EXPECT_THROW(std::ignore = pool.keys(page), core::Error);
  EXPECT_THROW(pool.retain(-1), core::Error);
  EXPECT_EQ(pool.references(page), 0);
  EXPECT_EQ(pool.references(1 << 20), 0);
}

TEST(PagePool, RefusesShapesWithoutRoom) {
  EXPECT_THROW(PagePool({.heads = 0, .head_width = 64}), core::Error);
  EXPECT_THROW(PagePool({.heads = 12, .head_width = 0}), core::Error);
}

}  // namespace
}  // namespace sketchscope::cache
