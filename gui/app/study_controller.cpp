#include "gui/app/study_controller.hpp"

#include "engine/study/study_folder.hpp"

namespace sketchscope {

void StudyController::open(const std::filesystem::path& folder) {
  const StudyResults results = read_study(folder);
  sheet_ = std::make_unique<const StudySheet>(study_sheet(results));
  folder_ = folder;
  for (const std::string& warning : results.warnings) {
    notices_.add(Notice::Kind::information, warning);
  }
  workspace_.show_alone({});
}

void StudyController::add_actions(ActionTable& actions) {
  actions.add({.name = "close_study",
               .title = "Close the study",
               .help = "Its table goes, the run stays",
               .enabled = [this] { return sheet_ != nullptr; },
               .run =
                   [this] {
                     sheet_.reset();
                     folder_.clear();
                   }});
}

}  // namespace sketchscope
