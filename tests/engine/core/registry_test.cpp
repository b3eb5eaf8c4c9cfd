#include "engine/core/registry.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "engine/core/error.hpp"

namespace sketchscope::core {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

struct Tool {
  std::string_view name;
  std::string_view help;
  int (*make)() = nullptr;
};

constexpr std::array kTools = {Tool{"hammer", "for nails", [] { return 1; }},
                               Tool{"hatchet", "for wood", [] { return 2; }},
                               Tool{"saw", "for boards", [] { return 3; }}};
constexpr Registry<Tool> kRegistry("tool", kTools);

const Registry<Tool>& tools() {
  return kRegistry;
}
using ToolChoice = Chosen<tools>;

TEST(Registry, HoldsItsEntriesInTheirOrder) {
  EXPECT_EQ(tools().size(), 3U);
  EXPECT_THAT(tools().names(), ElementsAre("hammer", "hatchet", "saw"));
  int sum = 0;
  for (const Tool& tool : tools()) sum = 10 * sum + tool.make();
  EXPECT_EQ(sum, 123);
}

TEST(Registry, FindsAnEntryByItsWholeName) {
  EXPECT_EQ(tools().find("hatchet"), &kTools[1]);
  EXPECT_EQ(&tools().at("saw"), &kTools[2]);
  EXPECT_EQ(tools().find("sa"), nullptr);
  EXPECT_EQ(tools().find(""), nullptr);
}

TEST(Registry, NamesTheNearestEntryWhenAskedForAnother) {
  try {
    static_cast<void>(tools().at("hatched"));
    FAIL() << "an unknown name was taken";
  } catch (const UsageError& error) {
    EXPECT_THAT(error.what(), HasSubstr("tool"));
    EXPECT_THAT(error.what(), HasSubstr("'hatched'"));
    EXPECT_THAT(error.what(), HasSubstr("nearest: hatchet"));
    EXPECT_THAT(error.what(), HasSubstr("hammer, hatchet, saw"));
  }
}

TEST(Chosen, IsItsEntryWhetherMadeFromTheNameOrFromACopy) {
  const ToolChoice choice = "saw";
  const Tool copy = kTools[2];
  EXPECT_EQ(&*choice, &kTools[2]);
  EXPECT_EQ(choice, ToolChoice(copy));
  EXPECT_NE(choice, ToolChoice("hammer"));
  EXPECT_EQ(choice.name(), "saw");
  EXPECT_EQ(choice->make(), 3);
}

TEST(Chosen, RefusesANameThatTheRegistryLacks) {
  EXPECT_THROW(ToolChoice("axe"), UsageError);
}

}  // namespace
}  // namespace sketchscope::core
