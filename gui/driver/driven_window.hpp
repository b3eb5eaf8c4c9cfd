#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/run/run_file.hpp"
#include "gui/platform/platform.hpp"
#include "gui/view/history.hpp"
#include "gui/view/presets.hpp"
#include "gui/view/run_set.hpp"
#include "gui/view/run_source.hpp"
#include "gui/view/study_sheet.hpp"
#include "gui/widgets/action.hpp"
#include "gui/widgets/controls.hpp"
#include "gui/widgets/selection.hpp"

namespace sketchscope::driver {

/// The present contents of a window, as scripts and recordings need them. References are valid
/// until the next frame.
struct WindowFacts {
  const run::LiveState& state;
  const view::History& history;
  const view::History& other_history;  ///< history of the compared run; empty if none
  const widgets::Selection& selection;
  const view::RunSet* runs = nullptr;          ///< all that are shown over each other
  const view::StudySheet* study = nullptr;     ///< null if none is open
  std::span<const run::StepNote> notes = {};   ///< notes about steps of this run
  std::span<const view::Preset> presets = {};  ///< built-in ones, then a person's
  std::span<const std::string> errors = {};    ///< since the start, oldest first
  plot::Size size = {};                        ///< of the window
  std::filesystem::path opened = {};           ///< path of the run; empty for the first one
  /// Name and progress of the opening in progress, if any.
  std::optional<std::pair<std::string, double>> opening = {};
  std::vector<std::filesystem::path> recent = {};  ///< recently opened, newest first
  std::vector<std::string_view> panels = {};       ///< names of all panels
  std::set<std::string> hidden_panels = {};
  float zoom = 1;
  bool light = false;  ///< the theme
  std::optional<double> frame_median_ms = {};
  std::optional<double> frame_p99_ms = {};
};

/// The driver's interface to the window.
class DrivenWindow {
 public:
  virtual ~DrivenWindow() = default;

  /// Draws one frame.
  virtual void frame() = 0;
  /// Sets a callback for each frame that adds simulated input to ImGui's.
  virtual void set_input(std::function<void()> input) = 0;
  [[nodiscard]] virtual const std::function<void()>& input() const = 0;

  [[nodiscard]] virtual platform::Platform& platform() = 0;
  [[nodiscard]] virtual view::RunSource& source() = 0;
  [[nodiscard]] virtual const view::RunSource& source() const = 0;
  [[nodiscard]] virtual const widgets::ActionTable& actions() const = 0;
  [[nodiscard]] virtual const widgets::ItemRegistry& items() const = 0;
  [[nodiscard]] virtual WindowFacts facts() const = 0;

  /// Opens a model, a run, a text or a study. Errors become messages.
  virtual void open(const std::filesystem::path& path) = 0;
  /// Moves a panel to a side of another one: "tab", "above", "below", "left_of" or "right_of".
  /// Throws UsageError.
  virtual void move_panel(const std::string& panel, const std::string& side,
                          const std::string& beside) = 0;
  /// Lays a saved run over the others. Throws Error.
  virtual void lay_over(const std::filesystem::path& file) = 0;
  /// Locks the step that all panels show.
  virtual void look_at(std::int64_t step) = 0;
  /// Sends a command like a widget's: undoable and recorded.
  virtual void send(run::Command command, std::string tag) = 0;

  /// Returns the last frame.
  [[nodiscard]] virtual plot::Image screenshot() = 0;
  /// Writes a picture of the last frame as PNG with its description embedded. Throws Error.
  virtual void save_picture(const plot::Image& picture,
                            const std::filesystem::path& path) const = 0;
  /// Returns a panel, or the window if `panel` is empty, as an SVG document. Call between frames
  /// only. Throws UsageError on an unknown panel.
  [[nodiscard]] virtual std::string draw_svg(const std::string& panel) = 0;
};

}  // namespace sketchscope::driver
