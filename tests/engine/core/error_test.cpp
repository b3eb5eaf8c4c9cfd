#include "engine/core/error.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

namespace sketchscope::core {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;

TEST(Error, SaysWhatWasFoundEvenWhereANameHoldsAZero) {
  const Error error({.what = "tensor " + std::string("a\0b\x01", 4),
                     .found = "none",
                     .expected = "one",
                     .remedy = "fetch the file again"});
  EXPECT_STREQ(error.what(), "tensor a?b?: found none, expected one. Fetch the file again");
}

TEST(Error, KeepsBothEndsOfATextThatNobodyWouldReadWhole) {
  std::string found = "begins";
  for (int i = 0; i < 100'000; ++i) found += "é";
  const Error error({.what = "file", .found = found + "ends", .expected = "less"});
  EXPECT_LT(std::strlen(error.what()), 1200U);
  EXPECT_THAT(error.what(), HasSubstr("found begins"));
  EXPECT_THAT(error.what(), EndsWith("ends, expected less"));
  EXPECT_THAT(error.what(), HasSubstr("é…é")) << "no character is cut in half";
}

}  // namespace
}  // namespace sketchscope::core
