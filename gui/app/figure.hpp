#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/run/live_state.hpp"
#include "gui/panels/panel.hpp"
#include "gui/plot/canvas.hpp"
#include "gui/plot/print_size.hpp"
#include "gui/view/history.hpp"
#include "gui/view/run_set.hpp"
#include "gui/view/study_sheet.hpp"
#include "gui/widgets/selection.hpp"

namespace sketchscope::app {

enum class FigureFormat : std::uint8_t { png, svg, csv, pdf };

using plot::PrintSize;

/// A picture or table of a panel or of the window.
struct WindowFigure {
  std::string panel;  ///< empty for the window
  FigureFormat format = FigureFormat::png;
  float scale = 1;                 ///< PNG pixels per pixel of the window or of `size`
  std::optional<plot::Size> size;  ///< pixels at scale 1; empty for the card's own
  std::optional<PrintSize> print;  ///< a panel for print; a PDF of a panel always is
};

/// Returns "own" or "same", the name of a token source in flags and figures.
std::string_view compared_tokens_name(run::ComparedTokens tokens);
std::optional<run::ComparedTokens> compared_tokens_of(std::string_view name);

/// Returns the format of a file's ending. Throws UsageError that lists all formats.
FigureFormat figure_format_of(const std::filesystem::path& file);
/// Returns the ending of a format, such as ".png".
std::string figure_ending(FigureFormat format);

/// Everything on the screen on which a figure depends.
struct FigureFacts {
  const view::History& history;
  const run::LiveState& state;
  const run::ModelInfo& model;
  const widgets::Selection& selection;
  std::string prompt;
  std::filesystem::path run_file = {};  ///< empty for a live run
  /// The history of the compared run B, whose state is `state.other()`; null if there is none.
  const view::History* other = nullptr;
  const view::RunSet* runs = nullptr;       ///< all that are shown over each other; may be null
  const view::StudySheet* study = nullptr;  ///< null if none is open
  std::filesystem::path study_folder = {};
  panels::PanelChoice study_choice = {};      ///< rows of the study that are shown
  panels::PanelChoice evictions_choice = {};  ///< lines of the table of evictions that are shown
  plot::Size window = {};
  std::vector<std::string> looks = {};  ///< actions that make the window look as it does: "light"
};

/// Returns the shell command that draws the figure offscreen into `file`. It includes the runs
/// beside the first and the study, if any.
std::string figure_command(const FigureFacts& facts, const WindowFigure& figure,
                           const std::filesystem::path& file);

/// Returns the JSON that every exported file embeds: version, model, prompt, initial knobs and
/// their changes, the step shown and the command, also for the runs beside the first. For the
/// study's panel: the knobs that all configurations share and the names of those that vary.
std::string figure_description(const FigureFacts& facts, const WindowFigure& figure,
                               const std::filesystem::path& file);

}  // namespace sketchscope::app
