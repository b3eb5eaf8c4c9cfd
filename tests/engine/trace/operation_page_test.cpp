// The page on operations lists the whole table.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "engine/core/files.hpp"
#include "engine/trace/operation.hpp"

namespace sketchscope::trace {
namespace {

std::string limit_words(Limit limit) {
  switch (limit) {
    case Limit::memory:
      return "memory";
    case Limit::work:
      return "memory or arithmetic";
    case Limit::link:
      return "the link to the GPU";
    case Limit::none:
      break;
  }
  return "–";
}

std::string part_words(Part part) {
  switch (part) {
    case Part::model:
      return "model";
    case Part::attention:
      return "attention";
    case Part::policy:
      return "policy and sketch";
    case Part::audit:
      return "audit";
    case Part::record:
      break;
  }
  return "records";
}

std::string operation_page() {
  std::string text =
      "# The operations of a step\n\nWhat a step is taken apart into, in the order in which it "
      "first comes to them. Written by `SKETCHSCOPE_UPDATE=1 tests_engine "
      "--gtest_filter='OperationPage*'` from `engine/trace/operation.cpp`.\n\n"
      "The panel *Step*, `generate --trace F` and `bench operations` show them. An operation's "
      "*bound* is the time that its bytes take at the rate at which a plain loop reads memory, or "
      "its multiply-adds at the rate that registers reach, whichever is longer; both rates are "
      "measured on the machine (`doctor` prints them). Its *share of the bound* is that time by "
      "the time taken: 100 % cannot be beaten while the data comes from memory, and is exceeded "
      "where it lies in the processor's caches, as all of a small model does. Bytes are counted "
      "once for all rows of a pass: the weights of a product, or the keys and values that are "
      "read, and the rows themselves. What lanes share (pages after a fork) counts for each of "
      "them.\n\n"
      "Operations follow one another on the thread that makes the step; helping threads run parts "
      "of them. An operation with another one beside its name runs within that, for each lane on "
      "one of the threads, so that its times may overlap. On a GPU the operations from *embedding* "
      "to "
      "*vocabulary* run within the pass there, each timed by events of the device, on a line of "
      "its own; rates of GPU and link are not measured, so they have no share of a bound.\n\n"
      "| operation | what it does | counts to | limited by | its bytes |\n|---|---|---|---|---|\n";
  for (const OperationKind& kind : operations()) {
    const std::string within =
        kind.within ? " (" + std::string(kind_of(*kind.within).name) + ")" : std::string();
    text += "| `" + std::string(kind.name) + "`" + within + " | " + std::string(kind.meaning) +
            " | " + part_words(kind.part) + " | " + limit_words(kind.limit) + " | " +
            (kind.bytes.empty() ? "–" : std::string(kind.bytes)) + " |\n";
  }
  return text;
}

TEST(OperationPage, IsWhatTheTableSays) {
  const auto file = std::filesystem::path(SKETCHSCOPE_SOURCE_DIR) / "docs/operations.md";
  if (std::getenv("SKETCHSCOPE_UPDATE") != nullptr) core::write_file(file, operation_page());
  EXPECT_EQ(core::read_file(file), operation_page());
}

}  // namespace
}  // namespace sketchscope::trace
