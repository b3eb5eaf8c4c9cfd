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
#include "gui/view/run_source.hpp"
#include "gui/view/study_sheet.hpp"
#include "gui/widgets/action.hpp"
#include "gui/widgets/item_registry.hpp"
#include "gui/widgets/selection.hpp"

namespace sketchscope {

/// What a window shows now, as far as scripts and recordings ask for it. References are those of
/// the window and end with its next frame.
struct StageFacts {
  const LiveState& state;
  const History& history;
  const History& other_history;  ///< of the run that is compared; empty while none is
  const Selection& selection;
  const StudySheet* study = nullptr;         ///< null while none is open
  std::span<const StepNote> notes = {};      ///< about steps of this run
  std::span<const Preset> presets = {};      ///< the program's own, then a person's
  std::span<const std::string> errors = {};  ///< all since the start, oldest first
  Size size = {};                            ///< of the window
  std::filesystem::path opened = {};         ///< the run's; empty: the one the window began with
  /// Name and share of what is being opened; empty while nothing is.
  std::optional<std::pair<std::string, double>> opening = {};
  std::vector<std::filesystem::path> recent = {};  ///< what was opened, the latest first
  std::vector<std::string_view> panels = {};       ///< all there are
  std::set<std::string> hidden_panels = {};
  float zoom = 1;
  bool light = false;  ///< the theme
  std::optional<double> frame_median_ms = {};
  std::optional<double> frame_p99_ms = {};
};

/// The window as a script drives it: all that the driver knows of it. The window implements it.
class Stage {
 public:
  virtual ~Stage() = default;

  /// Draws one frame.
  virtual void frame() = 0;
  /// Called in each frame when ImGui's input is complete; a script's hand on mouse and keyboard.
  virtual void set_input(std::function<void()> input) = 0;
  [[nodiscard]] virtual const std::function<void()>& input() const = 0;

  [[nodiscard]] virtual Platform& platform() = 0;
  [[nodiscard]] virtual RunSource& source() = 0;
  [[nodiscard]] virtual const RunSource& source() const = 0;
  [[nodiscard]] virtual const ActionTable& actions() const = 0;
  [[nodiscard]] virtual const ItemRegistry& items() const = 0;
  [[nodiscard]] virtual StageFacts facts() const = 0;

  /// Opens a model, a run, a text or a study. What is wrong with it becomes a message.
  virtual void open(const std::filesystem::path& path) = 0;
  /// Sends a command as a widget does: it can be undone, and is recorded.
  virtual void send(Command command, std::string tag) = 0;

  /// The frame drawn last.
  [[nodiscard]] virtual Image screenshot() = 0;
  /// Writes a picture of the frame drawn last as PNG, with what it shows inside. Throws Error.
  virtual void save_picture(const Image& picture, const std::filesystem::path& path) const = 0;
  /// A panel as an SVG document, or the whole window where `panel` is empty. Between frames only.
  /// Throws UsageError on an unknown panel.
  [[nodiscard]] virtual std::string draw_svg(const std::string& panel) = 0;
};

}  // namespace sketchscope
