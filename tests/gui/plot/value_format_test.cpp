#include "gui/plot/value_format.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace sketchscope {
namespace {

TEST(FormatNumber, WritesThreeDigitsAndWholeNumbersWhole) {
  EXPECT_EQ(format_number(0), "0");
  EXPECT_EQ(format_number(0.0834), "0.0834");
  EXPECT_EQ(format_number(312), "312");
  EXPECT_EQ(format_number(16384), "16384");
  EXPECT_EQ(format_number(0.000012), "1.2e-05");
  EXPECT_EQ(format_number(-999.7), "-1000");
}

TEST(FormatNumber, SaysThatThereIsNone) {
  EXPECT_EQ(format_number(std::numeric_limits<double>::quiet_NaN()), "–");
  EXPECT_EQ(format_bytes(std::numeric_limits<double>::infinity()), "–");
  EXPECT_EQ(format_percent(std::numeric_limits<double>::quiet_NaN()), "–");
  EXPECT_EQ(format_signed_percent(-std::numeric_limits<double>::infinity()), "–");
}

TEST(FormatBytes, ChangesTheUnitBeforeTheNumberIsLong) {
  EXPECT_EQ(format_bytes(0), "0 B");
  EXPECT_EQ(format_bytes(1023), "1023 B");
  EXPECT_EQ(format_bytes(8192), "8 KiB");
  EXPECT_EQ(format_bytes(1023.9 * 1024), "1 MiB");
  EXPECT_EQ(format_bytes(4.812 * 1024 * 1024), "4.81 MiB");
}

TEST(FormatPercent, ShowsOneDecimalBelowTen) {
  EXPECT_EQ(format_percent(0.031), "3.1 %");
  EXPECT_EQ(format_percent(0.0996), "10 %");
  EXPECT_EQ(format_signed_percent(-0.874), "−87 %");
  EXPECT_EQ(format_signed_percent(0.031), "+3.1 %");
}

}  // namespace
}  // namespace sketchscope
