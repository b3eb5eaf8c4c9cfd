#include "gui/app/opening_card.hpp"

#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "gui/panels/panel_text.hpp"

namespace sketchscope {
namespace {

constexpr float kOpeningCardWidthInUnits = 30;
constexpr float kOpeningCardHeightInUnits = 4.4F;

}  // namespace

Rect draw_opening(const ControlContext& context, const Opening& opening, const Rect& area,
                  bool& cancelled) {
  const Theme& theme = context.theme;
  const float unit = theme.unit();
  const float width = std::min(unit * kOpeningCardWidthInUnits, area.width() - 2 * theme.gap());
  const float bottom = area.bottom - theme.gap();
  const Rect card{area.right - theme.gap() - width, bottom - unit * kOpeningCardHeightInUnits,
                  area.right - theme.gap(), bottom};
  ImGui::SetNextWindowPos({card.left, card.top});
  ImGui::SetNextWindowSize({card.width(), card.height()});
  ImGui::Begin("Opening", nullptr,
               ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoSavedSettings |
                   ImGuiWindowFlags_NoFocusOnAppearing | ImGuiWindowFlags_NoNav);
  context.items.note("Opening", card);
  const Rect button{card.right - theme.padding() - unit * 6, card.top + unit * 0.8F,
                    card.right - theme.padding(), card.top + unit * 2.8F};
  const double share = std::clamp(opening.share(), 0.0, 1.0);
  const std::string words =
      opening.cancelled()
          ? "Giving up " + opening.name() + "…"
          : "Opening " + opening.name() + " · " + std::to_string(std::lround(share * 100)) + " %";
  const TextStyle style{.color = theme.text, .vertical = VerticalAlign::middle};
  const float left = card.left + theme.padding();
  context.canvas.text({left, button.center().y},
                      fitted_text(context.canvas, words, style, button.left - left - unit), style);
  if (!opening.cancelled() &&
      text_button(context, "Opening/cancel", button, "Cancel", Emphasis::plain,
                  "What was opened before stays on the screen.")) {
    cancelled = true;
  }
  const Rect way{left, card.bottom - unit * 1.05F, card.right - theme.padding(),
                 card.bottom - unit * 0.8F};
  context.canvas.fill(way, theme.control, way.height() / 2);
  Rect done = way;
  done.right = way.left + way.width() * static_cast<float>(share);
  context.canvas.fill(done, theme.accent, way.height() / 2);
  ImGui::End();
  return {area.left, area.top, area.right, card.top + theme.gap() * 0.4F};
}

}  // namespace sketchscope
