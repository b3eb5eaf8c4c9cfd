// The page on scripts is complete: every statement, value and action has its place.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "engine/core/files.hpp"
#include "gui/app/app.hpp"
#include "gui/driver/run_script.hpp"
#include "gui/driver/script.hpp"
#include "gui/driver/values.hpp"
#include "tests/gui/platform/offscreen_window.hpp"
#include "tests/support/invented_source.hpp"
#include "tests/support/temporary_directory.hpp"

namespace sketchscope::driver {
namespace {

using ::testing::HasSubstr;

const std::filesystem::path kFolder = std::filesystem::path(SKETCHSCOPE_SOURCE_DIR) / "docs";

bool writes_anew() {
  return std::getenv("SKETCHSCOPE_UPDATE") != nullptr;
}

TEST(ScriptPage, TellsOfEveryFormOfEveryVerb) {
  const auto file = kFolder / "scripts.md";
  std::string page = core::read_file(file);
  const std::size_t begin = page.find("| line | does |");
  ASSERT_NE(begin, std::string::npos);
  const std::size_t length = page.find("\n\n", begin) + 1 - begin;
  if (writes_anew()) {
    page.replace(begin, length, verb_table());
    return core::write_file(file, page);
  }
  EXPECT_EQ(page.substr(begin, length), verb_table())
      << "run this test with SKETCHSCOPE_UPDATE=1 in the environment, and read what it changed";
}

class ScriptPageOfWindow : public test::OffscreenWindow {
 protected:
  test::InventedSource source_{{}, false};
};

/// "layer.3.stored" as the page writes it: "layer.N.stored".
std::string general(std::string path) {
  if (path.starts_with("layer.")) return "layer.N" + path.substr(path.find('.', 6));
  const std::size_t last = path.rfind('.');
  if (path.starts_with("step.") && last != path.find('.')) {
    return path.ends_with(".ms") ? "step.attention.ms" : path.substr(last);
  }
  for (const char* start : {"wanted.", "applied.", "applied_at."}) {
    if (path.starts_with(start)) return start + std::string("KNOB");
  }
  return path;
}

TEST_F(ScriptPageOfWindow, NamesEveryValue) {
  source_.advance(3);
  app::App app(*platform_, source_);
  app.frame();
  // Fields of records have a page of their own, which the first one refers to.
  std::string page = core::read_file(kFolder / "scripts.md");
  EXPECT_THAT(page, HasSubstr("(records.md)"));
  page += core::read_file(kFolder / "records.md");
  const auto has = [&](const std::string& words) { return page.find(words) != std::string::npos; };
  for (const auto& [path, value] : collect_values(app)) {
    const std::string name = general(path);
    const std::size_t dot = name.rfind('.');
    const bool is_field = dot != std::string::npos && has("`" + name.substr(0, dot) + ".FIELD`") &&
                          has("| `" + name.substr(dot + 1) + "` |");
    EXPECT_TRUE(has("`" + name + "`") || is_field) << path;
  }
}

/// Returns the code blocks of the page.
std::vector<std::string> examples(const std::string& page) {
  constexpr std::string_view kFence = "```\n";
  std::vector<std::string> texts;
  for (std::size_t at = page.find(kFence); at != std::string::npos; at = page.find(kFence, at)) {
    const std::size_t begin = at + kFence.size();
    const std::size_t end = page.find(kFence, begin);
    if (end == std::string::npos) break;
    texts.push_back(page.substr(begin, end - begin));
    at = end + kFence.size();
  }
  return texts;
}

TEST_F(ScriptPageOfWindow, ShowsExamplesThatDoWhatTheyExpect) {
  const auto texts = examples(core::read_file(kFolder / "scripts.md"));
  ASSERT_FALSE(texts.empty());
  const support::TemporaryDirectory folder;
  const auto script = folder.path() / "example.script";
  for (const std::string& text : texts) {
    core::write_file(script, text);
    test::InventedSource source;
    app::App app(*platform_, source);
    for (const auto& one : run_script(app, script, folder.path() / "out").cases) {
      EXPECT_EQ(one.failure, "") << text;
      EXPECT_GT(one.actions, 0) << text;
    }
  }
}

/// Actions that every panel has stand there once, for all of them.
std::string action_list(const app::App& app) {
  std::string list =
      "# Actions\n\nWhat palette, menus, shortcuts and scripts run by name. Written by "
      "`SKETCHSCOPE_UPDATE=1 tests_gui --gtest_filter='ScriptPage*'`.\n\n"
      "| name | key | title | does |\n|---|---|---|---|\n";
  std::string of_panels;
  for (const widgets::Action& action : app.actions().all()) {
    const auto line = [&](const std::string& name, const std::string& title) {
      const std::string key = action.key ? widgets::chord_text(*action.key) : "";
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
  app::App app(*platform_, source_);
  app.frame();
  const auto file = kFolder / "actions.md";
  if (writes_anew()) core::write_file(file, action_list(app));
  EXPECT_EQ(core::read_file(file), action_list(app))
      << "run this test with SKETCHSCOPE_UPDATE=1 in the environment, and read what it changed";
}

}  // namespace
}  // namespace sketchscope::driver
