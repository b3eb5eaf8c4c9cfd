#include "gui/panels/panel_text.hpp"

#include <algorithm>

namespace sketchscope {

TextStyle label_style(const Theme& theme) {
  return {.color = theme.quiet};
}

TextStyle small_style(const Theme& theme, Align align) {
  return {.color = theme.faint, .size = TextSize::small, .align = align};
}

TextStyle value_style(const Theme& theme, Align align) {
  return {.color = theme.text, .face = Face::mono, .align = align};
}

TextStyle small_value_style(const Theme& theme, Align align) {
  return {.color = theme.text, .face = Face::mono, .size = TextSize::small, .align = align};
}

TextStyle in_middle(TextStyle style) {
  style.vertical = VerticalAlign::middle;
  return style;
}

void draw_empty_state(PanelContext& context, std::string_view why, std::string_view remedy) {
  const Theme& theme = context.theme;
  const Point middle = context.area.center();
  const float half = theme.line_height() * 0.5F;
  TextStyle style{.color = theme.quiet, .align = Align::center, .vertical = VerticalAlign::middle};
  const auto line = [&](std::string_view words, float y) {
    const auto fitted = fitted_text(context.canvas, words, style, context.area.width());
    context.canvas.text({middle.x, y}, fitted, style);
  };
  line(why, middle.y - half);
  style.color = theme.faint;
  style.size = TextSize::small;
  line(remedy, middle.y + half);
}

TokenText token_text(const ModelInfo& model) {
  if (!model.tokenizer) return TokenText();
  return TokenText([tokenizer = model.tokenizer](int token) -> std::string_view {
    const bool known = token >= 0 && token < tokenizer->size();
    return known ? tokenizer->bytes_of(token) : std::string_view();
  });
}

std::string fitted_parts(const Canvas& canvas, std::string_view text, const TextStyle& style,
                         float width) {
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

std::string fitted_text(const Canvas& canvas, std::string_view text, const TextStyle& style,
                        float width) {
  if (canvas.measure(text, style).width <= width) return std::string(text);
  std::string shortened(text);
  while (!shortened.empty()) {
    // Only whole characters are removed: continuation bytes with their lead byte.
    while (!shortened.empty() && (static_cast<unsigned char>(shortened.back()) & 0xC0) == 0x80) {
      shortened.pop_back();
    }
    if (!shortened.empty()) shortened.pop_back();
    if (canvas.measure(shortened + "…", style).width <= width) break;
  }
  return shortened + "…";
}

}  // namespace sketchscope
