#include "gui/app/figure_controller.hpp"

#include <imgui.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "engine/core/error.hpp"
#include "engine/core/files.hpp"
#include "gui/app/run_sources.hpp"
#include "gui/platform/pdf_canvas.hpp"
#include "gui/platform/picture.hpp"
#include "gui/plot/svg_canvas.hpp"
#include "gui/view/attention_grid.hpp"

namespace sketchscope::app {
namespace {

/// Makes the platform draw for a picture during its lifetime.
class PictureFrames {
 public:
  PictureFrames(platform::Platform& platform, plot::Size size) : platform_(platform) {
    platform_.begin_picture(size);
  }
  ~PictureFrames() { platform_.end_picture(); }
  PictureFrames(const PictureFrames&) = delete;
  PictureFrames& operator=(const PictureFrames&) = delete;

 private:
  platform::Platform& platform_;
};

/// Returns the name of a figure's subject in files and actions.
std::string subject_of(const std::string& panel) {
  return panel.empty() ? "window" : panel;
}

}  // namespace

FigureFacts FigureController::facts() const {
  const Settings& settings = parts_.settings.get();
  std::vector<std::string> looks;
  if (settings.brightness == plot::Brightness::light) looks.emplace_back("light");
  if (settings.palette == plot::Palette::safe) looks.emplace_back("safe_colors");
  const ShownRun& run = parts_.run;
  const bool compares = run.state().other != nullptr && !run.other_history().empty();
  return {.history = run.history(),
          .state = run.state(),
          .model = run.model(),
          .selection = run.selection(),
          .prompt = run.source().prompt(),
          .run_file = run.source().file(),
          .other = compares ? &run.other_history() : nullptr,
          .study = parts_.study.sheet(),
          .study_folder = parts_.study.folder(),
          .study_choice = parts_.workspace.panel("study").choice(),
          .window = parts_.platform.size(),
          .looks = std::move(looks)};
}

/// Returns the size of the window or the panel's card, at scale 1.
plot::Size FigureController::size_of(const WindowFigure& figure) const {
  if (figure.print) return size_in_units(*figure.print);
  if (figure.size) return *figure.size;
  if (figure.panel.empty()) return parts_.platform.size();
  const auto card = parts_.workspace.card(figure.panel);
  // A panel that is not on the screen gets the size of a usual card.
  constexpr plot::Size kUsual{56, 32};
  const float unit = parts_.surface.theme().unit();
  if (!card) return {kUsual.width * unit, kUsual.height * unit};
  return {card->width(), card->height()};
}

WindowFigure FigureController::completed(WindowFigure figure) const {
  const bool panel_pdf = figure.format == FigureFormat::pdf && !figure.panel.empty();
  if (panel_pdf && !figure.print && !figure.size) figure.print.emplace();
  if (figure.print && figure.format == FigureFormat::png) {
    figure.scale = figure.print->dpi / PrintSize::kPointsPerInch * figure.print->text_pt /
                   plot::Theme().unit();
  }
  if (figure.print && figure.panel.empty()) {
    throw core::UsageError({.what = "a figure for print",
                            .found = "the whole window",
                            .expected = "one panel",
                            .remedy = "Name it with --panel"});
  }
  return figure;
}

void FigureController::use_look(const WindowFigure& figure) {
  if (figure.print) {
    parts_.surface.use_print(figure.format == FigureFormat::png ? figure.scale : 1);
  } else if (figure.size) {
    static_cast<void>(parts_.surface.use_scale(figure.scale));
  } else if (figure.format == FigureFormat::png) {
    static_cast<void>(parts_.surface.use_scale(parts_.surface.scale() * figure.scale));
  }
}

void FigureController::draw_frame(const WindowFigure& figure, plot::Canvas& canvas,
                                  plot::Canvas& overlay) {
  parts_.platform.begin_frame();
  constexpr float kNowhere = std::numeric_limits<float>::lowest();
  const ImVec2 mouse = std::exchange(ImGui::GetIO().MousePos, ImVec2(kNowhere, kNowhere));
  ImGui::NewFrame();
  parts_.surface.items().begin_frame();
  const plot::Size size = parts_.platform.size();
  Surface::begin_root_window(size);
  const plot::Rect whole{0, 0, size.width, size.height};
  if (figure.panel.empty()) {
    canvas.fill(whole, parts_.surface.theme().background);
    parts_.draw_contents(canvas, overlay, size);
  } else {
    panels::PanelContext context = parts_.panel_context(canvas, overlay, whole);
    context.print = figure.print.has_value();
    parts_.workspace.draw_only(figure.panel, whole, context);
  }
  ImGui::End();
  ImGui::Render();
  // The position is restored, since no mouse event may follow until the mouse moves.
  ImGui::GetIO().MousePos = mouse;
}

plot::Image FigureController::draw_picture(const WindowFigure& figure) {
  const plot::Size size = size_of(figure);
  Surface& surface = parts_.surface;
  const widgets::Hover hover = std::exchange(parts_.run.selection().hover, {});
  const PictureFrames frames(parts_.platform, {std::round(size.width * figure.scale),
                                               std::round(size.height * figure.scale)});
  use_look(figure);
  // An auto-sized ImGui window is invisible in its first frame.
  for (int frame = 0; frame < 2; ++frame) draw_frame(figure, surface.canvas(), surface.overlay());
  parts_.run.selection().hover = hover;
  return parts_.platform.screenshot(figure.print ? surface.theme().card
                                                 : surface.theme().background);
}

std::string FigureController::draw_svg(const WindowFigure& figure, const std::string& description) {
  if (!figure.panel.empty()) static_cast<void>(parts_.workspace.panel(figure.panel));
  const plot::Size size = size_of(figure);
  Surface& surface = parts_.surface;
  const widgets::Hover hover = std::exchange(parts_.run.selection().hover, {});
  const PictureFrames frames(parts_.platform, size);
  use_look(figure);
  draw_frame(figure, surface.canvas(), surface.overlay());
  plot::SvgCanvas svg(size, surface.theme(),
                      [&](std::string_view text, const plot::TextStyle& style) {
                        return surface.canvas().measure(text, style);
                      });
  draw_frame(figure, svg, svg);
  parts_.run.selection().hover = hover;
  return svg.document(description);
}

std::string FigureController::draw_pdf(const WindowFigure& figure, const std::string& description) {
  const plot::Size size = size_of(figure);
  Surface& surface = parts_.surface;
  const widgets::Hover hover = std::exchange(parts_.run.selection().hover, {});
  const PictureFrames frames(parts_.platform, size);
  use_look(figure);
  draw_frame(figure, surface.canvas(), surface.overlay());
  constexpr float kPointsPerPixel = 0.75F;  // 96 pixels to the inch
  const float points =
      figure.print ? figure.print->text_pt / surface.theme().unit() : kPointsPerPixel;
  platform::PdfCanvas pdf(size, points, surface.theme());
  draw_frame(figure, pdf, pdf);
  parts_.run.selection().hover = hover;
  return pdf.document(description);
}

view::DataTable FigureController::numbers(const std::string& panel) {
  Surface& surface = parts_.surface;
  return parts_.workspace.panel(panel).data(
      parts_.panel_context(surface.canvas(), surface.overlay(), {}));
}

void FigureController::save(const WindowFigure& wanted, const std::filesystem::path& path) {
  const WindowFigure figure = completed(wanted);
  const std::string description = figure_description(facts(), figure, path);
  if (!figure.panel.empty()) static_cast<void>(parts_.workspace.panel(figure.panel));
  switch (figure.format) {
    case FigureFormat::png:
      platform::write_png(path, draw_picture(figure), description);
      break;
    case FigureFormat::svg:
      core::write_file(path, draw_svg(figure, description));
      break;
    case FigureFormat::pdf:
      core::write_file(path, draw_pdf(figure, description));
      break;
    case FigureFormat::csv: {
      if (figure.panel.empty()) {
        throw core::UsageError({.what = "figure " + path.string(),
                                .found = "the whole window as CSV",
                                .expected = "one panel",
                                .remedy = "Name it with --panel"});
      }
      const view::DataTable table = numbers(figure.panel);
      if (table.columns.empty()) {
        throw core::Error({.what = "figure " + path.string(),
                           .found = "no numbers in panel " + figure.panel + " yet",
                           .remedy = "Make a step first"});
      }
      core::write_file(path, view::csv_text(table, description));
      break;
    }
  }
}

void FigureController::save_picture(const plot::Image& picture,
                                    const std::filesystem::path& path) const {
  platform::write_png(path, picture, figure_description(facts(), {}, path));
}

bool FigureController::has_numbers(const std::string& panel) const {
  const ShownRun& run = parts_.run;
  if (panel == "branching") return run.state().branching != nullptr;
  if (panel == "compare" && run.other_history().empty()) return false;
  if (panel == "study") return parts_.study.sheet() != nullptr;
  const auto step = run.selection().step(run.steps());
  if (panel == "attention-grid") {
    return step && !view::rows_up_to(run.state().attention, *step).empty();
  }
  if (panel == "inspector") {
    const auto position = run.selection().position();
    return step && position && *position < run.history().positions_at(*step);
  }
  return !run.history().empty();
}

std::filesystem::path FigureController::path_of(const std::string& what,
                                                const std::string& ending) const {
  // As the window counts steps: from 0.
  const std::int64_t step = std::max<std::int64_t>(parts_.run.steps() - 1, 0);
  return folder_ / ("sketchscope-" + what + "-run" + std::to_string(parts_.run.history().run()) +
                    "-step" + std::to_string(step) + ending);
}

void FigureController::save_and_tell(const std::filesystem::path& path,
                                     const std::function<void()>& save) {
  try {
    save();
    parts_.notices.add_information("Saved " +
                                   std::filesystem::absolute(path).lexically_normal().string());
  } catch (const core::Error& error) {
    parts_.notices.add_error(error.what());
  }
}

void FigureController::end_frame() {
  for (const auto& work : std::exchange(deferred_, {})) work();
}

void FigureController::add_file_actions(widgets::ActionTable& actions, const std::string& panel,
                                        const std::string& title) {
  struct Kind {
    const char* name;
    const char* title;
    FigureFormat format;
    float scale;
  };
  static constexpr std::array<Kind, 5> kKinds = {{{"png", "PNG", FigureFormat::png, 1},
                                                  {"png2", "PNG at 2×", FigureFormat::png, 2},
                                                  {"svg", "SVG", FigureFormat::svg, 1},
                                                  {"pdf", "PDF for print", FigureFormat::pdf, 1},
                                                  {"csv", "CSV", FigureFormat::csv, 1}}};
  const bool whole = panel.empty();
  for (const Kind& kind : kKinds) {
    if (whole && kind.format == FigureFormat::csv) continue;
    if (whole && kind.format == FigureFormat::pdf) continue;
    const WindowFigure figure{.panel = panel, .format = kind.format, .scale = kind.scale};
    std::optional<widgets::KeyChord> key;
    if (whole && kind.format == FigureFormat::png && kind.scale == 1)
      key = widgets::control_key('S');
    actions.add(std::string(kind.name) + "_" + subject_of(panel), title + ": save as " + kind.title,
                whole ? "With the configuration inside, where it was started" : "",
                {.panel = panel,
                 .key = key,
                 .enabled =
                     [this, figure] {
                       return figure.format != FigureFormat::csv || has_numbers(figure.panel);
                     },
                 .run =
                     [this, figure] {
                       deferred_.emplace_back([this, figure] {
                         const std::string twice = figure.scale == 1 ? "" : "@2x";
                         const auto path = path_of(subject_of(figure.panel),
                                                   twice + figure_ending(figure.format));
                         save_and_tell(path, [&] { save(figure, path); });
                       });
                     }});
  }
}

void FigureController::add_numbers_action(widgets::ActionTable& actions, const std::string& panel,
                                          const std::string& title) {
  actions.add(
      "numbers_" + panel, title + ": copy the numbers", "",
      {.panel = panel,
       .enabled = [this, panel] { return has_numbers(panel); },
       .run =
           [this, panel] {
             ImGui::SetClipboardText(view::tab_text(numbers(panel)).c_str());
             parts_.notices.add_information("Copied the numbers to the clipboard, apart by tabs");
           }});
}

void FigureController::add_command_action(widgets::ActionTable& actions, const std::string& panel,
                                          const std::string& title) {
  actions.add(
      "command_" + subject_of(panel), title + ": copy as command",
      panel.empty() ? "The command line that draws it again, offscreen" : "",
      {.panel = panel,
       .enabled = [this] { return !parts_.run.history().empty() && !parts_.run.state().branching; },
       .run =
           [this, panel] {
             const WindowFigure figure{.panel = panel};
             const auto file = path_of(subject_of(panel), ".png");
             ImGui::SetClipboardText(figure_command(facts(), figure, file).c_str());
             parts_.notices.add_information("Copied the command line to the clipboard");
           }});
}

void FigureController::add_panel_actions(widgets::ActionTable& actions,
                                         const panels::Panel& panel) {
  const std::string name(panel.name());
  const std::string title(panel.title());
  add_file_actions(actions, name, title);
  add_numbers_action(actions, name, title);
  add_command_action(actions, name, title);
}

void FigureController::add_actions(widgets::ActionTable& actions) {
  add_file_actions(actions, {}, "Window");
  add_command_action(actions, {}, "Window");
  actions.add(
      "save_run", "Save the run", "All records in one .scope file, which view and numpy.load open",
      {.key = widgets::KeyChord{.key = platform::key_of('S'), .control = true, .shift = true},
       .enabled = [this] { return !parts_.run.history().empty(); },
       .run =
           [this] {
             const auto path = path_of("run", ".scope");
             save_and_tell(path, [&] {
               run::save_run(path, run_to_save(parts_.run.source(), parts_.run.notes()));
             });
           }});
}

}  // namespace sketchscope::app
