#include "gui/view/eviction_lines.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "tests/support/invented_run.hpp"

namespace sketchscope {
namespace {

using test::InventedRun;

class SortedEvictions : public ::testing::Test {
 protected:
  SortedEvictions() {
    for (int step = 0; step < 180; ++step) history_.append(run_.step());
    state_ = run_.state();
  }

  /// All lines, read in pages of seven as a table scrolls.
  std::vector<EvictionRow> rows(EvictionOrder order, std::string_view search = "") {
    lines_.update(history_, state_, text_, kEnd, parse_eviction_search(search), order);
    std::vector<EvictionRow> rows;
    for (std::size_t at = 0; at < lines_.size(); at += 7) {
      for (const EvictionPlace place : lines_.lines(at, 7)) {
        rows.push_back(eviction_row(history_, place, &state_, text_));
      }
    }
    return rows;
  }

  static constexpr std::int64_t kEnd = std::numeric_limits<std::int64_t>::max();
  InventedRun run_{{.layers = 3}};
  History history_;
  LiveState state_;
  TokenText text_{[](int token) { return token % 2 == 0 ? " was" : "Then"; }};
  EvictionLines lines_;
};

double number_of(const EvictionRow& row, EvictionColumn column) {
  switch (column) {
    case EvictionColumn::layer:
      return row.layer;
    case EvictionColumn::position:
      return row.position;
    case EvictionColumn::score:
      return row.score;
    case EvictionColumn::exact:
      return row.exact;
    case EvictionColumn::margin:
      return row.degenerate ? std::nan("") : row.margin;
    case EvictionColumn::regret:
      return row.regret;
    default:
      return static_cast<double>(row.place.step);
  }
}

TEST_F(SortedEvictions, FallOrRiseInTheirColumnWithWhatIsMissingAtTheEnd) {
  using enum EvictionColumn;
  for (const EvictionColumn column : {step, layer, position, score, exact, margin, regret}) {
    for (const bool descending : {true, false}) {
      const auto found = rows({column, descending});
      ASSERT_EQ(found.size(), history_.eviction_places().size());
      for (std::size_t i = 1; i < found.size(); ++i) {
        const double a = number_of(found[i - 1], column);
        const double b = number_of(found[i], column);
        if (std::isnan(b)) continue;
        ASSERT_FALSE(std::isnan(a)) << "line " << i;
        ASSERT_TRUE(descending ? a >= b : a <= b) << static_cast<int>(column) << " line " << i;
      }
    }
  }
}

TEST_F(SortedEvictions, AreEachThereOnceInWhateverOrder) {
  const auto places_of = [](const std::vector<EvictionRow>& rows) {
    std::vector<std::pair<std::int64_t, std::size_t>> keys;
    for (const auto& row : rows) keys.emplace_back(row.place.step, row.place.index);
    std::ranges::sort(keys);
    return keys;
  };
  const auto all = places_of(rows({}));
  EXPECT_EQ(std::ranges::adjacent_find(all), all.end());
  EXPECT_EQ(places_of(rows({EvictionColumn::regret, true})), all);
  EXPECT_EQ(places_of(rows({EvictionColumn::token, false})), all);
}

TEST_F(SortedEvictions, LieByWordWhereTokensAreSorted) {
  const auto rising = rows({EvictionColumn::token, false});
  EXPECT_EQ(rising.front().token, "·was");
  EXPECT_EQ(rising.back().token, "Then");
  EXPECT_EQ(rows({EvictionColumn::token, true}).front().token, "Then");
}

TEST_F(SortedEvictions, AreThoseThatAreLookedFor) {
  const auto all = rows({});
  const auto expect_kept = [&](std::string_view search, auto keep) {
    const auto found = rows({}, search);
    EXPECT_EQ(static_cast<std::ptrdiff_t>(found.size()), std::ranges::count_if(all, keep))
        << search;
    EXPECT_TRUE(std::ranges::all_of(found, keep)) << search;
    EXPECT_FALSE(found.empty()) << search;
  };
  const int position = all.front().position;
  expect_kept("L1", [](const EvictionRow& row) { return row.layer == 1; });
  expect_kept("p" + std::to_string(position),
              [&](const EvictionRow& row) { return row.position == position; });
  expect_kept("l2 WAS",
              [](const EvictionRow& row) { return row.layer == 2 && row.token == "·was"; });
  expect_kept("capac", [](const EvictionRow&) { return true; });
  EXPECT_TRUE(rows({}, "nobody").empty());
}

TEST_F(SortedEvictions, TakeInWhatIsNew) {
  const std::size_t before = rows({EvictionColumn::score, true}).size();
  history_.append(run_.step());
  EXPECT_EQ(rows({EvictionColumn::score, true}).size(), history_.eviction_places().size());
  EXPECT_GT(history_.eviction_places().size(), before);
}

TEST(EvictionOrders, TurnAroundWhenTheirColumnIsClickedAgain) {
  EvictionOrder order;
  EXPECT_EQ(order_text(order), "newest first");
  order = clicked_order(order, EvictionColumn::regret);
  EXPECT_EQ(order_text(order), "by regret, greatest first");
  order = clicked_order(order, EvictionColumn::regret);
  EXPECT_EQ(order_text(order), "by regret, lowest first");
  EXPECT_EQ(order_text(clicked_order(order, EvictionColumn::token)), "by token, from A");
}

}  // namespace
}  // namespace sketchscope
