#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/run/live_state.hpp"
#include "gui/panels/panel.hpp"
#include "gui/plot/geometry.hpp"
#include "gui/view/history.hpp"
#include "gui/view/study_sheet.hpp"
#include "gui/widgets/selection.hpp"

namespace sketchscope {

enum class FigureFormat : std::uint8_t { png, svg, csv };

/// A picture or table of one panel, or of the window.
struct WindowFigure {
  std::string panel;  ///< empty: the window
  FigureFormat format = FigureFormat::png;
  float scale = 1;  ///< pixels of a PNG per pixel of the window
};

/// "own" or "same": what a run is fed that is compared, as a flag and a figure call it.
std::string_view compared_tokens_name(ComparedTokens tokens);
std::optional<ComparedTokens> compared_tokens_of(std::string_view name);

/// The format that a file's ending names. Throws UsageError naming those there are.
FigureFormat figure_format_of(const std::filesystem::path& file);
/// ".png"
std::string figure_ending(FigureFormat format);

/// What is on the screen: all that a figure of it depends on.
struct FigureFacts {
  const History& history;
  const LiveState& state;
  const ModelInfo& model;
  const Selection& selection;
  std::string prompt;
  std::filesystem::path run_file = {};  ///< empty: the run is live
  /// Of the run that is compared, B, whose state is that of `state.other`; null while none is.
  const History* other = nullptr;
  const StudySheet* study = nullptr;  ///< null while none is open
  std::filesystem::path study_folder = {};
  PanelChoice study_choice = {};  ///< which of its rows are shown
  Size window = {};
  std::vector<std::string> looks = {};  ///< actions that make the window look as it does: "light"
};

/// The command line that draws it again, offscreen, into `file`; quoted for a shell. Makes both
/// runs where two are compared, and opens the study.
std::string figure_command(const FigureFacts& facts, const WindowFigure& figure,
                           const std::filesystem::path& file);

/// JSON that every exported file carries: version, model, prompt, knobs at the run's start, their
/// changes, the step shown, the command; the same of the run that is compared. Of the panel of a
/// study: the knobs that all of its configurations share, and the names of those that vary.
std::string figure_description(const FigureFacts& facts, const WindowFigure& figure,
                               const std::filesystem::path& file);

}  // namespace sketchscope
