#include "gui/view/data_table.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace sketchscope::view {
namespace {

TEST(CsvText, QuotesWhatWouldBeReadOtherwise) {
  const DataTable table{.columns = {"a", "b"},
                        .rows = {{"1", "x,y"}, {"", "say \"hi\"\n"}, {"#3", " spaced "}}};
  EXPECT_EQ(csv_text(table, ""), "a,b\n1,\"x,y\"\n,\"say \"\"hi\"\"\n\"\n\"#3\", spaced \n");
}

TEST(CsvText, BeginsWithItsCommentLineByLine) {
  EXPECT_EQ(csv_text({.columns = {"a"}}, "{\n \"seed\": 42\n}"), "# {\n#  \"seed\": 42\n# }\na\n");
}

TEST(TabText, KeepsEveryCellInItsPlace) {
  const DataTable table{.columns = {"a", "b"}, .rows = {{"x\ty", "two\nlines"}, {"", "1,5"}}};
  EXPECT_EQ(tab_text(table), "a\tb\nx y\ttwo lines\n\t1,5\n");
}

TEST(ExactText, ReadsBackAsTheSameNumberAndIsEmptyWhereThereIsNone) {
  for (const double value : {0.1, 1.0 / 3, 1e-300, -7.0, 123456789.0}) {
    EXPECT_EQ(std::stod(exact_text(value)), value);
  }
  EXPECT_EQ(exact_text(std::numeric_limits<double>::quiet_NaN()), "");
  EXPECT_EQ(exact_text(std::numeric_limits<double>::infinity()), "");
}

}  // namespace
}  // namespace sketchscope::view
