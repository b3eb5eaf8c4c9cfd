// Keys without a window: what is put is what ImGui and its widgets notice.
#include "gui/platform/keyboard.hpp"

#include <gtest/gtest.h>
#include <imgui.h>
#include <imgui_stdlib.h>

#include <memory>
#include <string>
#include <vector>

namespace sketchscope::platform {
namespace {

class Keyboard : public ::testing::Test {
 protected:
  Keyboard() {
    ImGui::SetCurrentContext(imgui_.get());
    ImGuiIO& io = ImGui::GetIO();
    io.IniFilename = nullptr;
    io.DisplaySize = {400, 300};
    io.DeltaTime = 1.0F / 60;
    unsigned char* pixels = nullptr;
    int width = 0;
    int height = 0;
    io.Fonts->GetTexDataAsRGBA32(&pixels, &width, &height);
    set_up_keyboard();
    frame();
    frame();
  }

  /// One frame of a window with a line to type into.
  void frame() {
    ImGui::NewFrame();
    ImGui::SetNextWindowPos({0, 0});
    ImGui::SetNextWindowSize({400, 300});
    ImGui::Begin("window");
    if (focus_line_) ImGui::SetKeyboardFocusHere();
    focus_line_ = false;
    entered_ = ImGui::InputText("line", &line_, ImGuiInputTextFlags_EnterReturnsTrue);
    ImGui::End();
    ImGui::Render();
  }
  void press(Key key, bool control = false) {
    put_modifiers(control, false);
    put_key(key, true);
    frame();
    was_entered_ = entered_;
    put_modifiers(false, false);
    put_key(key, false);
    frame();
  }
  void type(const char* words) {
    ImGui::GetIO().AddInputCharactersUTF8(words);
    frame();
    frame();
  }

  struct Destroy {
    void operator()(ImGuiContext* context) const { ImGui::DestroyContext(context); }
  };
  std::unique_ptr<ImGuiContext, Destroy> imgui_{ImGui::CreateContext()};
  std::string line_ = "before";
  bool focus_line_ = false;
  bool entered_ = false;
  bool was_entered_ = false;
};

std::vector<Key> every_key() {
  std::vector<Key> keys = {Key::space,  Key::escape,  Key::enter,     Key::tab,    Key::backspace,
                           Key::insert, Key::del,     Key::right,     Key::left,   Key::down,
                           Key::up,     Key::page_up, Key::page_down, Key::home,   Key::end,
                           Key::f1,     Key::f2,      Key::f11,       key_of('='), key_of('-')};
  for (char letter = 'A'; letter <= 'Z'; ++letter) keys.push_back(key_of(letter));
  for (char digit = '0'; digit <= '9'; ++digit) keys.push_back(key_of(digit));
  return keys;
}

TEST_F(Keyboard, NoticesEveryKeyInTheFrameInWhichItGoesDown) {
  for (const Key key : every_key()) {
    const int number = static_cast<int>(key);
    put_key(key, true);
    frame();
    for (const Key other : every_key()) {
      EXPECT_EQ(is_key_pressed(other), other == key) << number << " " << static_cast<int>(other);
    }
    frame();
    EXPECT_FALSE(is_key_pressed(key, false)) << number;
    EXPECT_TRUE(is_key_down(key)) << number;
    put_key(key, false);
    frame();
    EXPECT_FALSE(is_key_down(key)) << number;
  }
}

TEST_F(Keyboard, NoticesModifiersTogetherWithTheKey) {
  put_modifiers(true, true);
  put_key(key_of('P'), true);
  frame();
  EXPECT_TRUE(ImGui::GetIO().KeyCtrl);
  EXPECT_TRUE(ImGui::GetIO().KeyShift);
  EXPECT_TRUE(is_key_pressed(key_of('P')));
  put_modifiers(false, false);
  put_key(key_of('P'), false);
  frame();
  EXPECT_FALSE(ImGui::GetIO().KeyCtrl);
  EXPECT_FALSE(ImGui::GetIO().KeyShift);
}

TEST_F(Keyboard, EditsALineOfText) {
  focus_line_ = true;
  for (int i = 0; i < 3; ++i) frame();
  EXPECT_TRUE(ImGui::GetIO().WantTextInput);
  press(key_of('A'), true);
  type("after");
  press(Key::home);
  press(Key::del);
  press(Key::right);
  press(Key::backspace);
  press(Key::end);
  type("noon");
  press(Key::enter);
  EXPECT_TRUE(was_entered_);
  EXPECT_EQ(line_, "ternoon");
  frame();
  EXPECT_FALSE(ImGui::GetIO().WantTextInput);
}

TEST_F(Keyboard, PutsTheMouseWhereItIsSaid) {
  for (const plot::Point at : {plot::Point{100, 50}, plot::Point{20, 250}, plot::Point{20, 250}}) {
    put_mouse(at);
    frame();
    EXPECT_EQ(ImGui::GetIO().MousePos.x, at.x);
    EXPECT_EQ(ImGui::GetIO().MousePos.y, at.y);
  }
}

TEST_F(Keyboard, TellsOfInputThatIsLeft) {
  EXPECT_FALSE(is_input_left());
  for (int time = 0; time < 4; ++time) {
    put_key(key_of('N'), true);
    put_key(key_of('N'), false);
  }
  int frames = 0;
  do {
    frame();
    ++frames;
  } while (is_input_left() && frames < 100);
  EXPECT_FALSE(is_input_left());
  EXPECT_LT(frames, 100);
  EXPECT_FALSE(is_key_down(key_of('N')));
}

}  // namespace
}  // namespace sketchscope::platform
