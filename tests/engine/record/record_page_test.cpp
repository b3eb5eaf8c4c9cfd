// The page on step records lists every field, as the description has it.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

#include "engine/core/files.hpp"
#include "engine/record/record_fields.hpp"
#include "tests/support/run_arrays.hpp"

namespace sketchscope::record {
namespace {

/// How the whole run's figure is made, and what results call it.
std::string of_run(const RunFigure& figure) {
  const auto name = figure.name.empty() ? std::string() : "`" + std::string(figure.name) + "`";
  switch (figure.over) {
    case OverRun::mean:
      return name + (name.empty() ? "mean, by layer" : ", mean");
    case OverRun::mean_at_ends:
      return name + ", mean of what lanes end with";
    case OverRun::sum_at_ends:
      return name + ", sum of what layers and lanes end with";
    case OverRun::peak:
      return name + (name.empty() ? "" : ", peak");
    case OverRun::nothing:
      break;
  }
  return {};
}

/// A table of one kind of row. `path` is where scripts find it, empty where they do not.
template <typename Row>
std::string table(const std::string& title, const std::string& path) {
  bool has_figures = false;
  for_each_field<Row>(
      [&](const auto& field) { has_figures |= field.run.over != OverRun::nothing; });
  std::string head = "| field | meaning |";
  if (has_figures) head += " of a whole run |";
  std::string text = "\n## " + title + "\n\n";
  if (!path.empty()) text += "Scripts have a field as `" + path + "FIELD`.\n\n";
  text += head + "\n|";
  for (auto columns = std::ranges::count(head, '|'); columns > 1; --columns) text += "---|";
  text += "\n";
  for_each_field<Row>([&](const auto& field) {
    const std::string name(field.name);
    text += "| `" + name + "` | " + std::string(field.help);
    if (!field.unit.empty()) text += " (" + std::string(field.unit) + ")";
    text += " |";
    if (has_figures) text += " " + of_run(field.run) + " |";
    text += "\n";
  });
  return text;
}

/// Returns the name that NumPy has for a type of an NPY file.
std::string numpy_type(const std::string& code) {
  const std::string bits = std::to_string(8 * std::stoi(code.substr(2)));
  return (code[1] == 'f' ? "float" : code[1] == 'i' ? "int" : "uint") + bits;
}

std::string array_line(const test::RunArray& array) {
  return "| `" + array.name + "` | " + numpy_type(array.type) + " | (" + array.shape + ") | " +
         array.unit + " |";
}

/// The arrays of a run file.
std::string array_tables() {
  std::string text =
      "\n## Arrays of a `.scope` file\n\n"
      "n steps, L layers, H heads, P positions fed, S slots of a table, R rows and W columns of a "
      "sketch, V tokens of the vocabulary. Numbers of the state stand in one dimension, a row "
      "after "
      "another: H·P is a row for each head.\n\n"
      "### Of the records\n\n"
      "What a field means is in its table above.\n\n"
      "| array | type | shape | unit |\n|---|---|---|---|\n";
  for (const test::RunArray& array : test::record_arrays()) text += array_line(array) + "\n";
  text +=
      "\n### Of the state after the last step, and of the vocabulary\n\n"
      "Every layer has a folder `layer_L`, and in it every table a folder `table_T`.\n\n"
      "| array | type | shape | unit | meaning |\n|---|---|---|---|---|\n";
  for (const test::RunArray& array : test::state_arrays()) {
    text += array_line(array) + " " + array.help + " |\n";
  }
  return text;
}

std::string record_page() {
  std::string text =
      "# Step records\n\nWhat each step of a run is described by. Written by "
      "`SKETCHSCOPE_UPDATE=1 tests_engine --gtest_filter='RecordPage*'` from "
      "`engine/record/record_fields.hpp` and `engine/run/state_arrays.hpp`.\n\n"
      "`generate --record F` writes a JSON object a line, with the fields of a step and these "
      "members:\n\n| member | holds |\n|---|---|\n";
  const auto member = [&](const auto& section) {
    text += "| `" + std::string(section.name) + "` | " + std::string(section.help) + " |\n";
  };
  for_each_section(kRecordLists, member);
  for_each_section(kRecordParts, member);
  text +=
      "\nWhat was not measured, or is not finite, is left out.\n\n"
      "A `.scope` file is a zip archive with an array `steps/FIELD.npy`, `layers/FIELD.npy` and so "
      "on for each field: a row for each step (n), steps by layers (n, L), or a row for each "
      "eviction or candidate, whose step is in `evictions/step` and `candidates/step`; "
      "`steps/evictions` and `steps/candidates` say how many each step has. What was not measured "
      "is NaN, or the least value of a whole number. Files that "
      "were written before a field was there lack its array. "
      "[All arrays](#arrays-of-a-scope-file) are listed below.\n\n"
      "Scripts read the newest record; what was not measured is `absent`. The last column is the "
      "name that results of `generate`, `eval`, `recall` and `sweep` have for the whole run.\n";
  text += table<StepRecord>("A step", "last.");
  text += table<LayerRecord>("A layer (`layers`)", "layer.N.");
  text += table<EvictionRecord>("An eviction (`evictions`)", "");
  text += table<Candidate>("A likely next token (`candidates`)", "");
  text +=
      table<KnobChange>("A knob that changed (`changes`; in `run.json` of a `.scope` file)", "");
  text += table<PhaseTimes>("Times (`times`)", "last.");
  text += table<MemoryLedger>("Memory (`memory`)", "memory.");
  text += array_tables();
  return text;
}

TEST(RecordPage, ListsEveryField) {
  const auto file = std::filesystem::path(SKETCHSCOPE_SOURCE_DIR) / "docs/records.md";
  if (std::getenv("SKETCHSCOPE_UPDATE") != nullptr) core::write_file(file, record_page());
  EXPECT_EQ(core::read_file(file), record_page())
      << "run this test with SKETCHSCOPE_UPDATE=1 in the environment, and read what it changed";
}

TEST(RecordFields, HaveAMeaningEachAndNamesOfTheirOwn) {
  const auto look = []<typename Row>(std::type_identity<Row>) {
    std::vector<std::string_view> names;
    for_each_field<Row>([&](const auto& field) {
      EXPECT_TRUE(field.help.ends_with('.')) << field.name;
      EXPECT_EQ(std::ranges::count(names, field.name), 0) << field.name;
      names.push_back(field.name);
    });
  };
  look(std::type_identity<StepRecord>());
  look(std::type_identity<LayerRecord>());
  look(std::type_identity<EvictionRecord>());
  look(std::type_identity<Candidate>());
  look(std::type_identity<KnobChange>());
  look(std::type_identity<PhaseTimes>());
  look(std::type_identity<MemoryLedger>());
}

/// The bytes of all members that the description names: no member may be without a line.
template <typename Row>
constexpr std::size_t described_bytes() {
  std::size_t bytes = 0;
  for_each_field<Row>([&]<typename Value>(const Field<Row, Value>&) { bytes += sizeof(Value); });
  return bytes;
}

TEST(RecordFields, LeaveNoMemberOut) {
  EXPECT_EQ(described_bytes<MemoryLedger>(), sizeof(MemoryLedger));
  EXPECT_EQ(described_bytes<PhaseTimes>(), sizeof(PhaseTimes));
  EXPECT_EQ(described_bytes<KnobChange>(), sizeof(KnobChange));
  EXPECT_EQ(described_bytes<Candidate>(), sizeof(Candidate));
  // Bytes of a struct without a described member may only be padding, less than a word each.
  EXPECT_LT(sizeof(LayerRecord) - described_bytes<LayerRecord>(), sizeof(double));
  EXPECT_LT(sizeof(EvictionRecord) - described_bytes<EvictionRecord>(), sizeof(int));
}

}  // namespace
}  // namespace sketchscope::record
