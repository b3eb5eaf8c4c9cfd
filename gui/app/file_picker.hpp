#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "gui/app/openable.hpp"
#include "gui/widgets/controls.hpp"
#include "gui/widgets/popup.hpp"

namespace sketchscope {

/// Where a model, a run or a text is picked: a path to write, what was opened lately, and a folder
/// to walk through.
class FilePicker {
 public:
  using Open = std::function<void(const std::filesystem::path&)>;

  /// Opens at this folder, or at the nearest one above it that can be read.
  void open(const std::filesystem::path& folder);
  /// Calls `picked` with what was chosen, and closes.
  void draw(const ControlContext& context, const std::vector<Openable>& recent, const Rect& window,
            const Open& picked);

 private:
  void go_to(const std::filesystem::path& folder);
  /// A written path: a folder is gone into, anything else is chosen.
  void enter(const std::filesystem::path& path);
  void draw_recent(const ControlContext& context, const std::vector<Openable>& recent);
  void draw_folder(const ControlContext& context);

  Popup popup_{"Open a model, a run or a text",
               {.width = 52, .height = 34, .top_share = -1, .modal = true}};
  std::filesystem::path folder_;
  std::string path_;  ///< as it is written
  std::vector<FolderEntry> entries_;
  std::string mistake_;
  std::filesystem::path chosen_;  ///< in this frame; empty: nothing
};

}  // namespace sketchscope
