// The page on scripts is complete: every statement, value and action has its place.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "engine/core/files.hpp"
#include "gui/app/app.hpp"
#include "gui/driver/script.hpp"
#include "gui/driver/values.hpp"
#include "tests/gui/platform/offscreen_window.hpp"
#include "tests/support/invented_source.hpp"

namespace sketchscope {
namespace {

using ::testing::AnyOf;
using ::testing::HasSubstr;

const std::filesystem::path kFolder = std::filesystem::path(SKETCHSCOPE_SOURCE_DIR) / "gui/driver";

TEST(ScriptPage, NamesEveryStatement) {
  const std::string page = read_file(kFolder / "README.md");
  for (const ScriptVerb& verb : script_verbs()) {
    const std::string name(verb.name);
    EXPECT_THAT(page, AnyOf(HasSubstr("`" + name + " "), HasSubstr("`" + name + "`"))) << name;
  }
}

class ScriptPageOfWindow : public test::OffscreenWindow {
 protected:
  test::InventedSource source_{{}, false};
};

/// "layer.3.stored" as the page writes it: "layer.N.stored".
std::string general(std::string path) {
  if (path.starts_with("layer.")) return "layer.N" + path.substr(path.find('.', 6));
  for (const char* start : {"wanted.", "applied.", "applied_at."}) {
    if (path.starts_with(start)) return start + std::string("KNOB");
  }
  return path;
}

TEST_F(ScriptPageOfWindow, NamesEveryValue) {
  source_.advance(3);
  App app(*platform_, source_);
  app.frame();
  // Fields of records have a page of their own, which the first one refers to.
  std::string page = read_file(kFolder / "README.md");
  EXPECT_THAT(page, HasSubstr("docs/records.md"));
  page += read_file(kFolder / "../../docs/records.md");
  for (const auto& [path, value] : collect_values(app)) {
    EXPECT_THAT(page, HasSubstr("`" + general(path) + "`"));
  }
}

/// Actions that every panel has stand there once, for all of them.
std::string action_list(const App& app) {
  std::string list =
      "# Actions\n\nWhat palette, menus, shortcuts and scripts run by name. Written by "
      "`SKETCHSCOPE_UPDATE=1 tests_gui --gtest_filter='ScriptPage*'`.\n\n"
      "| name | key | title | does |\n|---|---|---|---|\n";
  std::string of_panels;
  for (const Action& action : app.actions().all()) {
    const auto line = [&](const std::string& name, const std::string& title) {
      const std::string key = action.key ? chord_text(*action.key) : "";
      const bool files = name.starts_with("recent_");
      return "| `" + name + "` | " + key + " | " + title + " | " +
             (files || !action.panel.empty() ? "" : action.help) + " |\n";
    };
    if (action.panel.empty()) {
      list += line(action.name, action.title);
    } else if (action.panel == "text") {
      const std::string name = action.name.substr(0, action.name.size() - action.panel.size());
      of_panels += line(name + "PANEL", "Panel" + action.title.substr(action.title.find(':')));
    }
  }
  return list + of_panels;
}

TEST_F(ScriptPageOfWindow, ListsEveryAction) {
  App app(*platform_, source_);
  app.frame();
  const auto file = kFolder / "ACTIONS.md";
  if (std::getenv("SKETCHSCOPE_UPDATE") != nullptr) write_file(file, action_list(app));
  EXPECT_EQ(read_file(file), action_list(app))
      << "run this test with SKETCHSCOPE_UPDATE=1 in the environment, and read what it changed";
}

}  // namespace
}  // namespace sketchscope
