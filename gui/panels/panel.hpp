#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "engine/run/command.hpp"
#include "engine/run/live_state.hpp"
#include "engine/run/run_file.hpp"
#include "gui/plot/canvas.hpp"
#include "gui/plot/fonts.hpp"
#include "gui/plot/theme.hpp"
#include "gui/view/data_table.hpp"
#include "gui/view/history.hpp"
#include "gui/view/presets.hpp"
#include "gui/view/study_sheet.hpp"
#include "gui/widgets/item_registry.hpp"
#include "gui/widgets/selection.hpp"

namespace sketchscope {

/// The mouse as a panel sees it; empty while it is elsewhere or a popup lies above.
struct Pointer {
  std::optional<Point> at;
  bool clicked = false;  ///< pressed and released without a move
  bool double_clicked = false;
  float wheel = 0;
  /// Where the mouse was pressed, while it is moved with the button down; `at` may lie outside
  /// then.
  std::optional<Point> dragged_from;
  Point dragged_by;  ///< since the frame before
};

/// Which rows a panel's table shows, and in which order, as a person chose it.
struct PanelChoice {
  std::string filter = {};
  std::string order = {};  ///< the name of a column; empty: the panel's own order
  bool descending = false;

  friend bool operator==(const PanelChoice&, const PanelChoice&) = default;
};

/// Sends a command; one with a tag replaces an unread one of the same tag.
using CommandSink = std::function<void(Command command, std::string tag)>;

/// All that a panel may read, and the two ways in which it acts: selection and commands.
struct PanelContext {
  const History& history;
  const LiveState& state;  ///< its layers at the step shown, where they are known of that step
  const ModelInfo& model;
  Selection& selection;
  const CommandSink& send;
  Canvas& canvas;   ///< of the panel, clipped to its card
  Canvas& overlay;  ///< above all panels, for readouts
  const Theme& theme;
  const Fonts& fonts;  ///< for widgets; the canvas knows them
  ItemRegistry& items;
  Rect area;  ///< what the panel may fill; widgets start at its top left
  Pointer pointer;
  const History* other = nullptr;     ///< of the run that this one is compared with; often null
  const StudySheet* study = nullptr;  ///< that was opened; often null
  std::span<const StepNote> notes;    ///< what a person wrote about steps
  std::span<const Preset> presets;    ///< the program's own, then a person's
  /// Runs an action of the table by its name.
  std::function<void(std::string_view)> run_action = {};

  /// The record all panels show now; null before the first step.
  [[nodiscard]] const StepRecord* shown() const {
    const auto step = selection.step(static_cast<std::int64_t>(history.size()));
    return step ? history.at(*step) : nullptr;
  }
};

/// One card of the window. Drawn anew each frame from the context; keeps only what is the view's
/// own (a sort order, a scroll position). Uses the canvas for pictures, ImGui for widgets.
class Panel {
 public:
  virtual ~Panel() = default;

  /// Stable: in layouts and scripts. The default layout has places for knobs, bytes, text,
  /// occupancy, sketch, accuracy, timeline, why, next-token-kl, attention-kl, next-token, memory,
  /// evictions, for branching while paths are, compare while runs are and study while one is open;
  /// some of them are shared (panels_sharing in app/layout.hpp). A panel of another name opens
  /// alone.
  [[nodiscard]] virtual std::string_view name() const = 0;
  [[nodiscard]] virtual std::string_view title() const = 0;
  /// One sentence: what is shown and what a click does. The tooltip of the title.
  [[nodiscard]] virtual std::string_view help() const = 0;
  /// Quiet words after the title: "layer 3 · 4 rows × 512, log scale".
  [[nodiscard]] virtual std::string subtitle(const PanelContext&) const { return {}; }
  /// The one value worth the card's top right corner.
  [[nodiscard]] virtual std::string readout(const PanelContext&) const { return {}; }

  /// The numbers behind what is shown, for a CSV file. Without columns before there are any.
  [[nodiscard]] virtual DataTable data(const PanelContext& context) const = 0;

  /// What a figure of the panel depends on beside the context; empty where nothing was chosen in
  /// it.
  [[nodiscard]] virtual PanelChoice choice() const { return {}; }
  /// As if a person had chosen it; of no matter to a panel that leaves no choice.
  virtual void choose(PanelChoice) {}

  virtual void draw(PanelContext& context) = 0;
};

}  // namespace sketchscope
