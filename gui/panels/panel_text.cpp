#include "gui/panels/panel_text.hpp"

#include <algorithm>
#include <iterator>
#include <vector>

namespace sketchscope::panels {

plot::TextStyle label_style(const plot::Theme& theme) {
  return {.color = theme.quiet};
}

plot::TextStyle small_style(const plot::Theme& theme, plot::Align align) {
  return {.color = theme.faint, .size = plot::TextSize::small, .align = align};
}

plot::TextStyle value_style(const plot::Theme& theme, plot::Align align) {
  return {.color = theme.text, .face = plot::Face::mono, .align = align};
}

plot::TextStyle small_value_style(const plot::Theme& theme, plot::Align align) {
  return {
      .color = theme.text, .face = plot::Face::mono, .size = plot::TextSize::small, .align = align};
}

plot::TextStyle in_middle(plot::TextStyle style) {
  style.vertical = plot::VerticalAlign::middle;
  return style;
}

void draw_empty_state(PanelContext& context, std::string_view why, std::string_view remedy) {
  const plot::Theme& theme = context.theme;
  const plot::Point middle = context.area.center();
  const float half = theme.line_height() * 0.5F;
  plot::TextStyle style{
      .color = theme.quiet, .align = plot::Align::center, .vertical = plot::VerticalAlign::middle};
  const auto line = [&](std::string_view words, float y) {
    const auto fitted = fitted_text(context.canvas, words, style, context.area.width());
    context.canvas.text({middle.x, y}, fitted, style);
  };
  line(why, middle.y - half);
  style.color = theme.faint;
  style.size = plot::TextSize::small;
  line(remedy, middle.y + half);
}

void draw_not_there(PanelContext& context, std::string_view why, std::string_view remedy) {
  if (context.state.phase != run::RunPhase::saved) return draw_empty_state(context, why, remedy);
  draw_empty_state(context, why,
                   context.history.empty()
                       ? "The file has no step: open another run, or a model"
                       : "Not in this file: continue the run to have it (File menu)");
}

view::TokenText token_text(const run::ModelInfo& model) {
  if (!model.tokenizer) return view::TokenText();
  return view::TokenText([tokenizer = model.tokenizer](int token) -> std::string_view {
    const bool known = token >= 0 && token < tokenizer->size();
    return known ? tokenizer->bytes_of(token) : std::string_view();
  });
}

std::string fitted_parts(const plot::Canvas& canvas, std::string_view text,
                         const plot::TextStyle& style, float width) {
  while (!text.empty() && canvas.measure(text, style).width > width) {
    std::size_t end = 0;
    for (const std::string_view mark : {" · ", ", "}) {
      const std::size_t found = text.rfind(mark);
      if (found != std::string_view::npos) end = std::max(end, found);
    }
    text = text.substr(0, end);
  }
  return std::string(text);
}

std::string fitted_text(const plot::Canvas& canvas, std::string_view text,
                        const plot::TextStyle& style, float width) {
  if (canvas.measure(text, style).width <= width) return std::string(text);
  // Only whole characters are removed: continuation bytes with their lead byte.
  std::vector<std::size_t> ends;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if ((static_cast<unsigned char>(text[at]) & 0xC0) != 0x80) ends.push_back(at);
  }
  const auto shortened = [&](std::size_t end) { return std::string(text.substr(0, end)) + "…"; };
  const auto too_wide = std::ranges::partition_point(
      ends, [&](std::size_t end) { return canvas.measure(shortened(end), style).width <= width; });
  return shortened(too_wide == ends.begin() ? 0 : *std::prev(too_wide));
}

}  // namespace sketchscope::panels
