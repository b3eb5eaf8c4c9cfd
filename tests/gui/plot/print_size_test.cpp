#include "gui/plot/print_size.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/core/error.hpp"

namespace sketchscope::plot {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr PrintSize kAsked{.width_mm = 85, .height_mm = 60, .text_pt = 8, .may_grow = false};

TEST(FittedPrint, StaysAsItIsWhereThereIsRoom) {
  const Size room = size_in_units(kAsked);
  const PrintSize print = fitted_print(kAsked, room, "panel why");
  EXPECT_EQ(print.width_mm, 85);
  EXPECT_EQ(print.height_mm, 60);
}

TEST(FittedPrint, GrowsToWholeMillimetresWhereNoSizeWasAskedFor) {
  PrintSize usual = kAsked;
  usual.may_grow = true;
  const Size room = size_in_units(usual);
  const PrintSize print = fitted_print(usual, {room.width * 1.5F, room.height / 2}, "panel study");
  EXPECT_EQ(print.width_mm, 128) << "127.5 mm";
  EXPECT_EQ(print.height_mm, 60);
  const Size grown = size_in_units(print);
  EXPECT_EQ(fitted_print(kAsked, {10, 10}, "").width_mm, 85);
  EXPECT_GE(grown.width, room.width * 1.5F);
}

TEST(FittedPrint, IsRefusedWithTheSizeItNeedsWhereOneWasAskedFor) {
  const Size room = size_in_units(kAsked);
  try {
    static_cast<void>(fitted_print(kAsked, {room.width * 2, room.height * 1.1F}, "panel study"));
    FAIL() << "it was drawn";
  } catch (const core::UsageError& error) {
    EXPECT_THAT(error.what(), AllOf(HasSubstr("panel study"), HasSubstr("85x60 mm"),
                                    HasSubstr("8 pt"), HasSubstr("--mm 170x66")));
  }
}

}  // namespace
}  // namespace sketchscope::plot
