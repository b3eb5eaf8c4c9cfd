#include "gui/app/surface.hpp"

#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <utility>

#include "gui/app/fonts.hpp"

namespace sketchscope::app {
namespace {

ImVec4 vector(plot::Color color) {
  constexpr float kFull = 255;
  return {static_cast<float>(color.red) / kFull, static_cast<float>(color.green) / kFull,
          static_cast<float>(color.blue) / kFull, static_cast<float>(color.alpha) / kFull};
}

void set_sizes(ImGuiStyle& style, const plot::Theme& theme) {
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

void set_colors(ImGuiStyle& style, const plot::Theme& theme) {
  const auto set = [&](plot::Color color, std::initializer_list<ImGuiCol> slots) {
    for (const ImGuiCol slot : slots) style.Colors[slot] = vector(color);
  };
  set(theme.text, {ImGuiCol_Text, ImGuiCol_SliderGrab});
  set(theme.quiet, {ImGuiCol_ScrollbarGrabActive});
  set(theme.faint, {ImGuiCol_TextDisabled, ImGuiCol_ScrollbarGrabHovered});
  set(theme.background, {ImGuiCol_WindowBg});
  set(theme.background.with_alpha(0.6), {ImGuiCol_ModalWindowDimBg});
  set(theme.card, {ImGuiCol_PopupBg, ImGuiCol_TitleBg, ImGuiCol_TitleBgActive,
                   ImGuiCol_TitleBgCollapsed, ImGuiCol_MenuBarBg});
  set(theme.card.with_alpha(0), {ImGuiCol_ChildBg, ImGuiCol_ScrollbarBg, ImGuiCol_TableHeaderBg,
                                 ImGuiCol_TableRowBg, ImGuiCol_TableRowBgAlt});
  set(theme.border, {ImGuiCol_Border, ImGuiCol_FrameBgHovered, ImGuiCol_FrameBgActive,
                     ImGuiCol_ScrollbarGrab, ImGuiCol_ButtonHovered, ImGuiCol_Separator,
                     ImGuiCol_TableBorderLight, ImGuiCol_TableBorderStrong});
  set(theme.control, {ImGuiCol_FrameBg, ImGuiCol_Button});
  set(theme.accent, {ImGuiCol_CheckMark, ImGuiCol_SliderGrabActive, ImGuiCol_NavHighlight});
  set(theme.accent.with_alpha(0.14), {ImGuiCol_Header});
  set(theme.accent.with_alpha(0.2), {ImGuiCol_HeaderHovered});
  set(theme.accent.with_alpha(0.3), {ImGuiCol_HeaderActive, ImGuiCol_TextSelectedBg});
  set(theme.accent.with_alpha(0.35), {ImGuiCol_ButtonActive});
}

/// Returns the wanted scale, or less if the window would be too small for all panels.
float fitting_scale(float wanted, plot::Size window) {
  constexpr plot::Size kLeast{1200, 860};  // least size at which panels are readable at scale 1
  constexpr float kSmallest = 0.75F;
  constexpr float kStep = 0.05F;  // each step of the scale reloads the fonts
  const float most = std::min(window.width / kLeast.width, window.height / kLeast.height);
  if (wanted <= most) return wanted;
  return std::min(wanted, std::max(kSmallest, std::floor(most / kStep) * kStep));
}

constexpr ImGuiWindowFlags kRootFlags = ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove |
                                        ImGuiWindowFlags_NoSavedSettings |
                                        ImGuiWindowFlags_NoBringToFrontOnFocus |
                                        ImGuiWindowFlags_NoNav | ImGuiWindowFlags_NoScrollWithMouse;

/// Applies the theme to ImGui's widgets.
void apply_style(const plot::Theme& theme) {
  ImGuiStyle style;
  ImGui::StyleColorsDark(&style);
  set_sizes(style, theme);
  set_colors(style, theme);
  ImGui::GetStyle() = style;
}

}  // namespace

void Surface::make_theme_anew(float scale) {
  theme_ = plot::make_theme(brightness_, palette_).scaled(scale);
  apply_style(theme_);
  canvas_.set_stroke_scale(theme_.stroke_scale());
  overlay_.set_stroke_scale(theme_.stroke_scale());
}

std::string Surface::follow(const Settings& settings) {
  const bool other_look = brightness_ != settings.brightness || palette_ != settings.palette;
  brightness_ = settings.brightness;
  palette_ = settings.palette;
  if (other_look && scale_ != 0) make_theme_anew(scale_);
  const float wanted = platform_.scale() * settings.zoom;
  const float fitting = fitting_scale(wanted, platform_.size());
  const bool wants_larger = settings.zoom > std::exchange(zoom_, settings.zoom);
  if (wants_larger && fitting == scale_ && fitting < wanted) {
    return "Larger text does not fit: a larger window has room for it";
  }
  return use_scale(fitting);
}

std::string Surface::use_scale(float scale) {
  if (scale == scale_) return {};
  const plot::Theme before = theme_;
  make_theme_anew(scale);
  LoadedFonts loaded;
  try {
    loaded = load_fonts(theme_);
  } catch (...) {
    // The former fonts stay, and so does the theme that fits them.
    theme_ = before;
    apply_style(theme_);
    throw;
  }
  fonts_ = loaded.fonts;
  platform_.reload_fonts();
  const bool first = std::exchange(scale_, scale) == 0;
  return first ? std::move(loaded.notice) : std::string();
}

void Surface::use_print(float scale) {
  brightness_ = plot::Brightness::light;
  if (scale == scale_) make_theme_anew(scale);
  static_cast<void>(use_scale(scale));
}

void Surface::begin_root_window(plot::Size size) {
  ImGui::SetNextWindowPos({0, 0});
  ImGui::SetNextWindowSize({size.width, size.height});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {0, 0});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, 0);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowRounding, 0);
  ImGui::Begin("SketchScope", nullptr, kRootFlags);
  ImGui::PopStyleVar(3);
}

}  // namespace sketchscope::app
