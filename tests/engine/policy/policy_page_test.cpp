// The page docs/policies.md is written from the registry of policies.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "engine/core/files.hpp"
#include "engine/policy/policy.hpp"

namespace sketchscope::policy {
namespace {

std::string policy_page() {
  std::string text =
      "# Policies\n\nWhat decides which position leaves a full table. Written by "
      "`SKETCHSCOPE_UPDATE=1 tests_engine --gtest_filter='PolicyPage*'` from the registry in "
      "`engine/policy`. [cache.md](cache.md#policies) defines every score exactly.\n\n"
      "The position of lowest score leaves first, unless it is protected. All of these choose "
      "while tokens come one by one and when a prompt is cut; none is trained or calibrated. Bytes "
      "are those of the default knobs; they are counted as statistics or sketch in the memory "
      "ledger.\n\n"
      "| policy | score | after | needs and costs |\n|---|---|---|---|\n";
  for (const PolicyKind& kind : policy_kinds()) {
    const PolicyFacts& facts = kind.facts;
    text += "| `" + std::string(kind.name) + "` " + std::string(kind.help) + " | " +
            std::string(facts.formula) + " | " + std::string(facts.source) + " | ";
    if (!facts.needs.empty()) text += std::string(facts.needs) + "; ";
    text += bytes_text(kind) + "; " + std::string(facts.time) + " |\n";
  }
  return text;
}

TEST(PolicyPage, ListsEveryPolicy) {
  const auto file = std::filesystem::path(SKETCHSCOPE_SOURCE_DIR) / "docs/policies.md";
  if (std::getenv("SKETCHSCOPE_UPDATE") != nullptr) core::write_file(file, policy_page());
  EXPECT_EQ(core::read_file(file), policy_page())
      << "run this test with SKETCHSCOPE_UPDATE=1 in the environment, and read what it changed";
}

TEST(PolicyDescription, NamesScorePaperNeedsAndBytes) {
  const std::string text = description_of(policy_kinds().at("snapkv"), {.window = 16});
  EXPECT_THAT(text, ::testing::HasSubstr("arXiv 2404.14469"));
  EXPECT_THAT(text, ::testing::HasSubstr("64 bytes a slot and table"));
  EXPECT_THAT(text, ::testing::HasSubstr("pool_kernel"));
  EXPECT_THAT(description_of(policy_kinds().at("full")),
              ::testing::Not(::testing::HasSubstr("Needs")));
}

}  // namespace
}  // namespace sketchscope::policy
