// A study that was measured before, beside the run.
#include "engine/study/study_folder.hpp"
#include "gui/app/app.hpp"

namespace sketchscope {

void App::open_study(const std::filesystem::path& folder) {
  const StudyResults results = read_study(folder);
  study_ = std::make_unique<const StudySheet>(study_sheet(results));
  for (const std::string& warning : results.warnings) {
    notices_.add(Notice::Kind::information, warning);
  }
  workspace_.show_alone({});
}

void App::add_study_actions() {
  actions_.add({.name = "close_study",
                .title = "Close the study",
                .help = "Its table goes, the run stays",
                .enabled = [this] { return study_ != nullptr; },
                .run = [this] { study_.reset(); }});
}

}  // namespace sketchscope
