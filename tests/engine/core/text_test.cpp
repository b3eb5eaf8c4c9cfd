#include "engine/core/text.hpp"

#include <gtest/gtest.h>

namespace sketchscope::core {
namespace {

TEST(XmlEscaped, ReplacesWhatNoXmlDocumentMayHold) {
  EXPECT_EQ(xml_escaped("a\x01z"), "a z");
  EXPECT_EQ(xml_escaped("a\xEF\xBF\xBEz"), "a z") << "U+FFFE";
  EXPECT_EQ(xml_escaped("a\xEF\xBF\xBF"), "a ") << "U+FFFF";
  EXPECT_EQ(xml_escaped("\xEF\xBF\xBD"), "\xEF\xBF\xBD") << "U+FFFD is a character";
  EXPECT_EQ(xml_escaped("\xF0\x9F\xBF\xBE"), "\xF0\x9F\xBF\xBE") << "U+1FFFE is allowed";
}

TEST(XmlEscaped, EscapesMarkup) {
  EXPECT_EQ(xml_escaped("<a b=\"&\">\n"), "&lt;a b=&quot;&amp;&quot;&gt;&#10;");
}

}  // namespace
}  // namespace sketchscope::core
