#include "gui/plot/theme.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace sketchscope::plot {
namespace {

struct NamedColor {
  std::string name;
  Color color;
};

class EveryTheme : public ::testing::TestWithParam<std::pair<Brightness, Palette>> {
 protected:
  Theme theme_ = make_theme(GetParam().first, GetParam().second);
};
INSTANTIATE_TEST_SUITE_P(Themes, EveryTheme,
                         ::testing::Values(std::pair{Brightness::dark, Palette::standard},
                                           std::pair{Brightness::dark, Palette::safe},
                                           std::pair{Brightness::light, Palette::standard},
                                           std::pair{Brightness::light, Palette::safe}));

TEST(Contrast, IsOneOfEqualColorsAnd21OfBlackAndWhite) {
  EXPECT_DOUBLE_EQ(contrast(Color::hex(0x123456), Color::hex(0x123456)), 1);
  EXPECT_NEAR(contrast(Color::hex(0x000000), Color::hex(0xffffff)), 21, 1e-9);
  // The example of WCAG's technique G18: #777 on white just fails 4.5.
  EXPECT_NEAR(contrast(Color::hex(0x777777), Color::hex(0xffffff)), 4.48, 0.005);
}

TEST_P(EveryTheme, HasTextsThatCanBeReadOnEverySurface) {
  const std::vector<NamedColor> texts = {{"faint", theme_.faint},  {"quiet", theme_.quiet},
                                         {"text", theme_.text},    {"pending", theme_.pending},
                                         {"good", theme_.good},    {"bad", theme_.bad},
                                         {"accent", theme_.accent}};
  for (const NamedColor& text : texts) {
    EXPECT_GE(contrast(text.color, theme_.card), 4.5) << text.name << " on a card";
    EXPECT_GE(contrast(text.color, theme_.control), 4.5 * 0.95) << text.name << " on a control";
    EXPECT_GE(contrast(text.color, theme_.background), 4.5 * 0.95) << text.name;
  }
  EXPECT_GE(contrast(theme_.on_accent, theme_.accent), 4.5);
  EXPECT_GE(contrast(theme_.faint, theme_.control), 4.5);
}

TEST_P(EveryTheme, HasMarksThatStandOutFromACard) {
  for (const NamedColor& mark : std::vector<NamedColor>{{"sink", theme_.sink},
                                                        {"kept", theme_.kept},
                                                        {"recent", theme_.recent},
                                                        {"evicted now", theme_.evicted_now}}) {
    EXPECT_GE(contrast(mark.color, theme_.card), 3) << mark.name;
    EXPECT_GE(contrast(mark.color, theme_.evicted), 1.5) << mark.name << " beside what is gone";
  }
  EXPECT_GE(contrast(theme_.evicted, theme_.card), 1.6) << "gone, not never there";
}

}  // namespace
}  // namespace sketchscope::plot
