#include "gui/driver/script.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "engine/core/error.hpp"
#include "gui/driver/run_script.hpp"
#include "gui/driver/scripted_user.hpp"
#include "gui/driver/values.hpp"

namespace sketchscope::driver {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string refusal(std::string_view script) {
  try {
    parse_script(script);
  } catch (const core::UsageError& error) {
    return error.what();
  }
  return "accepted";
}

TEST(ParseScript, SplitsWordsAndKeepsQuotedOnesWhole) {
  const auto lines = parse_script("# a comment\n\n  type \"two words # \\\"q\\\"\\n\"  # more\r\n");
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(lines[0].number, 3);
  EXPECT_THAT(lines[0].words, ElementsAre("type", "two words # \"q\"\n"));
}

TEST(ParseScript, NestsRepetitions) {
  const auto lines =
      parse_script("repeat 3\n frames 1\n repeat 2\n  click pause\n end\nend\nframes 2");
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[0].times, 3);
  ASSERT_EQ(lines[0].body.size(), 2U);
  EXPECT_EQ(lines[0].body[1].times, 2);
  EXPECT_EQ(lines[1].verb(), "frames");
}

TEST(ParseScript, NamesTheLineAndWhatWouldBeRight) {
  EXPECT_THAT(refusal("frames 1\nclik pause"),
              ::testing::AllOf(HasSubstr("line 2"), HasSubstr("'clik'"), HasSubstr("click")));
  EXPECT_THAT(refusal("set sinks"), HasSubstr("set KNOB VALUE"));
  EXPECT_THAT(refusal("repeat 2\nframes 1"), HasSubstr("'end'"));
  EXPECT_THAT(refusal("end"), HasSubstr("'repeat'"));
  EXPECT_THAT(refusal("repeat none\nend"), HasSubstr("whole number"));
  EXPECT_THAT(refusal("type \"open"), HasSubstr("closing quote"));
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "repeat 2\n";
  EXPECT_THAT(refusal(deep), ::testing::AllOf(HasSubstr("line 51"), HasSubstr("50 others")));
}

TEST(CompareValues, ComparesNumbersAsNumbersAndWordsAsWords) {
  EXPECT_TRUE(compare_values("64", "==", "64.0"));
  EXPECT_TRUE(compare_values("9", "<", "10"));
  EXPECT_TRUE(compare_values("running", "!=", "paused"));
  EXPECT_TRUE(compare_values("a capacity above", "contains", "above"));
  EXPECT_FALSE(compare_values("10", "<=", "9"));
  EXPECT_THROW(compare_values("absent", "<", "1"), core::UsageError);
  EXPECT_THROW(compare_values("1", "~", "1"), core::UsageError);
}

TEST(ScriptVerbs, AreFoundByTheirNamesAndCountTheirWords) {
  for (const ScriptVerb& verb : script_verbs()) {
    EXPECT_EQ(find_verb(verb.name), &verb);
    ASSERT_FALSE(verb.forms.empty()) << verb.name;
    for (const VerbForm& form : verb.forms) EXPECT_FALSE(form.help.empty()) << verb.name;
  }
  EXPECT_EQ(find_verb("clik"), nullptr);
  const auto counts = [](std::string_view verb) {
    const WordCount count = word_count(*find_verb(verb));
    return std::pair(count.least, count.most);
  };
  EXPECT_EQ(counts("end"), std::pair(0UL, 0UL));
  EXPECT_EQ(counts("set"), std::pair(2UL, 2UL));
  EXPECT_EQ(counts("click"), std::pair(1UL, 3UL));
  EXPECT_EQ(counts("key"), std::pair(1UL, 3UL));
  EXPECT_EQ(counts("scroll"), std::pair(2UL, 4UL));
  EXPECT_EQ(counts("expect").first, 3UL);
  EXPECT_GT(counts("expect").second, 1000UL) << "a side may be an expression of many words";
  EXPECT_GT(counts("test").second, 1000UL);
}

TEST(ScriptStatement, IsReadAsItsWordsOrRefused) {
  const auto lines = parse_script(script_statement("type", {"two words # \"q\"\n"}));
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_THAT(lines[0].words, ElementsAre("type", "two words # \"q\"\n"));
  EXPECT_THROW(script_statement("set", {"sinks"}), core::UsageError);
  EXPECT_THROW(script_statement("clik", {"play"}), core::UsageError);
}

TEST(TurnedValue, IsAllowedAndSpreadOverTheRange) {
  settings::Knobs knobs;
  knobs.granularity = settings::Granularity::head;  // every budget is allowed
  for (const settings::KnobInfo& knob : settings::knob_table()) {
    std::set<std::string> values;
    for (int turn = 0; turn < 100; ++turn) {
      const std::string value = turned_value(knobs, knob, turn);
      settings::Knobs turned = knobs;
      ASSERT_NO_THROW(settings::set_knob(turned, knob.name, value)) << knob.name << " " << value;
      EXPECT_NO_THROW(settings::check_knobs(turned)) << knob.name << " " << value;
      values.insert(value);
    }
    const std::size_t most = knob.choices.empty() ? 4 : knob.choices.size();
    EXPECT_GE(values.size(), most) << knob.name;
  }
}

TEST(ScriptResult, HasPassedWhereNoCaseFailed) {
  ScriptResult result{.cases = {{.name = "fine"}, {.name = "also fine"}}};
  EXPECT_TRUE(result.passed());
  result.cases.back().failure = "found 1";
  EXPECT_FALSE(result.passed());
}

}  // namespace
}  // namespace sketchscope::driver
