#include "gui/view/quantity.hpp"

#include <gtest/gtest.h>

namespace sketchscope {
namespace {

TEST(Quantity, ShowsADashForWhatWasNotMeasured) {
  EXPECT_EQ(fixed_text(kMissing, 2), kAbsent);
  EXPECT_EQ(percent_text(or_missing(std::optional<double>())), kAbsent);
  EXPECT_EQ(bytes_text(kMissing), kAbsent);
}

TEST(Quantity, WritesBytesInTheUnitAPersonWouldPick) {
  EXPECT_EQ(bytes_text(0), "0 B");
  EXPECT_EQ(bytes_text(1023), "1023 B");
  EXPECT_EQ(bytes_text(8192), "8.00 KiB");
  EXPECT_EQ(bytes_text(1.15 * 1024 * 1024), "1.15 MiB");
  EXPECT_EQ(bytes_text(1023 * 1024), "1.00 MiB") << "four digits would not fit the column";
}

TEST(Quantity, KeepsTheDecimalsAskedFor) {
  EXPECT_EQ(fixed_text(0.0613, 3), "0.061");
  EXPECT_EQ(fixed_text(12, 1), "12.0");
  EXPECT_EQ(percent_text(0.614), "61 %");
  EXPECT_EQ(percent_text(0.0244, 1), "2.4 %");
}

TEST(Quantity, KeepsTheWidthOfAColumn) {
  EXPECT_EQ(column_text(0.0613), "0.0613");
  EXPECT_EQ(column_text(25.8277), "25.828");
  EXPECT_EQ(column_text(119), "119.00");
  EXPECT_EQ(column_text(-4321.5), "-4322");
  EXPECT_EQ(column_text(kMissing), kAbsent);
}

TEST(Quantity, TellsTheUnlikelyFromTheImpossible) {
  EXPECT_EQ(probability_text(0.512), "51 %");
  EXPECT_EQ(probability_text(0.034), "3.4 %");
  EXPECT_EQ(probability_text(1e-6), "<0.1 %");
  EXPECT_EQ(probability_text(0), "0 %");
  EXPECT_EQ(probability_text(kMissing), kAbsent);
}

TEST(Quantity, SetsThousandsApart) {
  EXPECT_EQ(count_text(7), "7");
  EXPECT_EQ(count_text(2140), "2,140");
  EXPECT_EQ(count_text(1234567), "1,234,567");
  EXPECT_EQ(count_text(-999), "-999");
  EXPECT_EQ(count_text(-1000), "-1,000");
}

}  // namespace
}  // namespace sketchscope
