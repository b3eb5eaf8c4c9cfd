// The page on what can be chosen by name lists every entry of the registries.
#include <gtest/gtest.h>

#include <cstdlib>

#include "engine/core/files.hpp"
#include "engine/settings/knobs.hpp"

namespace sketchscope::settings {
namespace {

template <typename Entry>
concept HasFacts = requires(const Entry& entry) {
  entry.facts.formula;
};

std::string or_dash(std::string_view text) {
  return text.empty() ? "–" : std::string(text);
}

/// Appends the cells of what is known of a policy beside its name; none where entries have no such
/// facts.
template <typename Entry>
void append_facts(std::string& row, const Entry& entry) {
  if constexpr (HasFacts<Entry>) {
    for (const std::string_view fact :
         {entry.facts.formula, entry.facts.source, entry.facts.needs, entry.facts.time}) {
      row += " " + or_dash(fact) + " |";
    }
  }
}

std::string row_of(std::string_view name, std::string_view help) {
  return "| `" + std::string(name) + "` | " + std::string(help) + " |";
}

template <typename Entry>
std::string policy_table(const core::Registry<Entry>& policies) {
  std::string table = HasFacts<Entry>
                          ? "| `policy` | what it keeps | score | after | kept for it | time |\n"
                            "|---|---|---|---|---|---|\n"
                          : "| `policy` | what it keeps |\n|---|---|\n";
  for (const Entry& policy : policies) {
    std::string row = row_of(policy.name, policy.help);
    append_facts(row, policy);
    table += row + "\n";
  }
  return table;
}

std::string sketch_table() {
  std::string table =
      "| `sketch` | how it counts | table | bound of an estimate's error |\n|---|---|---|---|\n";
  for (const sketch::SketchKind& kind : sketch::sketch_kinds()) {
    table += row_of(kind.name, kind.help) +
             (kind.has_table ? " `sketch_depth` rows of `sketch_width` counters | "
                             : " a counter for each item | ") +
             std::string(kind.has_table ? kind.bound : "0") + " |\n";
  }
  return table;
}

std::string read_table() {
  std::string table = "| `read` | what a query reads |\n|---|---|\n";
  for (const read::ReadKind& kind : read::read_kinds())
    table += row_of(kind.name, kind.help) + "\n";
  return table;
}

std::string aggregate_table() {
  std::string table = "| `aggregate` | what stands for the evicted | goes by |\n|---|---|---|\n";
  for (const read::AggregateKind& kind : read::aggregate_kinds()) {
    std::string knobs = kind.needs_sketch ? "the policy `sketch`" : "";
    if (kind.has_clusters) knobs += std::string(knobs.empty() ? "" : ", ") + "`clusters`";
    if (kind.draws_hashes) knobs += std::string(knobs.empty() ? "" : ", ") + "`sketch_seed`";
    table += row_of(kind.name, kind.help) + " " + or_dash(knobs) + " |\n";
  }
  return table;
}

std::string choices_page() {
  return "# Policies, sketches and reads\n\nWhat can be chosen by name. Written by "
         "`SKETCHSCOPE_UPDATE=1 tests_engine --gtest_filter='ChoicesPage*'` from the registries; "
         "edit "
         "those instead. The exact rules, with what every letter means, are in "
         "[cache.md](cache.md); "
         "what each choice was measured to be worth in [results.md](results.md).\n\n"
         "## Policies\n\nA policy scores every stored position; the unprotected one of lowest "
         "score "
         "leaves first ([rules](cache.md#policies)).\n\n" +
         policy_table(policy::policy_kinds()) +
         "\n## Sketches\n\nWith `policy sketch`, what counts the attention mass "
         "([rules](cache.md#sketches)). ε is e / `sketch_width`, N the mass counted so far.\n\n" +
         sketch_table() +
         "\n## Reads\n\nWhich of what is stored a query attends to ([rules](cache.md#reads)).\n\n" +
         read_table() +
         "\nWith `read aggregate`, what stands for the positions that were evicted:\n\n" +
         aggregate_table();
}

TEST(ChoicesPage, ListsEveryEntryOfTheRegistries) {
  const auto file = std::filesystem::path(SKETCHSCOPE_SOURCE_DIR) / "docs/choices.md";
  if (std::getenv("SKETCHSCOPE_UPDATE") != nullptr) core::write_file(file, choices_page());
  EXPECT_EQ(core::read_file(file), choices_page())
      << "run this test with SKETCHSCOPE_UPDATE=1 in the environment, and read what it changed";
}

}  // namespace
}  // namespace sketchscope::settings
