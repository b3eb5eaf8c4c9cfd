#include "gui/plot/value_format.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdio>
#include <limits>

#include "engine/core/random.hpp"

namespace sketchscope::plot {
namespace {

TEST(FormatNumber, WritesThreeDigitsAndWholeNumbersWhole) {
  EXPECT_EQ(format_number(0), "0");
  EXPECT_EQ(format_number(0.0834), "0.0834");
  EXPECT_EQ(format_number(312), "312");
  EXPECT_EQ(format_number(16384), "16384");
  EXPECT_EQ(format_number(0.000012), "1.2e-05");
  EXPECT_EQ(format_number(-999.7), "-1000");
}

TEST(ValueFormat, PrintsTheDigitsThatTheStandardLibraryPrints) {
  core::SplitMix64 random(3);
  for (int round = 0; round < 20000; ++round) {
    const double value = (random.uniform() - 0.5) * std::pow(10, random.below(24) - 9.0);
    const int digits = static_cast<int>(random.below(7));
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%.*f", digits, value);
    ASSERT_EQ(fixed_text(value, digits), text.data());
    std::snprintf(text.data(), text.size(), "%.*g", digits, value);
    ASSERT_EQ(digits_text(value, digits), text.data());
  }
  EXPECT_EQ(fixed_text(1e300, 0).size(), 301U);
}

TEST(ValueFormat, ShowsADashForWhatWasNotMeasured) {
  EXPECT_EQ(format_number(std::numeric_limits<double>::quiet_NaN()), kAbsent);
  EXPECT_EQ(format_bytes(std::numeric_limits<double>::infinity()), kAbsent);
  EXPECT_EQ(format_percent(std::numeric_limits<double>::quiet_NaN()), kAbsent);
  EXPECT_EQ(format_signed_percent(-std::numeric_limits<double>::infinity()), kAbsent);
  EXPECT_EQ(fixed_text(kMissing, 2), kAbsent);
  EXPECT_EQ(format_percent(or_missing(std::optional<double>()), 0), kAbsent);
  EXPECT_EQ(format_probability(kMissing), kAbsent);
  EXPECT_EQ(column_bytes(kMissing), kAbsent);
  EXPECT_EQ(column_text(kMissing), kAbsent);
}

TEST(FormatBytes, ChangesTheUnitBeforeTheNumberIsLong) {
  EXPECT_EQ(format_bytes(0), "0 B");
  EXPECT_EQ(format_bytes(1023), "1023 B");
  EXPECT_EQ(format_bytes(8192), "8 KiB");
  EXPECT_EQ(format_bytes(10.5 * 1024), "10.5 KiB");
  EXPECT_EQ(format_bytes(100 * 1024), "100 KiB");
  EXPECT_EQ(format_bytes(1023.9 * 1024), "1 MiB");
  EXPECT_EQ(format_bytes(4.812 * 1024 * 1024), "4.81 MiB");
}

TEST(FormatBytes, KeepsZerosInAColumn) {
  EXPECT_EQ(column_bytes(0), "0 B");
  EXPECT_EQ(column_bytes(1023), "1023 B");
  EXPECT_EQ(column_bytes(8192), "8.00 KiB");
  EXPECT_EQ(column_bytes(1.15 * 1024 * 1024), "1.15 MiB");
  EXPECT_EQ(column_bytes(1023 * 1024), "1.00 MiB") << "four digits would not fit the column";
}

TEST(FormatBytes, RoundsAsTheColumnDoes) {
  for (const double bytes : {1.0, 1500.0, 10240.0, 1010.0 * 1024, 9.996 * 1048576, 3.3e9}) {
    EXPECT_EQ(std::stod(format_bytes(bytes)), std::stod(column_bytes(bytes))) << bytes;
  }
}

TEST(FormatPercent, ShowsOneDecimalBelowTen) {
  EXPECT_EQ(format_percent(0.031), "3.1 %");
  EXPECT_EQ(format_percent(0.0996), "10 %");
  EXPECT_EQ(format_percent(0.994), "99 %");
  EXPECT_EQ(format_percent(0.996), "99.6 %") << "not all of it";
  EXPECT_EQ(format_percent(0.9997), "99.97 %");
  EXPECT_EQ(format_percent(0.99999), "100 %");
  EXPECT_EQ(format_percent(1), "100 %");
  EXPECT_EQ(format_signed_percent(-0.874), "−87 %");
  EXPECT_EQ(format_signed_percent(0.031), "+3.1 %");
}

TEST(FormatPercent, TellsTheUnlikelyFromTheImpossible) {
  EXPECT_EQ(format_probability(0.512), "51 %");
  EXPECT_EQ(format_probability(0.034), "3.4 %");
  EXPECT_EQ(format_probability(1e-6), "<0.1 %");
  EXPECT_EQ(format_probability(0.99997), ">99.9 %");
  EXPECT_EQ(format_probability(1), "100 %");
  EXPECT_EQ(format_probability(0), "0 %");
}

TEST(FixedText, KeepsTheDecimalsAskedFor) {
  EXPECT_EQ(fixed_text(0.0613, 3), "0.061");
  EXPECT_EQ(fixed_text(12, 1), "12.0");
  EXPECT_EQ(format_percent(0.614, 0), "61 %");
  EXPECT_EQ(format_percent(0.0244, 1), "2.4 %");
}

TEST(ColumnText, KeepsTheWidthOfAColumn) {
  EXPECT_EQ(column_text(0.0613), "0.0613");
  EXPECT_EQ(column_text(25.8277), "25.828");
  EXPECT_EQ(column_text(119), "119.00");
  EXPECT_EQ(column_text(-4321.5), "-4322");
}

TEST(CountText, SetsThousandsApart) {
  EXPECT_EQ(count_text(7), "7");
  EXPECT_EQ(count_text(2140), "2,140");
  EXPECT_EQ(count_text(1234567), "1,234,567");
  EXPECT_EQ(count_text(-999), "-999");
  EXPECT_EQ(count_text(-1000), "-1,000");
}

}  // namespace
}  // namespace sketchscope::plot
