#include "gui/view/attention_grid.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "engine/core/random.hpp"
#include "tests/support/invented_attention.hpp"

namespace sketchscope::view {
namespace {

TEST(AttentionCode, KeepsMassesToTwoThousandthsAndTellsWhatIsNotStored) {
  EXPECT_TRUE(std::isnan(run::attention_mass(0)));
  EXPECT_EQ(run::attention_code(0), 1);
  EXPECT_EQ(run::attention_code(1), 255);
  for (int i = 0; i <= 1000; ++i) {
    const float mass = static_cast<float>(i) / 1000;
    EXPECT_NEAR(run::attention_mass(run::attention_code(mass)), mass,
                2 * std::sqrt(mass) / 508 + 1e-5);
  }
}

TEST(AttentionValue, IsThatOfTheRowAndCountsWhatIsGoneAsNothingInADifference) {
  core::SplitMix64 random(6);
  const auto row = test::invented_attention(3, 40, random);
  for (int position = 0; position < 40; ++position) {
    const auto at = static_cast<std::size_t>((1 * 3 + 2) * 40 + position);
    const float lane = run::attention_mass(row->lane[at]);
    const float twin = run::attention_mass(row->twin[at]);
    const float found = attention_value(*row, 1, 2, AttentionSide::lane, position);
    EXPECT_TRUE(found == lane || (std::isnan(found) && std::isnan(lane)));
    EXPECT_EQ(attention_value(*row, 1, 2, AttentionSide::twin, position), twin);
    EXPECT_EQ(attention_value(*row, 1, 2, AttentionSide::difference, position),
              (std::isnan(lane) ? 0 : lane) - twin);
  }
}

TEST(AttentionRows, OfATwinAreThoseThatHaveOne) {
  core::SplitMix64 random(7);
  const std::vector<std::shared_ptr<const run::AttentionRow>> rows = {
      test::invented_attention(3, 4, random, false), test::invented_attention(4, 5, random)};
  EXPECT_EQ(rows_with(rows, AttentionSide::lane).size(), 2U);
  ASSERT_EQ(rows_with(rows, AttentionSide::difference).size(), 1U);
  EXPECT_EQ(rows_with(rows, AttentionSide::twin).front()->step, 4);
  EXPECT_EQ(rows_up_to(rows, 3).size(), 1U);
}

}  // namespace
}  // namespace sketchscope::view
