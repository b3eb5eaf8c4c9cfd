#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "engine/model/offered_models.hpp"
#include "gui/app/open_target.hpp"
#include "gui/widgets/action.hpp"
#include "gui/widgets/controls.hpp"
#include "gui/widgets/popup.hpp"

namespace sketchscope::app {

/// The File menu under its button in the run bar.
class FileMenu {
 public:
  void open() { opening_ = true; }
  void draw(const widgets::ControlContext& context, const widgets::ActionTable& actions);

 private:
  bool opening_ = false;
};

/// What the picker offers beside a folder.
struct PickerOffers {
  const std::vector<OpenTarget>& recent;
  const std::vector<model::OfferedModel>& models;  ///< that open by name once they were brought
};

/// Returns the sentence that offers a model: how to bring it, or how to open it once it is there.
[[nodiscard]] std::string offer_sentence(const model::OfferedModel& model);

/// The picker of a model, run or text: a path to type, recent paths, and a folder to browse.
class FilePicker {
 public:
  using Open = std::function<void(const std::filesystem::path&)>;

  /// Opens at this folder or its nearest readable ancestor. `picked` receives the chosen path.
  void open(const std::filesystem::path& folder, Open picked);
  /// Draws the picker, which closes with a choice.
  void draw(const widgets::ControlContext& context, const PickerOffers& offers,
            const plot::Rect& window);

 private:
  void go_to(const std::filesystem::path& folder);
  /// Lists the folder that was typed, without changing what was typed.
  void follow_typing();
  /// Enters a typed folder, or chooses any other path.
  void enter(const std::filesystem::path& path);
  void draw_recent(const widgets::ControlContext& context, const std::vector<OpenTarget>& recent);
  void draw_models(const widgets::ControlContext& context,
                   const std::vector<model::OfferedModel>& models);
  void draw_folder(const widgets::ControlContext& context);

  widgets::Popup popup_{"Open a model, a run or a text",
                        {.width = 52, .height = 34, .top_share = -1, .modal = true}};
  std::filesystem::path folder_;
  std::string path_;       ///< as typed
  std::string beginning_;  ///< of the names that are listed, as typed after the folder
  std::vector<FolderEntry> entries_;
  std::string mistake_;
  std::filesystem::path chosen_;  ///< chosen in this frame, if any
  Open picked_;
};

}  // namespace sketchscope::app
