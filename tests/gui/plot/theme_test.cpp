#include "gui/plot/theme.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
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

/// A colour in the space L*a*b*, where equal distances look alike.
std::array<double, 3> lab_of(const std::array<double, 3>& linear) {
  const auto [r, g, b] = linear;
  const std::array<double, 3> xyz = {(0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047,
                                     0.2126729 * r + 0.7151522 * g + 0.0721750 * b,
                                     (0.0193339 * r + 0.1191920 * g + 0.9503041 * b) / 1.08883};
  std::array<double, 3> f{};
  for (std::size_t i = 0; i < 3; ++i) {
    f[i] = xyz[i] > 0.008856 ? std::cbrt(xyz[i]) : 7.787 * xyz[i] + 16.0 / 116;
  }
  return {116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])};
}

/// Sight as matrices of linear sRGB: usual, and without one kind of cones (Machado, Oliveira and
/// Fernandes 2009, severity 1).
constexpr std::array<std::array<double, 9>, 4> kSights = {
    {{1, 0, 0, 0, 1, 0, 0, 0, 1},
     {0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998},
     {0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.011820, 0.042940, 0.968881},
     {1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367,
      0.303900}}};

double distance_in(const std::array<double, 9>& sight, Color one, Color other) {
  const auto seen = [&](Color color) {
    std::array<double, 3> linear{};
    const std::array<std::uint8_t, 3> channels = {color.red, color.green, color.blue};
    for (std::size_t i = 0; i < 3; ++i) {
      const double value = channels[i] / 255.0;
      linear[i] = value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
    }
    std::array<double, 3> result{};
    for (std::size_t row = 0; row < 3; ++row) {
      double sum = 0;
      for (std::size_t i = 0; i < 3; ++i) sum += sight[row * 3 + i] * linear[i];
      result[row] = std::clamp(sum, 0.0, 1.0);
    }
    return lab_of(result);
  };
  const auto a = seen(one);
  const auto b = seen(other);
  return std::hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

TEST_P(EveryTheme, HasColorsOfRunsThatAllKindsOfSightTellApart) {
  constexpr double kFarApart = 20;  // ten just noticeable differences
  for (std::size_t one = 0; one < theme_.runs.size(); ++one) {
    EXPECT_GE(contrast(theme_.runs[one], theme_.card), 3) << one;
    for (std::size_t other = 0; other < one; ++other) {
      for (const auto& sight : kSights) {
        EXPECT_GE(distance_in(sight, theme_.runs[one], theme_.runs[other]), kFarApart)
            << other << " and " << one;
      }
    }
  }
  EXPECT_EQ(theme_.runs[0], theme_.accent) << "A has the same colour in every chart";
}

/// Expects colours that any two of differ for all kinds of sight.
void expect_distinct(const std::vector<NamedColor>& colors) {
  constexpr double kFarApart = 20;
  for (std::size_t one = 0; one < colors.size(); ++one) {
    for (std::size_t other = 0; other < one; ++other) {
      for (const auto& sight : kSights) {
        EXPECT_GE(distance_in(sight, colors[one].color, colors[other].color), kFarApart)
            << colors[other].name << " and " << colors[one].name;
      }
    }
  }
}

TEST_P(EveryTheme, HasPartsOfStacksThatAllKindsOfSightTellApart) {
  std::vector<NamedColor> parts;
  for (const Color color : theme_.parts) {
    EXPECT_GE(contrast(color, theme_.card), 3) << parts.size();
    parts.push_back({std::to_string(parts.size()), color});
  }
  expect_distinct(parts);
}

TEST_P(EveryTheme, HasStatusesThatAllKindsOfSightTellApartWherePeopleAskForThat) {
  if (GetParam().second != Palette::safe) return;
  expect_distinct({{"sink", theme_.sink},
                   {"kept", theme_.kept},
                   {"recent", theme_.recent},
                   {"evicted", theme_.evicted},
                   {"evicted now", theme_.evicted_now}});
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
