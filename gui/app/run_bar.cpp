#include "gui/app/run_bar.hpp"

#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "gui/app/run_figures.hpp"
#include "gui/panels/panel_text.hpp"
#include "gui/view/model_text.hpp"

namespace sketchscope::app {
namespace {

constexpr double kDecades = 3;            // of the speed slider: 1 to 1000 tokens per second
constexpr double kUnlimitedShare = 0.97;  // slider position from which speed is unlimited

constexpr float kPillWidthInUnits = 110;  // least width of a window that shows the model's line
constexpr float kNameInUnits = 10;        // width of the model's name alone

/// A cursor for layout from left to right.
struct Row {
  float x;
  float top;
  float bottom;

  plot::Rect take(float width, float gap) {
    const plot::Rect rect{x, top, x + width, bottom};
    x += width + gap;
    return rect;
  }
};

std::string with_key(const widgets::ActionTable& actions, std::string_view name) {
  const widgets::Action* action = actions.find(name);
  if (action == nullptr) return {};
  return action->help + (action->key ? "  [" + widgets::chord_text(*action->key) + "]" : "");
}

/// Draws the model's line, or its name alone in a narrow window. A click opens the picker.
void draw_model(const RunBarContext& context, Row& row, float window_width) {
  const plot::Theme& theme = context.controls.theme;
  plot::Canvas& canvas = context.controls.canvas;
  const bool narrow = window_width < kPillWidthInUnits * theme.unit();
  plot::TextStyle quiet{.color = theme.quiet, .vertical = plot::VerticalAlign::middle};
  const std::string text =
      narrow ? panels::fitted_text(canvas, context.model.name, quiet, theme.unit() * kNameInUnits)
             : view::model_line(context.model);
  const float width = canvas.measure(text, quiet).width + theme.unit() * 2;
  const plot::Rect pill = row.take(width, theme.unit() * 1.6F).inset(0, theme.unit() * 0.15F);
  ImGui::SetCursorScreenPos({pill.left, pill.top});
  if (ImGui::InvisibleButton("model", {pill.width(), pill.height()})) {
    context.actions.run("open");
  }
  context.controls.items.note("Run/model", pill);
  if (ImGui::IsItemHovered()) quiet.color = theme.text;
  canvas.fill(pill, theme.control, pill.height() / 2);
  canvas.text({pill.left + theme.unit(), pill.center().y}, text, quiet);
  widgets::help_on_hover(
      pill, view::model_details(context.model) + ". A click opens another model or run.");
}

void draw_name(const RunBarContext& context, Row& row, float window_width) {
  const plot::Theme& theme = context.controls.theme;
  plot::Canvas& canvas = context.controls.canvas;
  const float middle = (row.top + row.bottom) / 2;
  const plot::TextStyle name{.color = theme.text,
                             .face = plot::Face::sans_bold,
                             .size = plot::TextSize::large,
                             .vertical = plot::VerticalAlign::middle};
  canvas.text({row.x, middle}, "SketchScope", name);
  row.x += canvas.measure("SketchScope", name).width + theme.unit();

  const plot::Rect file = row.take(theme.unit() * 3.8F, theme.unit() * 0.8F);
  if (widgets::text_button(context.controls, "Run/file", file, "File", widgets::Emphasis::plain,
                           with_key(context.actions, "file_menu"))) {
    context.actions.run("file_menu");
  }
  draw_model(context, row, window_width);
}

void draw_buttons(const RunBarContext& context, Row& row) {
  const float unit = context.controls.theme.unit();
  const float width = unit * 2.8F;
  const float gap = unit * 0.45F;
  const bool running = context.state.phase == run::RunPhase::running;
  const widgets::ActionTable& actions = context.actions;
  const auto button = [&](std::string_view name, widgets::Icon icon, widgets::Emphasis emphasis) {
    const widgets::Action* action = actions.find(name);
    const bool enabled = action != nullptr && action->is_enabled();
    const std::string path = "Run/" + std::string(name);
    if (widgets::icon_button(context.controls, path, row.take(width, gap), icon, emphasis, enabled,
                             with_key(actions, name))) {
      actions.run(name);
    }
  };
  button("previous_step", widgets::Icon::step_back, widgets::Emphasis::plain);
  if (running) {
    button("pause", widgets::Icon::pause, widgets::Emphasis::accent);
  } else {
    button("play", widgets::Icon::play, widgets::Emphasis::accent);
  }
  button("step", widgets::Icon::step, widgets::Emphasis::plain);
  button("restart", widgets::Icon::restart, widgets::Emphasis::plain);
  row.x += unit * 0.9F;
}

void draw_speed(const RunBarContext& context, Row& row) {
  const plot::Theme& theme = context.controls.theme;
  plot::Canvas& canvas = context.controls.canvas;
  const float middle = (row.top + row.bottom) / 2;
  const plot::TextStyle label{.color = theme.quiet, .vertical = plot::VerticalAlign::middle};
  canvas.text({row.x, middle}, "speed", label);
  row.x += canvas.measure("speed", label).width + theme.unit() * 0.7F;
  double share = share_of_speed(context.state.speed);
  if (widgets::thin_slider(
          context.controls, "Run/speed", row.take(theme.unit() * 9, theme.unit()), share,
          "Tokens per second aimed at; the right end is as fast as the machine allows.")) {
    context.send(run::command::SetSpeed{speed_at(share)}, "speed");
  }
  const plot::TextStyle value{
      .color = theme.text, .face = plot::Face::mono, .vertical = plot::VerticalAlign::middle};
  canvas.text({row.x, middle}, speed_text(context.state.speed), value);
  row.x += canvas.measure("1000 tok/s", value).width + theme.unit();
}

/// Returns the number of tokens of the text that is being given; 0 if none is, or its end was
/// reached and the run draws its own.
std::size_t text_in_progress(const RunBarContext& context) {
  const std::size_t tokens = context.state.text_tokens;
  return context.history.tokens().size() <= tokens ? tokens : 0;
}

void draw_figures(const RunBarContext& context, float left, float right, float middle) {
  const plot::Theme& theme = context.controls.theme;
  plot::Canvas& canvas = context.controls.canvas;
  const plot::TextStyle label{.color = theme.quiet, .vertical = plot::VerticalAlign::middle};
  plot::TextStyle value{.face = plot::Face::mono, .vertical = plot::VerticalAlign::middle};
  const float gap = theme.unit() * 1.5F;
  const auto label_width = [&](const RunFigure& figure) {
    return figure.label.empty() ? 0
                                : canvas.measure(figure.label, label).width + theme.unit() * 0.5F;
  };
  const auto width = [&](const RunFigure& figure) {
    return label_width(figure) + canvas.measure(figure.value, value).width + gap;
  };
  std::vector<RunFigure> shown =
      run_figures(context.history, context.model.config, theme, text_in_progress(context));
  float needed = 0;
  for (const RunFigure& figure : shown) needed += width(figure);
  while (!shown.empty() && needed > right - left) {
    const auto least = std::ranges::max_element(shown, {}, &RunFigure::rank);
    needed -= width(*least);
    shown.erase(least);
  }
  float x = right - needed + gap;
  for (const RunFigure& figure : shown) {
    value.color = figure.color;
    canvas.text({x, middle}, figure.label, label);
    canvas.text({x + label_width(figure), middle}, figure.value, value);
    const float end = x + width(figure);
    widgets::help_on_hover({x, middle - theme.unit(), end - gap, middle + theme.unit()},
                           figure.help);
    x = end;
  }
}

void draw_search(const RunBarContext& context, const plot::Rect& area) {
  const plot::Theme& theme = context.controls.theme;
  plot::Canvas& canvas = context.controls.canvas;
  if (widgets::text_button(context.controls, "Run/palette", area, "", widgets::Emphasis::plain,
                           with_key(context.actions, "palette"))) {
    context.actions.run("palette");
  }
  const float middle = area.center().y;
  canvas.text({area.left + theme.unit() * 0.9F, middle}, "Search actions",
              {.color = theme.quiet, .vertical = plot::VerticalAlign::middle});
  canvas.text({area.right - theme.unit() * 0.9F, middle}, "Ctrl P",
              widgets::small_text_at_right(theme.faint));
}

}  // namespace

float run_bar_height(const plot::Theme& theme) {
  return std::round(theme.unit() * 3.84F);
}

double speed_at(double share) {
  if (share >= kUnlimitedShare) return 0;
  const double exact = std::pow(10.0, kDecades * share / kUnlimitedShare);
  // The speed is rounded to two significant digits, as more have no use.
  const double unit = exact < 10 ? 0.1 : std::pow(10.0, std::floor(std::log10(exact)) - 1);
  return std::round(exact / unit) * unit;
}

double share_of_speed(double tokens_per_second) {
  if (tokens_per_second <= 0) return 1;
  return std::clamp(std::log10(tokens_per_second) / kDecades, 0.0, 1.0) * kUnlimitedShare;
}

std::string speed_text(double tokens_per_second) {
  return tokens_per_second <= 0 ? "unlimited" : plot::format_tokens_per_second(tokens_per_second);
}

void draw_run_bar(const RunBarContext& context, const plot::Rect& area) {
  const plot::Theme& theme = context.controls.theme;
  plot::Canvas& canvas = context.controls.canvas;
  canvas.fill(area, theme.card);
  canvas.line({area.left, area.bottom - 1}, {area.right, area.bottom - 1}, {theme.border});

  const float margin = theme.unit() * 0.8F;
  Row row{area.left + theme.unit() * 1.3F, area.top + margin, area.bottom - margin};
  draw_name(context, row, area.width());
  draw_buttons(context, row);
  draw_speed(context, row);
  const float search_width = theme.unit() * 13;
  const float search_left = area.right - theme.unit() - search_width;
  const bool search_fits = search_left > row.x;
  draw_figures(context, row.x, (search_fits ? search_left : area.right) - theme.unit() * 1.6F,
               area.center().y);
  if (search_fits)
    draw_search(context, {search_left, row.top, search_left + search_width, row.bottom});
}

}  // namespace sketchscope::app
