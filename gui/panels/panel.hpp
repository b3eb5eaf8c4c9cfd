#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/run/command.hpp"
#include "engine/run/live_state.hpp"
#include "engine/run/run_file.hpp"
#include "gui/plot/canvas.hpp"
#include "gui/plot/imgui_canvas.hpp"
#include "gui/plot/theme.hpp"
#include "gui/view/data_table.hpp"
#include "gui/view/head_text.hpp"
#include "gui/view/history.hpp"
#include "gui/view/occupancy.hpp"
#include "gui/view/presets.hpp"
#include "gui/view/run_set.hpp"
#include "gui/view/study_sheet.hpp"
#include "gui/widgets/controls.hpp"
#include "gui/widgets/selection.hpp"

namespace sketchscope::panels {

/// The mouse as seen by a panel; empty if it is elsewhere or a popup covers the panel.
struct Pointer {
  std::optional<plot::Point> at;
  bool clicked = false;  ///< pressed and released without a move
  bool double_clicked = false;
  float wheel = 0;
  /// Where a drag began, while the button is held; `at` may then be outside the panel.
  std::optional<plot::Point> dragged_from;
  plot::Point dragged_by;  ///< movement since the former frame
};

/// The filter, order and columns of a panel's table that a person chose, and the row that others
/// are compared with.
struct PanelChoice {
  std::string filter = {};
  std::string order = {};  ///< name of a column; empty for the panel's default order
  bool descending = false;
  std::string reference = {};             ///< name of a configuration; empty for none
  std::vector<std::string> columns = {};  ///< names or titles of those shown; empty for all

  friend bool operator==(const PanelChoice&, const PanelChoice&) = default;
};

/// What the rows of a panel's CSV file are of: a run with all its steps, the step shown, or all
/// runs and what else the program has, such as the runs compared, a study or its memory.
enum class RowsOf : std::uint8_t { run, step, everything };

/// A function that sends a command; one with a tag replaces an unread one of the same tag.
using CommandSink = std::function<void(run::Command command, std::string tag)>;

/// The inputs of a panel, and its two outputs: selection and commands.
struct PanelContext {
  const view::History& history;
  view::Occupancies& occupancies;
  const run::LiveState& state;  ///< with the layers of the step shown, if known
  const run::ModelInfo& model;
  widgets::Selection& selection;
  const CommandSink& send;
  plot::Canvas& canvas;   ///< the panel's canvas, clipped to its card
  plot::Canvas& overlay;  ///< above all panels, for readouts
  const plot::Theme& theme;
  const plot::Fonts& fonts;  ///< fonts for widgets
  widgets::ItemRegistry& items;
  plot::Rect area;  ///< area of the content; widgets start at its top left
  Pointer pointer;
  const view::History* other = nullptr;     ///< history of the compared run; often null
  const view::StudySheet* study = nullptr;  ///< the open study; often null
  /// All runs that are shown over each other, A and B among them; null without a window.
  view::RunSet* runs = nullptr;
  std::span<const run::StepNote> notes;   ///< a person's notes about steps
  std::span<const view::Preset> presets;  ///< built-in presets, then a person's
  /// Whether this is a figure for print: it has no cursor, and its axes have labels.
  bool print = false;
  /// Runs an action by name.
  std::function<void(std::string_view)> run_action = {};

  /// Returns the record that all panels show; null before the first step.
  [[nodiscard]] const record::StepRecord* shown() const {
    const auto step = selection.step(static_cast<std::int64_t>(history.size()));
    return step ? history.at(*step) : nullptr;
  }
  /// Returns the step that all panels show; −1 before the first.
  [[nodiscard]] std::int64_t shown_step() const {
    const record::StepRecord* record = shown();
    return record ? record->step : -1;
  }
};

/// A card of the window, drawn from the context in each frame. It keeps only view state such as
/// sort order and scroll position. Pictures are drawn on the canvas, widgets with ImGui.
class Panel {
 public:
  virtual ~Panel() = default;

