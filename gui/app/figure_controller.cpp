#include "gui/app/figure_controller.hpp"

#include <imgui.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "engine/core/error.hpp"
#include "engine/core/files.hpp"
#include "engine/run/eviction_inquiry.hpp"
#include "gui/app/run_sources.hpp"
#include "gui/platform/picture.hpp"
#include "gui/view/attention_grid.hpp"

namespace sketchscope::app {
namespace {

/// Returns the name of a figure's subject in files and actions.
std::string subject_of(const std::string& panel) {
  return panel.empty() ? "window" : panel;
}

/// Returns how to get numbers into a panel that has none.
std::string remedy_without_numbers(const std::string& panel, bool begun) {
  if (!begun) return "Make a step first";
  if (panel == "inspector") return "Choose a token: click one in the text or the occupancy";
  return "Go to another step, or continue a saved run: its model makes the steps that the file "
         "does not hold";
}

/// Returns whether it was asked what the pinned eviction cost.
bool shows_cost(const run::LiveState& state, const widgets::Selection& selection) {
  if (!selection.eviction || !state.cost) return false;
  const record::EvictionRecord& asked = state.cost->cost.eviction;
  return *selection.eviction == widgets::EvictionKey{state.cost->step, asked.layer, asked.position,
                                                     asked.head.value_or(0)};
}

}  // namespace

FigureFacts FigureController::facts() const {
  const Settings& settings = parts_.settings.get();
  std::vector<std::string> looks;
  if (settings.brightness == plot::Brightness::light) looks.emplace_back("light");
  if (settings.palette == plot::Palette::safe) looks.emplace_back("safe_colors");
  const ShownRun& run = parts_.run;
  const bool compares = run.state().other() != nullptr && !run.other_history().empty();
  std::ranges::move(parts_.control.runs().looks(), std::back_inserter(looks));
  if (shows_cost(run.state(), run.selection())) looks.emplace_back("cost");
  return {.history = run.history(),
          .state = run.state(),
          .model = run.model(),
          .selection = run.selection(),
          .prompt = run.source().prompt(),
          .run_file = run.source().file(),
          .other = compares ? &run.other_history() : nullptr,
          .runs = &parts_.control.runs().set(),
          .study = parts_.study.sheet(),
          .study_folder = parts_.study.folder(),
          .study_choice = parts_.workspace.panel("study").choice(),
          .evictions_choice = parts_.workspace.panel("evictions").choice(),
          .window = parts_.platform.size(),
          .looks = std::move(looks)};
}

WindowFigure FigureController::completed(WindowFigure figure) const {
  const bool panel_pdf = figure.format == FigureFormat::pdf && !figure.panel.empty();
  if (panel_pdf && !figure.print && !figure.size) figure.print.emplace();
  if (figure.print && figure.format == FigureFormat::png) {
    figure.scale = figure.print->dpi / PrintSize::kPointsPerInch * figure.print->text_pt /
                   plot::Theme().small_text;
  }
  if (figure.print && figure.panel.empty()) {
    throw core::UsageError({.what = "a figure for print",
                            .found = "the whole window",
                            .expected = "one panel",
                            .remedy = "Name it with --panel"});
  }
  return figure;
}

void FigureController::save(const WindowFigure& wanted, const std::filesystem::path& path) {
  if (!wanted.panel.empty()) static_cast<void>(parts_.workspace.panel(wanted.panel));
  WindowFigure figure = completed(wanted);
  if (figure.format != FigureFormat::csv) figure = drawer_.fitted(std::move(figure));
  const std::string description = figure_description(facts(), figure, path);
  switch (figure.format) {
    case FigureFormat::png:
      platform::write_png(path, drawer_.picture(figure), description);
      break;
    case FigureFormat::svg:
      core::write_file(path, drawer_.svg(figure, description));
      break;
    case FigureFormat::pdf:
      core::write_file(path, drawer_.pdf(figure, description));
      break;
    case FigureFormat::csv: {
      if (figure.panel.empty()) {
        throw core::UsageError({.what = "figure " + path.string(),
                                .found = "the whole window as CSV",
                                .expected = "one panel",
                                .remedy = "Name it with --panel"});
      }
      const view::DataTable table = drawer_.numbers(figure.panel);
      if (table.columns.empty()) {
        const auto step = parts_.run.selection().step(parts_.run.steps());
        throw core::Error(
            {.what = "figure " + path.string(),
             .found = "no numbers in panel " + figure.panel +
                      (step ? " at step " + std::to_string(*step) : std::string(" yet")),
             .remedy = remedy_without_numbers(figure.panel, step.has_value())});
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
  if (panel == "runs") return parts_.control.runs().set().runs.size() > 1;
  if (panel == "study") return parts_.study.sheet() != nullptr;
  if (panel == "step") return !run.state().step_traces.empty();
  if (panel == "pages") return run.state().pages != nullptr;
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
  add_save_as_action(actions, panel, title);
  for (const Kind& kind : kKinds) {
    if (whole && kind.format == FigureFormat::csv) continue;
    if (whole && kind.format == FigureFormat::pdf) continue;
    const WindowFigure figure{.panel = panel, .format = kind.format, .scale = kind.scale};
    std::optional<widgets::KeyChord> key;
    if (whole && kind.format == FigureFormat::png && kind.scale == 1)
      key = widgets::control_key('S');
    actions.add(std::string(kind.name) + "_" + subject_of(panel), title + ": save as " + kind.title,
                whole ? "With the configuration inside, in the folder for pictures" : "",
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
                         const auto path = place_.path_of(subject_of(figure.panel),
                                                          twice + figure_ending(figure.format));
                         save_and_tell(path, [&] { save(figure, path); });
                       });
                     }});
  }
}

void FigureController::add_save_as_action(widgets::ActionTable& actions, const std::string& panel,
                                          const std::string& title) {
  actions.add("save_as_" + subject_of(panel), title + ": save as…",
              "Under a name and in a folder of your own; the ending chooses the format",
              {.panel = panel, .only_opens = true, .run = [this, panel, title] {
                 place_.ask({.title = "Save " + title + " as",
                             .hint = panel.empty() ? "Its ending chooses PNG or SVG; the folder is "
                                                     "kept for later."
                                                   : "Its ending chooses PNG, SVG, PDF or CSV; the "
                                                     "folder is kept for later.",
                             .first = place_.path_of(subject_of(panel), ".png"),
                             .check = [](const auto& path) { (void)figure_format_of(path); },
                             .save = [this, panel](const auto& path) { save_later(panel, path); }});
               }});
}

void FigureController::save_later(const std::string& panel, const std::filesystem::path& path) {
  deferred_.emplace_back([this, panel, path] {
    const WindowFigure figure{.panel = panel, .format = figure_format_of(path)};
    save_and_tell(path, [&] { save(figure, path); });
  });
}

void FigureController::add_numbers_action(widgets::ActionTable& actions, const std::string& panel,
                                          const std::string& title) {
  actions.add(
      "numbers_" + panel, title + ": copy the numbers", "",
      {.panel = panel,
       .enabled = [this, panel] { return has_numbers(panel); },
       .run =
           [this, panel] {
             ImGui::SetClipboardText(view::tab_text(drawer_.numbers(panel)).c_str());
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
             const auto file = place_.path_of(subject_of(panel), ".png");
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
}

}  // namespace sketchscope::app
