#include "gui/platform/platform.hpp"

#include <gtest/gtest.h>
#include <imgui.h>
#include <stb_image.h>

#include <chrono>
#include <fstream>
#include <thread>

#include "engine/core/error.hpp"
#include "gui/platform/picture.hpp"
#include "tests/gui/platform/offscreen_window.hpp"
#include "tests/support/temporary_directory.hpp"

namespace sketchscope::platform {
namespace {

constexpr plot::Color kBackground = plot::Color::hex(0x102030);

class Offscreen : public test::OffscreenWindow {
 protected:
  template <typename Draw>
  plot::Image picture(const Draw& draw) {
    platform_->begin_frame();
    ImGui::NewFrame();
    draw();
    ImGui::Render();
    platform_->show(kBackground);
    return platform_->screenshot(kBackground);
  }

  static plot::Color pixel(const plot::Image& image, int x, int y) {
    return image.pixels[static_cast<std::size_t>(y) * static_cast<std::size_t>(image.width) +
                        static_cast<std::size_t>(x)];
  }
};

TEST_F(Offscreen, ShowsTheTopRowFirst) {
  platform_->resize({64, 32});
  const plot::Image image = picture([] {
    ImGui::GetBackgroundDrawList()->AddRectFilled({0, 0}, {64, 8}, IM_COL32(255, 0, 0, 255));
  });
  ASSERT_EQ(image.width, 64);
  ASSERT_EQ(image.height, 32);
  EXPECT_EQ(pixel(image, 3, 3), plot::Color::hex(0xff0000));
  EXPECT_EQ(pixel(image, 3, 30), kBackground);
}

TEST_F(Offscreen, DrawsPicturesWithSharpPixels) {
  platform_->resize({64, 32});
  const plot::Color red = plot::Color::hex(0xff0000);
  const plot::Color blue = plot::Color::hex(0x0000ff);
  const plot::Image cells{2, 1, {red, blue}};
  const plot::Image image = picture([&] {
    const auto texture = platform_->textures().upload("cells", cells);
    ImGui::GetBackgroundDrawList()->AddImage(reinterpret_cast<ImTextureID>(texture), {0, 0},
                                             {64, 32});
  });
  EXPECT_EQ(pixel(image, 31, 16), red);
  EXPECT_EQ(pixel(image, 32, 16), blue);
}

TEST_F(Offscreen, ReplacesAPictureByOneOfAnotherSize) {
  platform_->resize({64, 32});
  platform_->textures().upload("cells", {2, 1, {plot::Color{}, plot::Color{}}});
  const plot::Color green = plot::Color::hex(0x00ff00);
  const plot::Image image = picture([&] {
    const auto texture = platform_->textures().upload("cells", {1, 3, {green, green, green}});
    ImGui::GetBackgroundDrawList()->AddImage(reinterpret_cast<ImTextureID>(texture), {0, 0},
                                             {64, 32});
  });
  EXPECT_EQ(pixel(image, 40, 20), green);
}

TEST_F(Offscreen, GivesTheSamePictureTwice) {
  const auto draw = [] {
    ImGui::Begin("window");
    ImGui::TextUnformatted("the same");
    ImGui::End();
  };
  for (int warm_up = 0; warm_up < 3; ++warm_up) picture(draw);
  const plot::Image first = picture(draw);
  const plot::Image second = picture(draw);
  EXPECT_TRUE(first.pixels == second.pixels);
}

TEST_F(Offscreen, IsWokenFromAnotherThreadAndOutlivedByItsWaker) {
  const auto wake = platform_->waker();
  const auto start = std::chrono::steady_clock::now();
  std::jthread other([&] { wake(); });
  platform_->wait(20);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(10));
  other.join();
  platform_.reset();
  wake();
}

TEST(WritePng, IsReadBackPixelByPixel) {
  const support::TemporaryDirectory folder;
  const plot::Image image{
      3,
      2,
      {plot::Color::hex(1), plot::Color::hex(2), plot::Color::hex(3), plot::Color::hex(0xff0000),
       plot::Color::hex(0xabcdef), plot::Color::hex(0xffffff)}};
  const auto path = folder.path() / "picture.png";
  write_png(path, image);
  int width = 0;
  int height = 0;
  int channels = 0;
  unsigned char* data = stbi_load(path.c_str(), &width, &height, &channels, 4);
  ASSERT_NE(data, nullptr);
  EXPECT_EQ(width, 3);
  EXPECT_EQ(height, 2);
  for (std::size_t i = 0; i < image.pixels.size(); ++i) {
    EXPECT_EQ(data[4 * i], image.pixels[i].red);
    EXPECT_EQ(data[4 * i + 2], image.pixels[i].blue);
  }
  stbi_image_free(data);
}

TEST(WritePng, NamesAFolderThatCannotBeWritten) {
  EXPECT_THROW(write_png("/proc/nothing/picture.png", {1, 1, {plot::Color{}}}), core::Error);
}

}  // namespace
}  // namespace sketchscope::platform
