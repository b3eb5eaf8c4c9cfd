#pragma once

#include <filesystem>
#include <memory>

#include "engine/study/study_folder.hpp"
#include "gui/app/notice_board.hpp"
#include "gui/app/workspace.hpp"
#include "gui/view/study_sheet.hpp"
#include "gui/widgets/action.hpp"

namespace sketchscope::app {

/// The open study, which is shown in addition to the run.
class StudyController {
 public:
  StudyController(Workspace& workspace, NoticeBoard& notices)
      : workspace_(workspace), notices_(notices) {}

  void add_actions(widgets::ActionTable& actions) {
    actions.add("close_study", "Close the study", "Its table goes, the run stays",
                {.enabled = [this] { return sheet_ != nullptr; },
                 .run =
                     [this] {
                       sheet_.reset();
                       folder_.clear();
                     }});
  }
  /// Opens a folder of results as a table. Throws Error on one that is none.
  void open(const std::filesystem::path& folder) {
    const study::StudyResults results = study::read_study(folder);
    sheet_ = std::make_unique<const view::StudySheet>(view::study_sheet(results));
    folder_ = folder;
    for (const std::string& warning : results.warnings) {
      notices_.add_information(warning);
    }
    workspace_.show_alone({});
  }

  /// Returns the study's table; null if none is open.
  [[nodiscard]] const view::StudySheet* sheet() const { return sheet_.get(); }
  /// Returns the study's folder; empty if none is open.
  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }

 private:
  Workspace& workspace_;
  NoticeBoard& notices_;
  std::filesystem::path folder_;
  std::unique_ptr<const view::StudySheet> sheet_;
};

}  // namespace sketchscope::app
