#include "gui/app/settings.hpp"

#include "tests/fuzz/check.hpp"
#include "tests/fuzz/targets.hpp"

namespace sketchscope::fuzz {
namespace {

bool run_settings(std::string_view input) {
  const InputFile file("settings.json", input);
  const auto read = accepted([&] { return app::read_settings(file.path()); });
  if (!read) return false;
  require(read->zoom >= 0.7F && read->zoom <= 2.5F, "a zoom that the window does not have");
  app::write_settings(file.path(), *read);
  require(app::read_settings(file.path()) == *read, "settings come back as others");
  return true;
}

std::vector<std::string> settings_seeds() {
  return {R"({"schema":"sketchscope/settings/1","theme":"light","palette":"safe","zoom":1.5,)"
          R"("layout":{"hidden":["memory"],"front":[],"left":1.2,"right":1,"below":0.9},)"
          R"("layouts":{"mine":{"hidden":[]}},"tour_seen":true,)"
          R"("presets":[{"name":"mine","knobs":{"policy":"window"}}],)"
          R"("recent":[{"kind":"run","path":"/a.scope"}]})"};
}

}  // namespace

Target settings_target() {
  return {"settings", "a person's settings", run_settings, settings_seeds};
}

}  // namespace sketchscope::fuzz
