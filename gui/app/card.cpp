#include "gui/app/card.hpp"

#include <algorithm>
#include <numeric>
#include <string>
#include <vector>

#include "gui/panels/panel_text.hpp"

namespace sketchscope::app {
namespace {

plot::TextStyle title_style(const plot::Theme& theme) {
  return {
      .color = theme.text, .face = plot::Face::sans_bold, .vertical = plot::VerticalAlign::middle};
}

/// Returns the mark of words that are left out.
std::string more_text(std::size_t count) {
  return "+" + std::to_string(count);
}

/// Words of a header that are shown: those from `first` on, before `end`.
struct ShownWords {
  std::size_t first = 0;
  std::size_t end = 0;
};

/// Returns all words if they fit into `room`, else the one at `kept` with as many neighbours, first
/// those after it, as fit before a mark of the width `more`.
ShownWords words_that_fit(const std::vector<float>& widths, std::size_t kept, float gap, float room,
                          float more) {
  const float all = std::accumulate(widths.begin(), widths.end(), 0.0F) +
                    gap * static_cast<float>(widths.size() - 1);
  if (all <= room || widths.size() == 1) return {0, widths.size()};
  ShownWords shown{kept, kept + 1};
  float used = widths[kept] + gap + more;
  while (shown.end < widths.size() && used + widths[shown.end] + gap <= room) {
    used += widths[shown.end++] + gap;
  }
  while (shown.first > 0 && used + widths[shown.first - 1] + gap <= room) {
    used += widths[--shown.first] + gap;
  }
  return shown;
}

}  // namespace

CardTabs card_tab_areas(const plot::Canvas& canvas, const plot::Theme& theme,
                        const plot::Rect& card, const CardHeader& header) {
  const plot::Rect line = card_title_area(theme, card);
  const plot::TextStyle style = title_style(theme);
  const float gap = theme.unit() * 1.1F;
  const float left = card.left + theme.padding();
  const float end = (header.has_menu ? card_menu_area(theme, card).left : card.right) - gap / 2;
  // The title stands among the tabs.
  std::vector<float> widths;
  for (std::size_t index = 0; index <= header.tab_titles.size(); ++index) {
    if (index == header.title_at) widths.push_back(canvas.measure(header.title, style).width);
    if (index < header.tab_titles.size()) {
      widths.push_back(canvas.measure(header.tab_titles[index], style).width);
    }
  }
  const float more = canvas.measure(more_text(widths.size()), style).width + gap;
  const ShownWords shown = words_that_fit(widths, header.title_at, gap, end - left, more);
  CardTabs areas;
  areas.left_out = widths.size() - (shown.end - shown.first);
  float at = left;
  for (std::size_t index = 0; index < widths.size(); ++index) {
    const bool fits = index >= shown.first && index < shown.end;
    const plot::Rect area{at, line.top, at + (fits ? widths[index] : 0), line.bottom};
    if (fits) at += widths[index] + gap;
    if (index == header.title_at) {
      areas.title = area;
    } else {
      areas.tabs.push_back(area);
    }
  }
  if (areas.left_out == 0) return areas;
  areas.more = {at, line.top, at + more - gap, line.bottom};
  const std::size_t next = shown.end < widths.size() ? shown.end : 0;
  areas.next_left_out = next > header.title_at ? next - 1 : next;
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
    if (areas.tabs[index].width() <= 0) continue;
    canvas.text({areas.tabs[index].left, middle}, header.tab_titles[index], title);
    subtitle_left = std::max(subtitle_left, areas.tabs[index].right);
  }
  if (areas.left_out > 0) {
    canvas.text({areas.more.left, middle}, more_text(areas.left_out), title);
    subtitle_left = areas.more.right;
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
