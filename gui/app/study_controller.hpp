#pragma once

#include <filesystem>
#include <memory>

#include "gui/app/notice_board.hpp"
#include "gui/app/workspace.hpp"
#include "gui/view/study_sheet.hpp"
#include "gui/widgets/action.hpp"

namespace sketchscope {

/// The open study, which is shown in addition to the run.
class StudyController {
 public:
  StudyController(Workspace& workspace, NoticeBoard& notices)
      : workspace_(workspace), notices_(notices) {}

  void add_actions(ActionTable& actions);
  /// Opens a folder of results as a table. Throws Error on one that is none.
  void open(const std::filesystem::path& folder);

  /// Returns the study's table; null if none is open.
  [[nodiscard]] const StudySheet* sheet() const { return sheet_.get(); }
  /// Returns the study's folder; empty if none is open.
  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }

 private:
  Workspace& workspace_;
  NoticeBoard& notices_;
  std::filesystem::path folder_;
  std::unique_ptr<const StudySheet> sheet_;
};

}  // namespace sketchscope
