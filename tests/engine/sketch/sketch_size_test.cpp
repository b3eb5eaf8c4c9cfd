#include "engine/sketch/sketch_size.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "engine/core/error.hpp"
#include "engine/sketch/sketch.hpp"

namespace sketchscope {
namespace {

// The figures that Apache DataSketches gives for the same questions.
TEST(SuggestedSize, IsThatOfTheLiterature) {
  EXPECT_EQ(suggested_width(0.2), 14);
  EXPECT_EQ(suggested_width(0.1), 28);
  EXPECT_EQ(suggested_width(0.05), 55);
  EXPECT_EQ(suggested_width(0.01), 272);
  EXPECT_EQ(suggested_depth(0.6827), 2);
  EXPECT_EQ(suggested_depth(0.9545), 4);
  EXPECT_EQ(suggested_depth(0.9973), 6);
}

TEST(SuggestedSize, GivesATableWhoseBoundIsNoWorseThanAskedFor) {
  for (const double epsilon : {0.5, 0.03, 0.0017}) {
    for (const double confidence : {0.2, 0.9, 0.999}) {
      const auto sketch =
          sketch_kinds()
              .at("count-min")
              .make({.width = suggested_width(epsilon), .depth = suggested_depth(confidence)});
      sketch->update(std::vector<SketchItem>{{.id = 1, .mass = 100}});
      EXPECT_LE(sketch->error_bound().above, epsilon * 100);
      EXPECT_LE(sketch->error_bound().failure, 1 - confidence + 1e-12);
    }
  }
}

TEST(SuggestedSize, RefusesWhatIsNoShare) {
  for (const double bad : {0.0, 1.0, -0.1, 2.0, std::nan("")}) {
    EXPECT_THROW(suggested_width(bad), UsageError);
    EXPECT_THROW(suggested_depth(bad), UsageError);
  }
}

}  // namespace
}  // namespace sketchscope
