#include "gui/report/document.hpp"

#include <gmock/gmock.h>

#include <algorithm>

namespace sketchscope::report {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

/// What a writer has to get right: marks of both languages in every text, two pictures with clips
/// of the same name, and columns of all kinds.
Document document() {
  const std::string svg = R"svg(<svg><clipPath id="clip1"/><g clip-path="url(#clip1)"/></svg>)svg";
  return {
      .title = "A < B & \"C\"",
      .subtitle = "of <all>",
      .sections = {{.heading = "What came out?",
                    .blocks = {Paragraph{"1 < 2"},
                               Table{.columns = {{"name|s", ColumnKind::words}, {"kl"}},
                                     .rows = {{{"a|b,c"}, {"<0.1", Mark::bad}}, {{"d"}, {"–"}}}},
                               Figure{.name = "one", .title = "One", .svg = svg},
                               Figure{.name = "two", .title = "Two", .svg = svg}}}}};
}

TEST(HtmlReport, EscapesEveryText) {
  const std::string html = html_of(document());
  EXPECT_THAT(html, HasSubstr("A &lt; B &amp;"));
  EXPECT_THAT(html, HasSubstr("of &lt;all&gt;"));
  EXPECT_THAT(html, HasSubstr("<p>1 &lt; 2</p>"));
  EXPECT_THAT(html, HasSubstr("&lt;0.1</td>"));
  EXPECT_THAT(html, Not(HasSubstr("A < B")));
}

TEST(HtmlReport, LinksEachSectionOnceAndClosesWhatItOpens) {
  const std::string html = html_of(document());
  EXPECT_EQ(count(html, "href=\"#what-came-out-\""), 1U);
  EXPECT_EQ(count(html, "id=\"what-came-out-\""), 1U);
  for (const std::string tag : {"table", "tr", "td", "th", "figure", "section", "svg"}) {
    EXPECT_EQ(count(html, "<" + tag + ">") + count(html, "<" + tag + " "),
              count(html, "</" + tag + ">"))
        << tag;
  }
}

TEST(HtmlReport, KeepsTheClipsOfItsPicturesApart) {
  const std::string html = html_of(document());
  EXPECT_EQ(count(html, "id=\"one-clip1\""), 1U);
  EXPECT_EQ(count(html, "id=\"two-clip1\""), 1U);
  EXPECT_EQ(count(html, "url(#one-clip1)"), 1U);
  EXPECT_EQ(count(html, "url(#clip1)"), 0U);
}

TEST(HtmlReport, MarksCellsAndSetsNumbersToTheRight) {
  const std::string html = html_of(document());
  EXPECT_THAT(html, HasSubstr("<td class=\"number bad\">&lt;0.1</td>"));
  EXPECT_THAT(html, HasSubstr("<th class=\"number\">kl</th>"));
}

TEST(MarkdownReport, GivesEveryRowItsColumnsWhateverItsCellsHold) {
  const std::string markdown = markdown_of(document());
  EXPECT_THAT(markdown, HasSubstr("| name\\|s | kl |\n|---|---:|\n| a\\|b,c | <0.1 |\n| d | – |"));
}

TEST(MarkdownReport, LinksItsPictures) {
  const std::string markdown = markdown_of(document());
  EXPECT_THAT(markdown, HasSubstr("![One](plots/one.svg)"));
  EXPECT_THAT(markdown, HasSubstr("![Two](plots/two.svg)"));
}

}  // namespace
}  // namespace sketchscope::report
