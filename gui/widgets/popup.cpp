#include "gui/widgets/popup.hpp"

#include <imgui.h>
#include <imgui_stdlib.h>

#include <algorithm>
#include <utility>

namespace sketchscope::widgets {

void Popup::open() {
  open_ = true;
  asked_ = true;
  wants_keyboard_ = true;
}

bool Popup::any_is_open() {
  return ImGui::IsPopupOpen("", ImGuiPopupFlags_AnyPopupId | ImGuiPopupFlags_AnyPopupLevel);
}

void Popup::place(const plot::Theme& theme, const plot::Rect& window) const {
  constexpr float kMostOfWidth = 0.9F;  // share of the window's width
  const float width = std::min(theme.unit() * shape_.width, window.width() * kMostOfWidth);
  const float most = window.height() * shape_.most_share;
  const float height = std::min(theme.unit() * shape_.height, most);
  const bool centred = shape_.top_share < 0;
  const float top = centred ? window.center().y - height / 2 : window.height() * shape_.top_share;
  ImGui::SetNextWindowPos({window.center().x - width / 2, top});
  if (shape_.grows) {
    ImGui::SetNextWindowSizeConstraints({width, 0}, {width, most});
  } else {
    ImGui::SetNextWindowSize({width, height});
  }
}

bool Popup::begin(const plot::Theme& theme, const plot::Rect& window) {
  if (!open_) return false;
  place(theme, window);
  if (std::exchange(asked_, false)) ImGui::OpenPopup(name_.c_str());
  if (shape_.modal) {
    const ImGuiWindowFlags frame =
        shape_.has_title ? ImGuiWindowFlags_NoResize : ImGuiWindowFlags_NoDecoration;
    open_ = ImGui::BeginPopupModal(
        name_.c_str(), &open_, frame | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings);
  } else {
    open_ = ImGui::BeginPopup(name_.c_str(), ImGuiWindowFlags_NoMove);
  }
  return open_;
}

plot::Rect Popup::inside(const plot::Theme& theme) {
  const ImVec2 corner = ImGui::GetWindowPos();
  const ImVec2 size = ImGui::GetWindowSize();
  return plot::Rect{corner.x, corner.y, corner.x + size.x, corner.y + size.y}.inset(
      theme.padding(), theme.padding());
}

bool Popup::edit_line(ItemRegistry& items, const std::string& path, std::string& text) {
  if (takes_keyboard()) ImGui::SetKeyboardFocusHere();
  ImGui::SetNextItemWidth(-1);
  const bool entered = ImGui::InputText("##line", &text, ImGuiInputTextFlags_EnterReturnsTrue);
  note_widget(items, path);
  return entered;
}

void Popup::close() {
  ImGui::CloseCurrentPopup();
  open_ = false;
}

void Popup::end() {
  ImGui::EndPopup();
}

}  // namespace sketchscope::widgets
