#include "gui/app/save_run_actions.hpp"

#include "engine/core/error.hpp"
#include "gui/app/run_sources.hpp"

namespace sketchscope::app {
namespace {

constexpr const char* kEnding = ".scope";

void check_run_file(const std::filesystem::path& path) {
  if (path.extension() == kEnding) return;
  throw core::UsageError({.what = "file of a run",
                          .found = path.filename().string(),
                          .expected = std::string("a name that ends with ") + kEnding});
}

}  // namespace

void add_save_run_actions(widgets::ActionTable& actions, ShownRun& run, FigureController& figures) {
  const auto begun = [&run] { return !run.history().empty(); };
  const auto save = [&run, &figures](const std::filesystem::path& path) {
    figures.save_and_tell(path,
                          [&] { run::save_run(path, run_to_save(run.source(), run.notes())); });
  };
  actions.add(
      "save_run", "Save the run", "All records in one .scope file, which view and numpy.load open",
      {.key = widgets::KeyChord{.key = platform::key_of('S'), .control = true, .shift = true},
       .enabled = begun,
       .run = [&figures, save] { save(figures.place().path_of("run", kEnding)); }});
  actions.add("save_run_as", "Save the run as…", "Under a name and in a folder of your own",
              {.only_opens = true, .enabled = begun, .run = [&figures, save] {
                 figures.place().ask({.title = "Save the run as",
                                      .hint = "The folder is kept for later.",
                                      .first = figures.place().path_of("run", kEnding),
                                      .check = check_run_file,
                                      .save = save});
               }});
}

}  // namespace sketchscope::app
