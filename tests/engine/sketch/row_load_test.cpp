#include "engine/sketch/row_load.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/sketch/table_sketch.hpp"

namespace sketchscope::sketch {
namespace {

using ::testing::DoubleEq;
using ::testing::DoubleNear;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// The loads of a table that counted each of the first positions of a text once.
std::vector<double> loads_of(const SketchShape& shape, std::uint32_t positions) {
  CountMin table(shape);
  for (std::uint32_t position = 0; position < positions; ++position) {
    const kernels::SketchItem item{.id = position, .mass = 1};
    table.update({&item, 1});
  }
  return row_loads(table.cells(), shape.depth);
}

TEST(RowLoads, AreSharesOfCellsThatAreNotZero) {
  const std::vector<float> cells = {0, 2, 0, 0, 8, -1, 0, 1};
  EXPECT_THAT(row_loads(cells, 2), ElementsAre(DoubleEq(0.25), DoubleEq(0.75)));
  EXPECT_THAT(row_loads({}, 4), IsEmpty());
  EXPECT_THAT(row_loads(cells, 0), IsEmpty());
}

TEST(RowLoads, AreThoseOfRandomHashesForConsecutivePositionsUnlessTheyArePlain) {
  // 363 balls in 512 bins fill 1 − (1 − 1/512)^363 = 51 % of them, ± 2 %.
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const SketchShape shape{.width = 512, .depth = 4, .seed = seed};
    for (const double load : loads_of(shape, 363)) EXPECT_NEAR(load, 0.51, 0.06) << seed;
    EXPECT_THAT(nearly_dead_rows(loads_of(shape, 363), 512), IsEmpty()) << seed;
  }
  const auto plain =
      loads_of({.width = 512, .depth = 4, .seed = 42, .input = kernels::SketchInput::plain}, 363);
  EXPECT_THAT(plain, ElementsAre(DoubleNear(0.71, 0.01), DoubleNear(0.71, 0.01),
                                 DoubleNear(0.68, 0.01), DoubleNear(0.19, 0.01)));
  EXPECT_THAT(nearly_dead_rows(plain, 512), ElementsAre(3));
}

TEST(NearlyDeadRows, AreNotNamedWhereChanceDecides) {
  EXPECT_THAT(nearly_dead_rows(std::vector<double>{0.5, 0.2}, 30), IsEmpty());
  EXPECT_THAT(nearly_dead_rows(std::vector<double>{0.5, 0.2}, 40), ElementsAre(1));
  EXPECT_THAT(nearly_dead_rows(std::vector<double>{0.5, 0.25}, 40), IsEmpty());
  EXPECT_THAT(nearly_dead_rows({}, 40), IsEmpty());
}

}  // namespace
}  // namespace sketchscope::sketch
