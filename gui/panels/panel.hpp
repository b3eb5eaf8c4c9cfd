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
#include "gui/widgets/controls.hpp"
#include "gui/widgets/selection.hpp"

namespace sketchscope {

/// The mouse as seen by a panel; empty if it is elsewhere or a popup covers the panel.
struct Pointer {
  std::optional<Point> at;
  bool clicked = false;  ///< pressed and released without a move
  bool double_clicked = false;
  float wheel = 0;
  /// Where a drag began, while the button is held; `at` may then be outside the panel.
  std::optional<Point> dragged_from;
  Point dragged_by;  ///< movement since the former frame
};

/// The filter and order of a panel's table that a person chose.
struct PanelChoice {
  std::string filter = {};
  std::string order = {};  ///< name of a column; empty for the panel's default order
  bool descending = false;

  friend bool operator==(const PanelChoice&, const PanelChoice&) = default;
};

/// A function that sends a command; one with a tag replaces an unread one of the same tag.
using CommandSink = std::function<void(Command command, std::string tag)>;

/// The inputs of a panel, and its two outputs: selection and commands.
struct PanelContext {
  const History& history;
  const LiveState& state;  ///< with the layers of the step shown, if known
  const ModelInfo& model;
  Selection& selection;
  const CommandSink& send;
  Canvas& canvas;   ///< the panel's canvas, clipped to its card
  Canvas& overlay;  ///< above all panels, for readouts
  const Theme& theme;
  const Fonts& fonts;  ///< fonts for widgets
  ItemRegistry& items;
  Rect area;  ///< area of the content; widgets start at its top left
  Pointer pointer;
  const History* other = nullptr;     ///< history of the compared run; often null
  const StudySheet* study = nullptr;  ///< the open study; often null
  std::span<const StepNote> notes;    ///< a person's notes about steps
  std::span<const Preset> presets;    ///< built-in presets, then a person's
  /// Runs an action by name.
  std::function<void(std::string_view)> run_action = {};

  /// Returns the record that all panels show; null before the first step.
  [[nodiscard]] const StepRecord* shown() const {
    const auto step = selection.step(static_cast<std::int64_t>(history.size()));
    return step ? history.at(*step) : nullptr;
  }
};

/// A card of the window, drawn from the context in each frame. It keeps only view state such as
/// sort order and scroll position. Pictures are drawn on the canvas, widgets with ImGui.
class Panel {
 public:
  virtual ~Panel() = default;

  /// Returns the stable name in layouts and scripts. The default layout has places for knobs,
  /// bytes, text, occupancy, sketch, accuracy, timeline, why, next-token-kl, attention-kl,
  /// next-token, memory, evictions, for branching while paths are, compare while runs are and study
  /// while one is open; some of them are shared (panels_sharing in app/layout.hpp). A panel of
  /// another name opens alone.
  [[nodiscard]] virtual std::string_view name() const = 0;
  [[nodiscard]] virtual std::string_view title() const = 0;
  /// Returns the title's tooltip, a sentence on what is shown and what a click does.
  [[nodiscard]] virtual std::string_view help() const = 0;
  /// Returns a faint text after the title: "layer 3 · 4 rows × 512, log scale".
  [[nodiscard]] virtual std::string subtitle(const PanelContext&) const { return {}; }
  /// Returns the value shown in the card's top right corner.
  [[nodiscard]] virtual std::string readout(const PanelContext&) const { return {}; }

  /// Returns the numbers shown, for a CSV file; without columns if there are none yet.
  [[nodiscard]] virtual DataTable data(const PanelContext& context) const = 0;

  /// Returns the panel's filter and order, on which its figures depend; empty if none was chosen.
  [[nodiscard]] virtual PanelChoice choice() const { return {}; }
  /// Sets filter and order; ignored by panels without a choice.
  virtual void choose(PanelChoice) {}

  virtual void draw(PanelContext& context) = 0;
};

}  // namespace sketchscope
