#include "gui/panels/two_sides.hpp"

#include "gui/panels/panel_text.hpp"

namespace sketchscope::panels {

bool has_other(const PanelContext& context) {
  return context.other != nullptr && context.state.other() != nullptr &&
         context.other->at(context.shown_step()) != nullptr;
}

PanelContext of_run(const PanelContext& context, const OtherSide& run) {
  return {.history = run.history,
          .occupancies = run.occupancies,
          .state = run.state,
          .model = context.model,
          .selection = run.selection,
          .send = context.send,
          .canvas = context.canvas,
          .overlay = context.overlay,
          .theme = context.theme,
          .fonts = context.fonts,
          .items = context.items,
          .area = context.area};
}

PanelContext of_other(const PanelContext& context) {
  PanelContext other = of_run(context, {.history = *context.other,
                                        .state = *context.state.other(),
                                        .selection = context.selection,
                                        .occupancies = context.occupancies});
  other.pointer = context.pointer;
  other.print = context.print;
  return other;
}

float draw_side_title(PanelContext& context, std::size_t place, plot::Point at,
                      std::string_view words, float right) {
  const plot::Theme& theme = context.theme;
  plot::TextStyle style = small_style(theme);
  style.color = theme.runs[place];
  const std::string letter = view::run_letter(place);
  context.canvas.text(at, letter, style);
  at.x += context.canvas.measure(letter, style).width + theme.unit() * 0.7F;
  style.color = theme.quiet;
  context.canvas.text(at, fitted_parts(context.canvas, words, style, right - at.x), style);
  return theme.small_text * 1.5F;
}

}  // namespace sketchscope::panels
