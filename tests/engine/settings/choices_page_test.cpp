// The page on what can be chosen by name lists every entry of the registries.
#include <gtest/gtest.h>

#include <cstdlib>

#include "engine/core/files.hpp"
#include "engine/settings/knobs.hpp"

namespace sketchscope::settings {
namespace {

std::string or_dash(std::string_view text) {
  return text.empty() ? "–" : std::string(text);
}

std::string row_of(std::string_view name, std::string_view help) {
  return "| `" + std::string(name) + "` | " + std::string(help) + " |";
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
  return "# Sketches and reads\n\nWhat can be chosen by name beside the [policies](policies.md). "
         "Written by `SKETCHSCOPE_UPDATE=1 tests_engine --gtest_filter='ChoicesPage*'` from the "
         "registries; edit those instead. The exact rules, with what every letter means, are in "
         "[cache.md](cache.md); what each choice was measured to be worth in "
         "[results.md](results.md).\n\n## Sketches\n\nWith `policy sketch`, what counts the "
         "attention mass ([rules](cache.md#sketches)). ε is e / `sketch_width`, N the mass counted "
         "so far.\n\n" +
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
