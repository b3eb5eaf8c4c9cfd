#include "engine/core/junit.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sketchscope::core {
namespace {

using ::testing::HasSubstr;

TEST(JunitXml, EscapesFailuresAndCountsThem) {
  const std::vector<JunitCase> cases = {{.name = "fine", .seconds = 0.5, .log = {"line 1: a & b"}},
                                        {.name = "a < b", .failure = "found \"1\"\nexpected > 2"}};
  const std::string xml = junit_xml("suite", cases);
  EXPECT_THAT(xml, HasSubstr("<testsuite name=\"suite\" tests=\"2\" failures=\"1\">"));
  EXPECT_THAT(xml, HasSubstr("name=\"fine\" time=\"0.5\""));
  EXPECT_THAT(xml, HasSubstr("name=\"a &lt; b\""));
  EXPECT_THAT(xml, HasSubstr("found &quot;1&quot;&#10;expected &gt; 2"));
  EXPECT_THAT(xml, HasSubstr("<system-out>line 1: a &amp; b\n</system-out>"));
}

}  // namespace
}  // namespace sketchscope::core