  /// Returns the stable name in layouts and scripts. A panel without a place in the default layout
  /// (app/layout.cpp) opens alone.
  [[nodiscard]] virtual std::string_view name() const = 0;
  [[nodiscard]] virtual std::string_view title() const = 0;
  /// Returns the title's tooltip, a sentence on what is shown and what a click does.
  [[nodiscard]] virtual std::string_view help() const = 0;
  /// Returns a faint text after the title: "layer 3 · 4 rows × 512, log scale".
  [[nodiscard]] virtual std::string subtitle(const PanelContext&) const { return {}; }
  /// Returns the value shown in the card's top right corner.
  [[nodiscard]] virtual std::string readout(const PanelContext&) const { return {}; }

  /// Returns the numbers shown, for a CSV file; without columns if there are none yet.
  [[nodiscard]] virtual view::DataTable data(const PanelContext& context) const = 0;
  /// Returns what its rows are of, which says whether those of other runs can stand below them.
  [[nodiscard]] virtual RowsOf rows_of() const { return RowsOf::run; }

  /// Returns the panel's filter and order, on which its figures depend; empty if none was chosen.
  [[nodiscard]] virtual PanelChoice choice() const { return {}; }
  /// Sets filter and order; ignored by panels without a choice. Throws UsageError on a column that
  /// the panel never has.
  virtual void choose(PanelChoice) {}

  /// Returns the least size of its area in a figure for print, below which it would leave parts
  /// out, for one as wide as `context.area`.
  [[nodiscard]] virtual plot::Size least_print(const PanelContext&) const { return {}; }

  virtual void draw(PanelContext& context) = 0;
};

/// Returns the state of the chosen layer; null before the first step.
inline const run::LayerState* chosen_layer(const PanelContext& context) {
  const auto index = static_cast<std::size_t>(context.selection.layer);
  return context.selection.layer >= 0 && index < context.state.layers.size()
             ? &context.state.layers[index]
             : nullptr;
}

/// Returns the state of the chosen table; null before the first step.
inline const run::TableState* chosen_table(const PanelContext& context) {
  return run::table_of(context.state, context.selection.layer, context.selection.head);
}

/// Names the chosen table: "layer 3", or "layer 3 head 5" where there is one for each head.
inline std::string chosen_table_words(const PanelContext& context) {
  const run::LayerState* layer = chosen_layer(context);
  const std::string words = "layer " + std::to_string(context.selection.layer);
  const bool per_head = layer && layer->tables.size() > 1;
  return per_head
             ? words + " " + view::table_head_text(context.model.config, context.selection.head)
             : words;
}

/// Returns the knobs in force at the state's step.
inline settings::Knobs state_knobs(const PanelContext& context) {
  return view::knobs_at(context.history, context.state.applied, context.state.steps - 1);
}

/// Returns whether the state is that of the step shown: the newest, or a past one that the engine
/// has looked up.
inline bool knows_state(const PanelContext& context) {
  const auto steps = static_cast<std::int64_t>(context.history.size());
  const auto shown = context.selection.step(steps);
  return shown && (*shown == steps - 1 || context.state.steps == *shown + 1);
}

/// Returns the state if it is that of the step shown; else null.
inline const run::LiveState* known_state(const PanelContext& context) {
  return knows_state(context) ? &context.state : nullptr;
}

/// Returns the state of the chosen layer, and of the chosen table, at the step shown; null where
/// the state is that of another step, whose numbers no file may give out as those of this one.
inline const run::LayerState* known_layer(const PanelContext& context) {
  return knows_state(context) ? chosen_layer(context) : nullptr;
}
inline const run::TableState* known_table(const PanelContext& context) {
  return knows_state(context) ? chosen_table(context) : nullptr;
}

/// Returns the prefix "newest step, " if the state is not that of the step shown.
inline std::string_view state_caveat(const PanelContext& context) {
  return knows_state(context) ? "" : "newest step, ";
}

/// Returns the occupancy at the step shown, valid until that of another step is asked for; empty
/// before the first.
inline const view::Occupancy& shown_occupancy(const PanelContext& context) {
  static const view::Occupancy none;
  const record::StepRecord* record = context.shown();
  return record ? context.occupancies.of(context.history)
                      .at(context.history, context.state.applied, record->step)
                : none;
}

/// Returns the value at a position; kMissing beyond the end.
inline double value_of(const std::vector<float>& values, int position) {
  const auto index = static_cast<std::size_t>(position);
  return position >= 0 && index < values.size() ? values[index] : plot::kMissing;
}

}  // namespace sketchscope::panels
