#include "gui/app/style.hpp"

#include <imgui.h>

namespace sketchscope {
namespace {

ImVec4 vector(Color color) {
  constexpr float kFull = 255;
  return {static_cast<float>(color.red) / kFull, static_cast<float>(color.green) / kFull,
          static_cast<float>(color.blue) / kFull, static_cast<float>(color.alpha) / kFull};
}

void set_sizes(ImGuiStyle& style, const Theme& theme) {
  const float unit = theme.unit();
  style.WindowPadding = {theme.padding(), theme.padding()};
  style.FramePadding = {unit * 0.5F, unit * 0.2F};
  style.ItemSpacing = {unit * 0.5F, unit * 0.4F};
  style.ItemInnerSpacing = {unit * 0.4F, unit * 0.3F};
  style.CellPadding = {unit * 0.4F, unit * 0.15F};
  style.ScrollbarSize = unit * 0.6F;
  style.GrabMinSize = unit * 0.65F;
  style.WindowRounding = theme.rounding();
  style.ChildRounding = theme.rounding();
  style.PopupRounding = theme.rounding();
  style.FrameRounding = unit * 0.35F;
  style.GrabRounding = unit * 0.25F;
  style.ScrollbarRounding = unit * 0.3F;
  style.WindowBorderSize = 1;
  style.ChildBorderSize = 0;
  style.FrameBorderSize = 1;
  style.PopupBorderSize = 1;
}

void set_colors(ImGuiStyle& style, const Theme& theme) {
  const auto set = [&](ImGuiCol slot, Color color) { style.Colors[slot] = vector(color); };
  const Color none = theme.card.with_alpha(0);
  set(ImGuiCol_Text, theme.text);
  set(ImGuiCol_TextDisabled, theme.faint);
  set(ImGuiCol_WindowBg, theme.background);
  set(ImGuiCol_ChildBg, none);
  set(ImGuiCol_PopupBg, theme.card);
  set(ImGuiCol_Border, theme.border);
  set(ImGuiCol_FrameBg, theme.control);
  set(ImGuiCol_FrameBgHovered, theme.border);
  set(ImGuiCol_FrameBgActive, theme.border);
  set(ImGuiCol_TitleBg, theme.card);
  set(ImGuiCol_TitleBgActive, theme.card);
  set(ImGuiCol_TitleBgCollapsed, theme.card);
  set(ImGuiCol_MenuBarBg, theme.card);
  set(ImGuiCol_ScrollbarBg, none);
  set(ImGuiCol_ScrollbarGrab, theme.border);
  set(ImGuiCol_ScrollbarGrabHovered, theme.faint);
  set(ImGuiCol_ScrollbarGrabActive, theme.quiet);
  set(ImGuiCol_CheckMark, theme.accent);
  set(ImGuiCol_SliderGrab, theme.text);
  set(ImGuiCol_SliderGrabActive, theme.accent);
  set(ImGuiCol_Button, theme.control);
  set(ImGuiCol_ButtonHovered, theme.border);
  set(ImGuiCol_ButtonActive, theme.accent.with_alpha(0.35));
  set(ImGuiCol_Header, theme.accent.with_alpha(0.14));
  set(ImGuiCol_HeaderHovered, theme.accent.with_alpha(0.2));
  set(ImGuiCol_HeaderActive, theme.accent.with_alpha(0.3));
  set(ImGuiCol_Separator, theme.border);
  set(ImGuiCol_TableHeaderBg, none);
  set(ImGuiCol_TableBorderLight, theme.border);
  set(ImGuiCol_TableBorderStrong, theme.border);
  set(ImGuiCol_TableRowBg, none);
  set(ImGuiCol_TableRowBgAlt, none);
  set(ImGuiCol_TextSelectedBg, theme.accent.with_alpha(0.3));
  set(ImGuiCol_NavHighlight, theme.accent);
  set(ImGuiCol_ModalWindowDimBg, theme.background.with_alpha(0.6));
}

}  // namespace

void apply_style(const Theme& theme) {
  ImGuiStyle style;
  ImGui::StyleColorsDark(&style);
  set_sizes(style, theme);
  set_colors(style, theme);
  ImGui::GetStyle() = style;
}

}  // namespace sketchscope
