// The window of the desktop, under an X server that draws into memory.
#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <imgui.h>
#include <time.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include "gui/app/app.hpp"
#include "gui/platform/keyboard.hpp"
#include "gui/platform/platform.hpp"
#include "tests/gui/platform/virtual_display.hpp"
#include "tests/support/invented_source.hpp"

namespace sketchscope::platform {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

class DesktopWindow : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!display_.is_there()) GTEST_SKIP() << "no Xvfb: install the package xvfb";
    platform_ = open_desktop("SketchScope", {1280, 800});
    source_.advance(150);
    app_.emplace(*platform_, source_);
    frames(3);
  }
  void TearDown() override {
    app_.reset();
    platform_.reset();
  }

  static GLFWwindow* window() { return glfwGetCurrentContext(); }
  void frames(int count) {
    for (int frame = 0; frame < count; ++frame) {
      platform_->wait(0.01);
      app_->frame();
    }
  }
  /// Frames until `condition` holds; false after many.
  template <typename Condition>
  bool comes(const Condition& condition) {
    for (int frame = 0; frame < 200; ++frame) {
      if (condition()) return true;
      frames(1);
    }
    return false;
  }
  /// How many colours the picture has, up to a few: one means that nothing was drawn.
  int colors() {
    const plot::Image picture = platform_->screenshot({});
    std::vector<plot::Color> seen;
    for (const plot::Color& pixel : picture.pixels) {
      if (std::ranges::find(seen, pixel) == seen.end()) seen.push_back(pixel);
      if (seen.size() > 10) break;
    }
    return static_cast<int>(seen.size());
  }

  test::VirtualDisplay display_;
  std::unique_ptr<Platform> platform_;
  test::InventedSource source_{{}, false};
  std::optional<app::App> app_;
};

TEST_F(DesktopWindow, DrawsAndFollowsItsSize) {
  EXPECT_GT(colors(), 10);
  for (const plot::Size size : {plot::Size{1600, 1000}, plot::Size{900, 700}, plot::Size{640, 400},
                                plot::Size{1900, 1100}}) {
    platform_->resize(size);
    ASSERT_TRUE(comes([&] { return platform_->size() == size; })) << size.width;
    frames(3);
    EXPECT_EQ(platform_->screenshot({}).width, static_cast<int>(size.width));
    EXPECT_GT(colors(), 10);
    const auto bar = app_->items().find("Run/step");
    ASSERT_TRUE(bar);
    EXPECT_LE(bar->rect.right, size.width);
  }
}

TEST_F(DesktopWindow, GoesOnWhileItIsMinimisedOrHidden) {
  const auto steps = app_->history().size();
  glfwIconifyWindow(window());
  source_.advance(5);
  frames(5);
  glfwRestoreWindow(window());
  frames(3);
  glfwHideWindow(window());
  source_.advance(5);
  frames(5);
  glfwShowWindow(window());
  frames(3);
  EXPECT_EQ(app_->history().size(), steps + 10);
  EXPECT_GT(colors(), 10);
  EXPECT_THAT(app_->notices().errors(), IsEmpty());
}

TEST_F(DesktopWindow, ForgetsHeldKeysWhenItLosesTheFocus) {
  GLFWwindow* own = window();
  glfwFocusWindow(own);
  ASSERT_TRUE(comes([&] { return glfwGetWindowAttrib(own, GLFW_FOCUSED) == GLFW_TRUE; }));
  put_key(key_of('N'), true);
  frames(1);
  EXPECT_TRUE(is_key_down(key_of('N')));
  GLFWwindow* other = glfwCreateWindow(200, 200, "other", nullptr, nullptr);
  ASSERT_NE(other, nullptr);
  glfwFocusWindow(other);
  EXPECT_TRUE(comes([&] { return glfwGetWindowAttrib(own, GLFW_FOCUSED) == GLFW_FALSE; }));
  frames(3);
  EXPECT_FALSE(is_key_down(key_of('N'))) << "its release goes to the other window";
  glfwDestroyWindow(other);
  frames(3);
  EXPECT_GT(colors(), 10);
}

TEST_F(DesktopWindow, DrawsAtAnotherScaleWithLettersOfThatSize) {
  const float before = app_->items().find("Run/step")->rect.height();
  platform_->resize({1900, 1180});
  app_->set_zoom(1.3F);
  frames(4);
  EXPECT_GT(app_->items().find("Run/step")->rect.height(), before * 1.2F);
  EXPECT_GT(colors(), 10);
}

TEST_F(DesktopWindow, CopiesAndPastesThroughTheClipboard) {
  app_->actions().find("command_window")->run();
  frames(2);
  const char* copied = glfwGetClipboardString(window());
  ASSERT_NE(copied, nullptr);
  EXPECT_THAT(copied, HasSubstr("sketchscope view"));
  glfwSetClipboardString(window(), "Ω ≠ “ß”");
  EXPECT_STREQ(ImGui::GetClipboardText(), "Ω ≠ “ß”");
}

TEST_F(DesktopWindow, RestsWhileNothingHappens) {
  // Waits as App::run does after drawing; the X server draws in another process.
  const auto processor_ms = [] {
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) * 1e-6;
  };
  std::jthread closer([this] {
    std::this_thread::sleep_for(std::chrono::milliseconds(4200));
    platform_->close();
    platform_->waker()();
  });
  frames(5);
  const double start = processor_ms();
  app_->run();
  // Drawing in software costs what a graphics card would do: a frame a second is all there may be.
  EXPECT_LT(processor_ms() - start, 4200 * 0.1);
}

}  // namespace
}  // namespace sketchscope::platform
