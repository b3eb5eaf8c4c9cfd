#include "engine/text/jinja_template.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "engine/core/error.hpp"

namespace sketchscope::text {
namespace {

using ::testing::HasSubstr;

/// Returns the text that a template writes with the variable `said`.
std::string written(const std::string& source) {
  return write_jinja(source, {{"said", "h\u00e9 you"}});
}

// The texts that are expected were written by Jinja 3.1.6 with trim_blocks and lstrip_blocks.

TEST(JinjaTemplate, LeavesTheBlanksThatJinjaLeaves) {
  EXPECT_EQ(written("a\n  {% if true %}\n  b\n  {% endif %}\nc\n"), "a\n  b\nc");
  EXPECT_EQ(written("a \n {%- if true -%} \n b {%+ endif +%}\n c\n\n"), "ab \n c\n");
  EXPECT_EQ(written("  {{ 1 }} \n {{- 2 -}} \n 3 {# x #}\n  {#- y -#}  4"), "  123 4");
  EXPECT_EQ(written("  {# x #}\n  4\r\n5"), "  4\n5");
  EXPECT_EQ(written("x  {% if true %}y{% endif %}"), "x  y");
}

TEST(JinjaTemplate, BindsOperatorsAsJinjaDoes) {
  EXPECT_EQ(written("{{ '1' + 2 ~ 3 }}|{{ 'a' + 'b' | upper }}|{{ not 1 == 2 }}"), "123|aB|True");
  EXPECT_EQ(written("{{ -7 + 2 * 3 // 4 % 3 }}|{{ 'x' if 0 else 'y' if 0 else 'z' }}"), "-6|z");
  EXPECT_EQ(written("{{ 'a' in 'cat' and 'd' not in ['a'] }}|{{ 0 or none or '' }}|"), "True||");
  EXPECT_EQ(written("{{ x is not defined and not said is none }}{{ 1 if 0 }}"), "True");
  EXPECT_EQ(written("{{ 'a' 'b' }}{{ 'it\\'s \\x41\\u00e9\\d' }}"), "abit's A\u00e9\\d");
}

TEST(JinjaTemplate, ScopesVariablesAsJinjaDoes) {
  EXPECT_EQ(written("{% set x = 1 %}{% for i in [1, 2] %}{{ x }}{% set x = 5 %}{{ x }}{% endfor "
                    "%}{{ x }}"),
            "15151");
  EXPECT_EQ(written("{% set n = namespace(x=1) %}{% for i in range(3) %}{% set n.x = n.x + i "
                    "%}{% endfor %}{{ n.x }}"),
            "4");
  EXPECT_EQ(written("{% if true %}{% set y = 3 %}{% endif %}{{ y }}"), "3");
  EXPECT_EQ(written("{% set t %}{% set u = 1 %}[{{ u }}]{% endset %}{{ t }}{{ u }}"), "[1]");
}

TEST(JinjaTemplate, LoopsAsJinjaDoes) {
  EXPECT_EQ(written("{% for c in 'abcd' if c != 'b' %}{{ loop.index }}{{ c }}{% if loop.last "
                    "%}!{% endif %}{% endfor %}"),
            "1a2c3d!");
  EXPECT_EQ(written("{% for k, v in {'a': 1, 'b': 2}.items() %}{{ k ~ v }}{% endfor %}{% for i in "
                    "[] %}{% else %}none{% endfor %}"),
            "a1b2none");
  EXPECT_EQ(written("{% for i in range(9) %}{% if i == 1 %}{% continue %}{% elif i == 3 %}{% "
                    "break %}{% endif %}{{ i }}{{ loop.previtem }}{% endfor %}"),
            "021");
}

TEST(JinjaTemplate, KnowsPythonsTextsAndLists) {
  EXPECT_EQ(written("{{ said[1] }}{{ said[-3:] }}{{ said[::-1] }}{{ said | length }}"),
            "\u00e9you"
            "uoy \u00e9h6");
  EXPECT_EQ(written("{{ '\u2003 a\x1c'.strip() }}{{ 'xxaxy'.strip('yx') }}{{ ' b ' | trim }}"),
            "aab");
  EXPECT_EQ(written("{{ 'a,b,c'.split(',')[1] }}{{ ['a', 1] | join('-') }}{{ 'aXa' | lower }}"),
            "ba-1axa");
  EXPECT_EQ(written("{{ [{'r': 'a'}, {'r': 'b'}] | selectattr('r', 'equalto', 'b') | list | length "
                    "}}{{ x | default('d') }}{{ '' | default('e', true) }}"),
            "1de");
  EXPECT_EQ(written("{{ [1] + [2] == [1, 2] }}{{ {'a': none}.a is none }}{{ [9][4] is defined }}"),
            "TrueTrueFalse");
}

TEST(JinjaTemplate, PassesOverWhatIsOnlyDeclared) {
  EXPECT_EQ(written("{% macro f(a, b=(1)) %}{{ a | unheard_of }}{% endmacro %}{% generation "
                    "%}x{% endgeneration %}"),
            "x");
  EXPECT_THROW((void)written("{% macro f(a) %}{% endmacro %}{{ f(1) }}"), core::Error);
}

TEST(JinjaTemplate, RefusesWhatIsNoTemplate) {
  for (const char* source : {"{{", "{{ 1", "{{ 1 %}", "{% if %}x{% endif %}", "{{ 'a }}", "{{ ) }}",
                             "{# a", "{% endfor %}", "{% for in x %}{% endfor %}", "{{ 1.5 }}",
                             "{{ 1 is none is true }}", "{{ a b }}", "{{ 1 if 1 else }}",
                             "{{ '\\N{DASH}' }}", "{{ 1 < 2 < 3 }}", "{{ f(a=1, 2) }}"}) {
    EXPECT_THROW((void)written(source), core::Error) << source;
  }
}

TEST(JinjaTemplate, EndsWhateverATemplateDoes) {
  const auto repeated = [](const std::string& text, int times) {
    std::string all;
    for (int i = 0; i < times; ++i) all += text;
    return all;
  };
  const std::string loop = "{% set n = namespace(x='a', l=[1]) %}{% for i in range(1000) %}";
  const std::vector<std::string> sources = {
      loop + "{% set n.x = n.x ~ n.x %}{% endfor %}",
      loop + "{% set n.l = n.l + n.l %}{% endfor %}",
      loop + "{% set n.l = [n.l] %}{% endfor %}",
      loop + "{% set n.x = n %}{% endfor %}",
      loop + "{% set n.x = (n.x ~ 'a').replace('a', n.x ~ n.x) %}{% endfor %}",
      repeated("{% for i in range(1000) %}", 4) + repeated("{% endfor %}", 4),
      "{{ " + repeated("(", 9000),
      "{{ 1" + repeated(" + 1", 9000) + " }}",
      repeated("{% if 1 %}", 9000),
      "{{ range(1000000000) | length }}",
      std::string(std::size_t{300} << 10, 'a')};
  for (const std::string& source : sources) {
    try {
      (void)written(source);
      ADD_FAILURE() << source.substr(0, 80) << " was accepted";
    } catch (const core::Error& error) {
      EXPECT_THAT(error.what(), HasSubstr("cannot be followed"));
    }
  }
}

}  // namespace
}  // namespace sketchscope::text
