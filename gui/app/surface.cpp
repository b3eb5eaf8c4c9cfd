#include "gui/app/surface.hpp"

#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "gui/app/load_fonts.hpp"
#include "gui/app/style.hpp"

namespace sketchscope {
namespace {

/// Returns the wanted scale, or less if the window would be too small for all panels.
float fitting_scale(float wanted, Size window) {
  constexpr Size kLeast{1200, 860};  // least size at which panels are readable at scale 1
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

}  // namespace

void Surface::make_theme_anew(float scale) {
  theme_ = make_theme(brightness_, palette_).scaled(scale);
  apply_style(theme_);
}

std::string Surface::follow(const Settings& settings) {
  const bool other_look = brightness_ != settings.brightness || palette_ != settings.palette;
  brightness_ = settings.brightness;
  palette_ = settings.palette;
  if (other_look && scale_ != 0) make_theme_anew(scale_);
  return use_scale(fitting_scale(platform_.scale() * settings.zoom, platform_.size()));
}

std::string Surface::use_scale(float scale) {
  if (scale == scale_) return {};
  make_theme_anew(scale);
  LoadedFonts loaded = load_fonts(theme_);
  fonts_ = loaded.fonts;
  platform_.reload_fonts();
  const bool first = std::exchange(scale_, scale) == 0;
  return first ? std::move(loaded.notice) : std::string();
}

void Surface::begin_root_window(Size size) {
  ImGui::SetNextWindowPos({0, 0});
  ImGui::SetNextWindowSize({size.width, size.height});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {0, 0});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, 0);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowRounding, 0);
  ImGui::Begin("SketchScope", nullptr, kRootFlags);
  ImGui::PopStyleVar(3);
}

}  // namespace sketchscope
