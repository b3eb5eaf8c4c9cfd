// Figures: a panel or the window as PNG, SVG or CSV, drawn between two frames of the window.
#include <imgui.h>

#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "engine/core/error.hpp"
#include "engine/core/files.hpp"
#include "gui/app/app.hpp"
#include "gui/app/file_source.hpp"
#include "gui/platform/png.hpp"
#include "gui/plot/svg_canvas.hpp"

namespace sketchscope {
namespace {

/// The platform draws for a picture as long as this lives.
class PictureFrames {
 public:
  PictureFrames(Platform& platform, Size size) : platform_(platform) {
    platform_.begin_picture(size);
  }
  ~PictureFrames() { platform_.end_picture(); }
  PictureFrames(const PictureFrames&) = delete;
  PictureFrames& operator=(const PictureFrames&) = delete;

 private:
  Platform& platform_;
};

}  // namespace

FigureFacts App::figure_facts() const {
  std::vector<std::string> looks;
  if (settings_.brightness == Brightness::light) looks.emplace_back("light");
  if (settings_.palette == Palette::safe) looks.emplace_back("safe_colors");
  return {.history = history_,
          .state = *state_,
          .model = source_.model(),
          .selection = selection_,
          .prompt = source_.prompt(),
          .run_file = source_.file(),
          .window = platform_.size(),
          .looks = std::move(looks)};
}

/// At scale 1: that of the window, or of the panel's card.
Size App::figure_size(const WindowFigure& figure) const {
  if (figure.panel.empty()) return platform_.size();
  const auto card = workspace_.card(figure.panel);
  // One that is not on the screen gets the size of a card in the middle.
  constexpr Size kUsual{56, 32};
  if (!card) return {kUsual.width * theme_.unit(), kUsual.height * theme_.unit()};
  return {card->width(), card->height()};
}

void App::draw_figure_frame(const WindowFigure& figure, Canvas& canvas, Canvas& overlay) {
  platform_.begin_frame();
  constexpr float kNowhere = std::numeric_limits<float>::lowest();
  const ImVec2 mouse = std::exchange(ImGui::GetIO().MousePos, ImVec2(kNowhere, kNowhere));
  ImGui::NewFrame();
  items_.begin_frame();
  const Size size = platform_.size();
  begin_root_window(size);
  const Rect whole{0, 0, size.width, size.height};
  if (figure.panel.empty()) {
    canvas.fill(whole, theme_.background);
    draw_contents(canvas, overlay, size);
  } else {
    workspace_.draw_only(figure.panel, whole, panel_context(canvas, overlay, whole));
  }
  ImGui::End();
  ImGui::Render();
  // It may not be told again before it moves.
  ImGui::GetIO().MousePos = mouse;
}

Image App::draw_picture(const WindowFigure& figure) {
  const Size size = figure_size(figure);
  const float scale = loaded_scale_ * figure.scale;
  const Hover hover = std::exchange(selection_.hover, {});
  const PictureFrames frames(
      platform_, {std::round(size.width * figure.scale), std::round(size.height * figure.scale)});
  use_scale(scale);
  // A window that sizes itself shows nothing in its first frame.
  for (int frame = 0; frame < 2; ++frame) draw_figure_frame(figure, canvas_, overlay_);
  selection_.hover = hover;
  return platform_.screenshot(theme_.background);
}

std::string App::draw_svg(const std::string& panel) {
  if (!panel.empty()) static_cast<void>(workspace_.panel(panel));
  const WindowFigure figure{.panel = panel, .format = FigureFormat::svg};
  return draw_svg(figure, figure_description(figure_facts(), figure, {}));
}

std::string App::draw_svg(const WindowFigure& figure, const std::string& description) {
  const Size size = figure_size(figure);
  const Hover hover = std::exchange(selection_.hover, {});
  const PictureFrames frames(platform_, size);
  draw_figure_frame(figure, canvas_, overlay_);
  SvgCanvas svg(size, theme_, [this](std::string_view text, const TextStyle& style) {
    return canvas_.measure(text, style);
  });
  draw_figure_frame(figure, svg, svg);
  selection_.hover = hover;
  return svg.document(description);
}

void App::save_figure(const WindowFigure& figure, const std::filesystem::path& path) {
  const std::string description = figure_description(figure_facts(), figure, path);
  const Panel* panel = figure.panel.empty() ? nullptr : &workspace_.panel(figure.panel);
  switch (figure.format) {
    case FigureFormat::png:
      write_png(path, draw_picture(figure), description);
      break;
    case FigureFormat::svg:
      write_file(path, draw_svg(figure, description));
      break;
    case FigureFormat::csv: {
      if (panel == nullptr) {
        throw UsageError({.what = "figure " + path.string(),
                          .found = "the whole window as CSV",
                          .expected = "one panel",
                          .remedy = "Name it with --panel"});
      }
      const DataTable table = panel->data(panel_context(canvas_, overlay_, {}));
      if (table.columns.empty()) {
        throw Error({.what = "figure " + path.string(),
                     .found = "no numbers in panel " + figure.panel + " yet",
                     .remedy = "Make a step first"});
      }
      write_file(path, csv_text(table, description));
      break;
    }
  }
}

bool App::has_numbers(const std::string& panel) const {
  if (panel == "branching") return state_->branching != nullptr;
  if (panel == "compare" && other_history_.empty()) return false;
  if (panel == "inspector") {
    const auto step = selection_.step(static_cast<std::int64_t>(history_.size()));
    const auto position = selection_.position();
    return step && position && *position < history_.positions_at(*step);
  }
  return !history_.empty();
}

Image App::screenshot() {
  return platform_.screenshot(theme_.background);
}

void App::save_picture(const Image& picture, const std::filesystem::path& path) const {
  write_png(path, picture, figure_description(figure_facts(), {}, path));
}

std::filesystem::path App::export_path(const std::string& what, const std::string& ending) const {
  return export_folder_ / ("sketchscope-" + what + "-run" + std::to_string(history_.run()) +
                           "-step" + std::to_string(history_.size()) + ending);
}

void App::save_and_tell(const std::filesystem::path& path, const std::function<void()>& save) {
  try {
    save();
    notices_.add(Notice::Kind::information, "Saved " + std::filesystem::absolute(path).string());
  } catch (const Error& error) {
    notices_.add(Notice::Kind::error, error.what());
  }
}

void App::run_deferred() {
  for (const auto& work : std::exchange(deferred_, {})) work();
}

void App::add_export_actions(const std::string& panel, const std::string& title) {
  struct Kind {
    const char* name;
    const char* title;
    FigureFormat format;
    float scale;
  };
  static constexpr std::array<Kind, 4> kKinds = {{{"png", "PNG", FigureFormat::png, 1},
                                                  {"png2", "PNG at 2×", FigureFormat::png, 2},
                                                  {"svg", "SVG", FigureFormat::svg, 1},
                                                  {"csv", "CSV", FigureFormat::csv, 1}}};
  const std::string of = panel.empty() ? "window" : panel;
  const bool with_help = panel.empty();
  for (const Kind& kind : kKinds) {
    if (panel.empty() && kind.format == FigureFormat::csv) continue;
    const WindowFigure figure{panel, kind.format, kind.scale};
    std::optional<KeyChord> key;
    if (panel.empty() && kind.format == FigureFormat::png && kind.scale == 1) {
      key = KeyChord{.key = key_of('S'), .control = true};
    }
    actions_.add({.name = std::string(kind.name) + "_" + of,
                  .title = title + ": save as " + kind.title,
                  .help = with_help ? "With the configuration inside, where it was started" : "",
                  .panel = panel,
                  .key = key,
                  .enabled =
                      [this, figure] {
                        return figure.format != FigureFormat::csv || has_numbers(figure.panel);
                      },
                  .run =
                      [this, figure, of] {
                        deferred_.emplace_back([this, figure, of] {
                          const std::string twice = figure.scale == 1 ? "" : "@2x";
                          const auto path = export_path(of, twice + figure_ending(figure.format));
                          save_and_tell(path, [&] { save_figure(figure, path); });
                        });
                      }});
  }
  if (!panel.empty()) {
    actions_.add({.name = "numbers_" + panel,
                  .title = title + ": copy the numbers",
                  .panel = panel,
                  .enabled = [this, panel] { return has_numbers(panel); },
                  .run =
                      [this, panel] {
                        const PanelContext context = panel_context(canvas_, overlay_, {});
                        ImGui::SetClipboardText(
                            tab_text(workspace_.panel(panel).data(context)).c_str());
                        notices_.add(Notice::Kind::information,
                                     "Copied the numbers to the clipboard, apart by tabs");
                      }});
  }
  actions_.add({.name = "command_" + of,
                .title = title + ": copy as command",
                .help = with_help ? "The command line that draws it again, offscreen" : "",
                .panel = panel,
                .enabled = [this] { return !history_.empty() && !state_->branching; },
                .run =
                    [this, panel, of] {
                      const WindowFigure figure{.panel = panel};
                      const auto file = export_path(of, ".png");
                      const std::string line = figure_command(figure_facts(), figure, file);
                      ImGui::SetClipboardText(line.c_str());
                      notices_.add(Notice::Kind::information,
                                   "Copied the command line to the clipboard");
                    }});
}

void App::add_export_actions() {
  add_export_actions({}, "Window");
  actions_.add({.name = "save_run",
                .title = "Save the run",
                .help = "All records in one .scope file, which view and numpy.load open",
                .key = KeyChord{.key = key_of('S'), .control = true, .shift = true},
                .enabled = [this] { return !history_.empty(); },
                .run =
                    [this] {
                      const auto path = export_path("run", ".scope");
                      save_and_tell(path, [&] { save_run(path, run_to_save(source_, notes_)); });
                    }});
}

}  // namespace sketchscope
