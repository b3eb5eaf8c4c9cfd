#include "gui/widgets/popup.hpp"

#include <gtest/gtest.h>
#include <imgui.h>

#include <memory>
#include <optional>

namespace sketchscope::widgets {
namespace {

class PopupInAWindow : public ::testing::Test {
 protected:
  PopupInAWindow() {
    ImGui::SetCurrentContext(imgui_.get());
    ImGuiIO& io = ImGui::GetIO();
    io.IniFilename = nullptr;
    io.DisplaySize = {1000, 500};
    unsigned char* pixels = nullptr;
    int width = 0;
    int height = 0;
    io.Fonts->GetTexDataAsRGBA32(&pixels, &width, &height);
  }

  /// One frame in which the popup, where it is open, is drawn; where it lies then.
  std::optional<plot::Rect> draw(Popup& popup, bool closes = false) {
    ImGui::GetIO().DeltaTime = 1.0F / 60;
    ImGui::NewFrame();
    std::optional<plot::Rect> place;
    if (popup.begin(theme_, window_)) {
      const ImVec2 corner = ImGui::GetWindowPos();
      const ImVec2 size = ImGui::GetWindowSize();
      place = plot::Rect{corner.x, corner.y, corner.x + size.x, corner.y + size.y};
      keyboard_ = popup.takes_keyboard();
      if (closes) popup.close();
      Popup::end();
    }
    ImGui::Render();
    return place;
  }

  struct Destroy {
    void operator()(ImGuiContext* context) const { ImGui::DestroyContext(context); }
  };
  std::unique_ptr<ImGuiContext, Destroy> imgui_{ImGui::CreateContext()};
  plot::Theme theme_;
  plot::Rect window_{0, 0, 1000, 500};
  bool keyboard_ = false;
};

TEST_F(PopupInAWindow, IsThereFromItsOpeningToItsEndAndTakesTheKeyboardOnce) {
  Popup popup("Line", {});
  EXPECT_FALSE(draw(popup));
  popup.open();
  EXPECT_TRUE(popup.is_open());
  EXPECT_TRUE(draw(popup));
  EXPECT_TRUE(keyboard_);
  EXPECT_TRUE(draw(popup));
  EXPECT_FALSE(keyboard_);
  EXPECT_TRUE(draw(popup, true));
  EXPECT_FALSE(popup.is_open());
  EXPECT_FALSE(draw(popup));
}

TEST_F(PopupInAWindow, LiesWhereItsShapeSaysAndInsideTheWindow) {
  Popup middle("Picker", {.width = 20, .height = 10, .top_share = -1, .modal = true});
  middle.open();
  draw(middle);
  const plot::Rect place = draw(middle).value();
  EXPECT_NEAR(place.center().x, 500, 1);
  EXPECT_NEAR(place.center().y, 250, 1);
  EXPECT_NEAR(place.width(), 20 * theme_.unit(), 1);
  draw(middle, true);
  Popup large("Palette", {.width = 1000, .height = 1000, .top_share = 0.14F, .most_share = 0.72F});
  large.open();
  draw(large);
  const plot::Rect most = draw(large).value();
  EXPECT_NEAR(most.width(), 900, 1);
  EXPECT_NEAR(most.top, 70, 1);
  EXPECT_NEAR(most.height(), 360, 1);
}

}  // namespace
}  // namespace sketchscope::widgets
