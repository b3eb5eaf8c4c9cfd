#include "gui/app/card.hpp"

#include <algorithm>
#include <string>

#include "gui/panels/panel_text.hpp"

namespace sketchscope::app {
namespace {

plot::TextStyle title_style(const plot::Theme& theme) {
  return {
      .color = theme.text, .face = plot::Face::sans_bold, .vertical = plot::VerticalAlign::middle};
}

}  // namespace

CardTabs card_tab_areas(const plot::Canvas& canvas, const plot::Theme& theme,
                        const plot::Rect& card, const CardHeader& header) {
  const plot::Rect line = card_title_area(theme, card);
  const plot::TextStyle style = title_style(theme);
  const float gap = theme.unit() * 1.1F;
  float left = card.left + theme.padding();
  const auto next = [&](std::string_view words) {
    const float width = canvas.measure(words, style).width;
    const plot::Rect area{left, line.top, left + width, line.bottom};
    left += width + gap;
    return area;
  };
  CardTabs areas;
  for (std::size_t index = 0; index <= header.tab_titles.size(); ++index) {
    if (index == header.title_at) areas.title = next(header.title);
    if (index < header.tab_titles.size()) areas.tabs.push_back(next(header.tab_titles[index]));
  }
  return areas;
}

plot::Rect card_title_area(const plot::Theme& theme, const plot::Rect& card) {
  return {card.left, card.top, card.right, card.top + theme.unit() * 2.2F};
}

plot::Rect card_menu_area(const plot::Theme& theme, const plot::Rect& card) {
  plot::Rect area = card_title_area(theme, card);
  area.right = card.right - theme.padding() * 0.3F;
  area.left = area.right - theme.unit() * 1.5F;
  return area;
}

plot::Rect draw_card(const widgets::ControlContext& context, const plot::Rect& card,
                     const CardHeader& header) {
  const plot::Theme& theme = context.theme;
  plot::Canvas& canvas = context.canvas;
  canvas.fill(card, theme.card, theme.rounding());
  canvas.rect(card, {theme.border}, theme.rounding());

  const float middle = card_title_area(theme, card).center().y + theme.unit() * 0.1F;
  plot::TextStyle title = title_style(theme);
  plot::TextStyle subtitle{
      .color = theme.quiet, .size = plot::TextSize::small, .vertical = title.vertical};
  plot::TextStyle readout = widgets::small_text_at_right(theme.quiet);
  const float left = card.left + theme.padding();
  const float right = card.right - theme.padding();
  const plot::Rect menu = card_menu_area(theme, card);
  for (const float dot : {-1.0F, 0.0F, 1.0F}) {
    if (!header.has_menu) break;
    canvas.fill_circle({menu.center().x + dot * theme.unit() * 0.32F, middle}, theme.unit() * 0.09F,
                       theme.faint);
  }
  const float readout_right = header.has_menu ? menu.left - theme.unit() * 0.3F : right;
  const CardTabs areas = card_tab_areas(canvas, theme, card, header);
  canvas.text({areas.title.left, middle}, header.title, title);
  float subtitle_left = areas.title.right;
  title.color = theme.faint;
  for (std::size_t index = 0; index < areas.tabs.size(); ++index) {
    canvas.text({areas.tabs[index].left, middle}, header.tab_titles[index], title);
    subtitle_left = std::max(subtitle_left, areas.tabs[index].right);
  }
  subtitle_left += theme.unit() * 0.9F;
  const float readout_width = canvas.measure(header.readout, readout).width;
  const bool readout_fits = readout_right - readout_width >= subtitle_left;
  if (readout_fits) canvas.text({readout_right, middle}, header.readout, readout);
  const float subtitle_right =
      readout_fits ? readout_right - readout_width - theme.unit() : readout_right;
  const std::string shortened =
      panels::fitted_parts(canvas, header.subtitle, subtitle, subtitle_right - subtitle_left);
  canvas.text({subtitle_left, middle}, shortened, subtitle);

  return {left, card_title_area(theme, card).bottom + theme.unit() * 0.15F, right,
          card.bottom - theme.padding() * 0.7F};
}

}  // namespace sketchscope::app
