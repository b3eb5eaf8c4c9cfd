#include "gui/widgets/action.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sketchscope::widgets {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> names(const std::vector<const Action*>& actions) {
  std::vector<std::string> all;
  for (const Action* action : actions) all.push_back(action->name);
  return all;
}

ActionTable table() {
  ActionTable actions;
  actions.add({.name = "new", .title = "New run", .help = "from the start"});
  actions.add(
      {.name = "play", .title = "Play", .help = "run on", .key = KeyChord{platform::Key::space}});
  actions.add({.name = "runs", .title = "Runs", .help = "all of them"});
  return actions;
}

TEST(KeyChord, ReadsWhatItWrites) {
  const KeyChord chords[] = {{platform::Key::space},
                             {platform::key_of('P'), true},
                             {platform::key_of('N'), false, true},
                             {platform::Key::page_down, true, true},
                             {platform::key_of('='), true}};
  for (const KeyChord& chord : chords) {
    EXPECT_EQ(parse_chord(chord_text(chord)), chord) << chord_text(chord);
  }
  EXPECT_EQ(parse_chord("ctrl+p"), (KeyChord{platform::key_of('P'), true}));
}

TEST(KeyChord, RefusesWhatIsNoKey) {
  for (const auto* text : {"", "Ctrl", "Ctrl Nothing", "P Ctrl", "P Q", "é"}) {
    EXPECT_FALSE(parse_chord(text)) << text;
  }
}

TEST(ActionTable, FindsByNameAndByKey) {
  const ActionTable actions = table();
  EXPECT_EQ(actions.find("play")->title, "Play");
  EXPECT_EQ(actions.find(KeyChord{platform::Key::space})->name, "play");
  EXPECT_EQ(actions.find("pray"), nullptr);
  EXPECT_EQ(actions.find(KeyChord{platform::Key::tab}), nullptr);
}

TEST(ActionTable, RunsByNameWhatIsThereAndEnabledAndTellsItsListenerBefore) {
  ActionTable actions;
  std::vector<std::string> done;
  bool enabled = false;
  actions.add({.name = "play", .title = "Play", .run = [&] { done.emplace_back("play"); }});
  actions.add({.name = "step",
               .title = "Step",
               .enabled = [&] { return enabled; },
               .run = [&] { done.emplace_back("step"); }});
  actions.set_listener([&](const std::string& name) { done.push_back("heard " + name); });
  EXPECT_TRUE(actions.run("play"));
  EXPECT_FALSE(actions.run("step"));
  enabled = true;
  EXPECT_TRUE(actions.run("step"));
  EXPECT_FALSE(actions.run("pray"));
  EXPECT_THAT(done, ElementsAre("heard play", "play", "heard step", "step"));
  EXPECT_EQ(actions.nearest("pray").front(), "play");
}

TEST(ActionTable, PutsTitlesThatBeginWithTheQueryBeforeThoseThatHoldItAndHelpLast) {
  EXPECT_THAT(names(table().search("RUN")), ElementsAre("runs", "new", "play"));
}

TEST(ActionTable, WantsAllWordsOfAQuery) {
  EXPECT_THAT(names(table().search("run new")), ElementsAre("new"));
  EXPECT_THAT(names(table().search("run nothing")), IsEmpty());
  EXPECT_EQ(table().search("").size(), 3U);
}

}  // namespace
}  // namespace sketchscope::widgets
