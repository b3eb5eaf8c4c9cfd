#include "gui/platform/picture.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace sketchscope::platform {
namespace {

plot::Image grey(int width, int height) {
  return {
      .width = width,
      .height = height,
      .pixels = std::vector<plot::Color>(static_cast<std::size_t>(width * height), {9, 9, 9, 255})};
}

TEST(PictureDistance, ForgivesWhatARasteriserRoundsOtherwise) {
  const plot::Image golden = grey(100, 100);
  plot::Image made = golden;
  for (plot::Color& pixel : made.pixels) pixel.green += 2;
  EXPECT_TRUE(picture_distance(golden, made).within({}));
  for (int pixel = 0; pixel < 10; ++pixel) made.pixels[static_cast<std::size_t>(pixel)].red = 30;
  EXPECT_TRUE(picture_distance(golden, made).within({})) << "a thousandth of the pixels";
}

TEST(PictureDistance, RefusesWhatAnEyeWouldSee) {
  const plot::Image golden = grey(100, 100);
  plot::Image many = golden;
  for (int pixel = 0; pixel < 11; ++pixel) many.pixels[static_cast<std::size_t>(pixel)].red = 30;
  EXPECT_FALSE(picture_distance(golden, many).within({}));
  plot::Image one = golden;
  one.pixels[77].blue = 9 + 33;
  EXPECT_FALSE(picture_distance(golden, one).within({}));
  EXPECT_FALSE(picture_distance(golden, grey(100, 99)).within({}));
}

TEST(Cropped, KeepsTheRowsAndColumnsInside) {
  plot::Image picture{.width = 4, .height = 3, .pixels = {}};
  for (std::uint8_t pixel = 0; pixel < 12; ++pixel) picture.pixels.push_back({pixel, 0, 0, 255});
  const plot::Image part = cropped(picture, {1, 1, 3, 9});
  EXPECT_EQ(part.width, 2);
  EXPECT_EQ(part.height, 2);
  ASSERT_EQ(part.pixels.size(), 4U);
  EXPECT_EQ(part.pixels[0].red, 5);
  EXPECT_EQ(part.pixels[3].red, 10);
}

}  // namespace
}  // namespace sketchscope::platform
