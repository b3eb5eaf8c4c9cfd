#include "engine/run/run_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>

#include "engine/core/error.hpp"
#include "engine/core/npz.hpp"
#include "engine/core/random.hpp"
#include "engine/record/record_fields.hpp"
#include "engine/record/run_records.hpp"
#include "engine/record/step_record.hpp"
#include "tests/support/invented_run.hpp"
#include "tests/support/run_arrays.hpp"
#include "tests/support/temporary_directory.hpp"

namespace sketchscope::run {
namespace {

using support::read_bytes;
using support::TemporaryDirectory;
using support::write_bytes;
using ::testing::HasSubstr;

SavedRun invented(test::InventedRunOptions options, int steps) {
  options.heads = 12;
  test::InventedRun run(options);
  SavedRun saved{.version = "1.2.3",
                 .prompt = "In Oldford “there” lived\na baker.",
                 .knobs = options.knobs,
                 .twin = options.twin,
                 .audit = options.audit};
  saved.model.name = "invented";
  saved.model.dtype = "f16";
  saved.model.weight_bytes = 123;
  saved.model.config.layers = options.layers;
  saved.model.config.kv_heads = 4;
  saved.model.config.head_width = 80;
  saved.model.config.positions = options.positions;
  saved.model.tokenizer = std::make_shared<const text::Tokenizer>(
      text::Tokenizer::decoding({"a", "", " brass", "\xE2\x82", std::string(1, '\0')}));
  for (int step = 0; step < steps; ++step) {
    if (step == steps / 2) run.set("max_cache_size", "48");
    saved.records.push_back(run.step());
  }
  saved.layers = run.state().layers;
  return saved;
}

class RunFile : public ::testing::Test {
 protected:
  SavedRun again(const SavedRun& run) {
    save_run(file_, run);
    return load_run(file_);
  }

  TemporaryDirectory folder_;
  std::filesystem::path file_ = folder_.path() / "run.scope";
};

TEST_F(RunFile, GivesEveryRecordBack) {
  for (const bool measured : {true, false}) {
    const SavedRun run = invented({.layers = 3, .twin = measured, .audit = measured}, 200);
    const SavedRun read = again(run);
    ASSERT_EQ(read.records.size(), run.records.size());
    for (std::size_t step = 0; step < run.records.size(); ++step) {
      ASSERT_EQ(record::step_record_to_json(*read.records[step]),
                record::step_record_to_json(*run.records[step]))
          << "step " << step << ", measured " << measured;
    }
  }
}

TEST_F(RunFile, GivesWhatStoodAroundTheRecordsBack) {
  const SavedRun run = invented({.layers = 2}, 150);
  const SavedRun read = again(run);
  EXPECT_EQ(read.version, "1.2.3");
  EXPECT_EQ(read.prompt, run.prompt);
  EXPECT_EQ(read.knobs, run.knobs);
  EXPECT_EQ(read.model.name, "invented");
  EXPECT_EQ(read.model.config.positions, run.model.config.positions);
  EXPECT_EQ(read.model.config.heads, 12);
  EXPECT_EQ(read.model.config.kv_heads, 4);
  EXPECT_EQ(read.model.config.head_width, 80);
  ASSERT_TRUE(read.model.tokenizer);
  EXPECT_EQ(read.model.tokenizer->size(), 5);
  EXPECT_EQ(read.model.tokenizer->bytes_of(3), "\xE2\x82") << "half a character stays half";
  EXPECT_EQ(read.model.tokenizer->bytes_of(4), std::string_view("\0", 1));
  ASSERT_EQ(read.layers.size(), 2U);
  for (std::size_t layer = 0; layer < 2; ++layer) {
    EXPECT_EQ(read.layers[layer].cells, run.layers[layer].cells);
    EXPECT_EQ(read.layers[layer].tables[0].positions, run.layers[layer].tables[0].positions);
    EXPECT_EQ(read.layers[layer].tables[0].regret, run.layers[layer].tables[0].regret);
    EXPECT_EQ(read.layers[layer].error_bound.above, run.layers[layer].error_bound.above);
    EXPECT_EQ(read.layers[layer].twin_attention, run.layers[layer].twin_attention);
    EXPECT_EQ(read.layers[layer].attention.size(), 12U * read.records.back()->position + 12U);
  }
}

TEST_F(RunFile, KeepsWhatWasWrittenAboutSteps) {
  SavedRun run = invented({.layers = 1}, 20);
  EXPECT_TRUE(again(run).notes.empty());
  run.notes = {{3, "here “it” begins"}, {17, "and ends"}};
  EXPECT_EQ(again(run).notes, run.notes);
}

TEST_F(RunFile, HoldsArraysByStepAndLayerThatNumpyReads) {
  const SavedRun run = invented({.layers = 3}, 60);
  save_run(file_, run);
  const core::ZipFiles files = core::unzip(read_bytes(file_), "run.scope");
  const auto mass = core::read_npy<double>(files.at("layers/retained_mass.npy"), "mass");
  EXPECT_THAT(mass.shape, ::testing::ElementsAre(60, 3));
  EXPECT_EQ(mass.values[40 * 3 + 2], *run.records[40]->layers[2].retained_mass);
  EXPECT_EQ(nlohmann::json::parse(files.at("run.json")).at("schema"), "sketchscope/run/2");
  EXPECT_EQ(nlohmann::json::parse(files.at("run.json")).at("read_by"),
            "sketchscope 0.1.0 and later");
}

/// Returns the name that the page on records has for an array: "last/layer_2/cells" is one of
/// "last/layer_L/cells".
std::string name_on_the_page(const std::string& file) {
  std::string name = file.substr(0, file.size() - std::string(".npy").size());
  name = std::regex_replace(name, std::regex("layer_[0-9]+"), "layer_L");
  return std::regex_replace(name, std::regex("table_[0-9]+"), "table_T");
}

TEST_F(RunFile, HoldsTheArraysThatThePageOnRecordsListsAndNoOthers) {
  SavedRun run = invented({.layers = 2}, 150);
  run.layers.front().tables.resize(2, run.layers.front().tables.front());
  save_run(file_, run);
  std::map<std::string, test::RunArray> listed;
  for (const auto& arrays : {test::record_arrays(), test::state_arrays()}) {
    for (const test::RunArray& array : arrays) {
      EXPECT_TRUE(listed.emplace(array.name, array).second) << array.name;
    }
  }
  std::set<std::string> found;
  for (const auto& [file, bytes] : core::unzip(read_bytes(file_), "run.scope")) {
    if (file == "run.json") continue;
    const std::string name = name_on_the_page(file);
    found.insert(name);
    ASSERT_TRUE(listed.contains(name)) << file;
    const test::RunArray& array = listed.at(name);
    const auto width = static_cast<std::size_t>(std::stoi(array.type.substr(2)));
    const auto content = core::read_npy_header(bytes, array.type, width, file);
    EXPECT_EQ(content.shape.size(), test::dimensions_of(array)) << file;
  }
  EXPECT_EQ(found.size(), listed.size());
}

TEST_F(RunFile, RefusesALaterFormatAndSaysWhichVersionReadsIt) {
  for (
      const auto& [run, reader] :
      {std::pair{R"({"schema":"sketchscope/run/9","version":"7.0"})", "7.0"},
       std::pair{
           R"({"schema":"sketchscope/run/9","version":"7.0","read_by":"sketchscope 6.5 and later"})",
           "Open it with sketchscope 6.5 and later"}}) {
    write_bytes(file_, core::zip({{"run.json", run}}));
    try {
      load_run(file_);
      FAIL() << "it was read";
    } catch (const core::Error& error) {
      EXPECT_THAT(error.what(), HasSubstr("sketchscope/run/9"));
      EXPECT_THAT(error.what(), HasSubstr(reader));
    }
  }
}

TEST_F(RunFile, RefusesWhatIsNoRunAtAll) {
  EXPECT_THROW(load_run(folder_.path() / "missing.scope"), core::Error);
  for (const char* text : {"", "PK", "a text"}) {
    write_bytes(file_, text);
    EXPECT_THROW(load_run(file_), core::Error) << text;
  }
  write_bytes(file_, core::zip({{"other.txt", "a"}}));
  EXPECT_THROW(load_run(file_), core::Error);
}

/// The archive with one file changed.
void rewrite(const std::filesystem::path& file, const std::string& name, std::string bytes) {
  core::ZipFiles files = core::unzip(read_bytes(file), "run.scope");
  files[name] = std::move(bytes);
  write_bytes(file, core::zip(files));
}

/// Whether the array is that of an optional member of a record, of the last step's attention, or of
/// the steps of rows, which only other readers need.
bool may_be_absent(const std::string& file) {
  bool absent = file.ends_with("attention.npy") || file.ends_with("/step.npy");
  const auto look = [&]<typename Row>(std::string_view folder, std::type_identity<Row>) {
    record::for_each_field<Row>([&]<typename Value>(const record::Field<Row, Value>& field) {
      const bool same = file == std::string(folder) + "/" + std::string(field.name) + ".npy";
      absent = absent || (same && record::ArrayCode<Value>::kMayBeAbsent);
    });
  };
  look("steps", std::type_identity<record::StepRecord>());
  look("layers", std::type_identity<record::LayerRecord>());
  look("evictions", std::type_identity<record::EvictionRecord>());
  look("candidates", std::type_identity<record::Candidate>());
  look("memory", std::type_identity<record::MemoryLedger>());
  return absent;
}

/// The run's model with other facts in run.json.
void rewrite_model(const std::filesystem::path& file, const std::string& schema,
                   const std::function<void(nlohmann::json&)>& change) {
  auto json = nlohmann::json::parse(core::unzip(read_bytes(file), "run.scope").at("run.json"));
  json["schema"] = schema;
  change(json["model"]);
  rewrite(file, "run.json", json.dump());
}

TEST_F(RunFile, OfTheEarlierFormatIsOfAModelWhoseHeadsHaveKeysOfTheirOwn) {
  save_run(file_, invented({.layers = 2}, 30));
  rewrite_model(file_, "sketchscope/run/1", [](nlohmann::json& model) {
    for (const char* fact : {"family", "kv_heads", "head_width"}) model.erase(fact);
  });
  const SavedRun read = load_run(file_);
  EXPECT_EQ(read.records.size(), 30U);
  EXPECT_EQ(read.model.config.family, model::ModelFamily::gpt2);
  EXPECT_EQ(read.model.config.kv_heads, 12);
  EXPECT_EQ(read.model.config.head_width, 64);
}

TEST_F(RunFile, RefusesModelsThatCannotBe) {
  for (const auto& [fact, value] : {std::pair<const char*, nlohmann::json>{"heads", 0},
                                    {"kv_heads", 5},
                                    {"kv_heads", 0},
                                    {"layers", 2},
                                    {"layers", -1},
                                    {"positions", 0},
                                    {"vocabulary", 1e300},
                                    {"head_width", "wide"},
                                    {"family", "no family"}}) {
    save_run(file_, invented({.layers = 1}, 5));
    rewrite_model(file_, "sketchscope/run/2", [&](nlohmann::json& model) { model[fact] = value; });
    EXPECT_THROW(load_run(file_), core::Error) << fact;
  }
}

TEST_F(RunFile, RefusesKnobChangesThatViewsCouldNotUndo) {
  for (const auto& [member, value] :
       {std::pair("from", "none"), std::pair("to", "-5"), std::pair("knob", "max_cash")}) {
    save_run(file_, invented({.layers = 1}, 20));
    auto json = nlohmann::json::parse(core::unzip(read_bytes(file_), "run.scope").at("run.json"));
    ASSERT_FALSE(json.at("changes").empty());
    json["changes"][0][member] = value;
    rewrite(file_, "run.json", json.dump());
    EXPECT_THROW(load_run(file_), core::Error) << member;
  }
}

TEST_F(RunFile, TellsTheStepOfEachEvictionAndCandidate) {
  const SavedRun run = invented({.layers = 2}, 150);
  save_run(file_, run);
  const core::ZipFiles files = core::unzip(read_bytes(file_), "run.scope");
  std::vector<std::int32_t> evictions;
  std::vector<std::int32_t> candidates;
  for (const auto& record : run.records) {
    const auto step = static_cast<std::int32_t>(record->step);
    evictions.insert(evictions.end(), record->evictions.size(), step);
    candidates.insert(candidates.end(), record->candidates.size(), step);
  }
  ASSERT_FALSE(evictions.empty());
  for (const auto& [name, steps] :
       {std::pair("evictions/step", evictions), std::pair("candidates/step", candidates)}) {
    const std::string& file = files.at(std::string(name) + ".npy");
    EXPECT_EQ(core::read_npy<std::int32_t>(file, name).values, steps) << name;
  }
}

TEST_F(RunFile, TakesNoMemoryForRowsThatItsArraysDoNotHave) {
  const SavedRun run = invented({.layers = 1}, 3);
  save_run(file_, run);
  for (const char* name : {"steps/evictions.npy", "steps/candidates.npy"}) {
    rewrite(
        file_, name,
        core::npy_file<std::int32_t>(std::vector{999'999'999, 0, 0}, std::vector{std::size_t{3}}));
    EXPECT_THROW(load_run(file_), core::Error) << name;
    save_run(file_, run);
  }
}

TEST_F(RunFile, RefusesArraysThatContradictEachOther) {
  const SavedRun run = invented({.layers = 2}, 150);
  const auto with = [&](const std::string& name, std::vector<std::int32_t> values) {
    save_run(file_, run);
    rewrite(file_, name, core::npy_file<std::int32_t>(values, std::vector{values.size()}));
  };
  save_run(file_, run);
  const core::ZipFiles files = core::unzip(read_bytes(file_), "run.scope");
  for (const char* name : {"evictions/layer", "evictions/position", "steps/position",
                           "steps/tokens", "steps/evictions", "layers/tables"}) {
    const std::string file = std::string(name) + ".npy";
    auto values = core::read_npy<std::int32_t>(files.at(file), name).values;
    ASSERT_FALSE(values.empty()) << name;
    values.back() = 1'000'000;
    with(file, values);
    EXPECT_THROW(load_run(file_), core::Error) << name << " out of range";
    values.back() = -3;
    with(file, values);
    EXPECT_THROW(load_run(file_), core::Error) << name << " negative";
    values.pop_back();
    with(file, values);
    EXPECT_THROW(load_run(file_), core::Error) << name << " too short";
  }
  for (const auto& [name, bytes] : files) {
    if (name == "run.json" || name.starts_with("vocabulary")) continue;
    core::ZipFiles without = files;
    without.erase(name);
    write_bytes(file_, core::zip(without));
    if (may_be_absent(name)) {
      EXPECT_EQ(load_run(file_).records.size(), 150U) << "as before there was " << name;
    } else {
      EXPECT_THROW(load_run(file_), core::Error) << "without " << name;
    }
  }
}

TEST_F(RunFile, FromBeforeSketchHashHasThePlainHashesOfThatTime) {
  save_run(file_, invented({.layers = 1}, 5));
  EXPECT_EQ(load_run(file_).knobs.sketch_hash, kernels::SketchInput::mixed);
  auto json = nlohmann::json::parse(core::unzip(read_bytes(file_), "run.scope").at("run.json"));
  json["config"].erase("sketch_hash");
  rewrite(file_, "run.json", json.dump());
  EXPECT_EQ(load_run(file_).knobs.sketch_hash, kernels::SketchInput::plain);
}

TEST_F(RunFile, RefusesAttentionThatDoesNotFitHeadsAndPositions) {
  save_run(file_, invented({.layers = 1}, 5));
  rewrite(file_, "last/layer_0/attention.npy",
          core::npy_file<float>(std::vector<float>(7), std::vector<std::size_t>{7}));
  EXPECT_THROW(load_run(file_), core::Error);
}

TEST_F(RunFile, ReadsAFigureThatAnOlderFileLacksAsNotMeasured) {
  save_run(file_, invented({.layers = 2}, 60));
  core::ZipFiles files = core::unzip(read_bytes(file_), "run.scope");
  files.erase("layers/retained_mass.npy");
  files.erase("steps/logit_kl.npy");
  write_bytes(file_, core::zip(files));
  for (const record::RecordPointer& record : load_run(file_).records) {
    EXPECT_EQ(record->logit_kl, std::nullopt);
    for (const record::LayerRecord& layer : record->layers) {
      EXPECT_EQ(layer.retained_mass, std::nullopt);
      EXPECT_TRUE(layer.attention_kl) << "the other figures are there";
    }
  }
}

TEST_F(RunFile, RefusesJsonThatLacksAKeyOrHoldsAnotherKind) {
  save_run(file_, invented({.layers = 1}, 30));
  const core::ZipFiles files = core::unzip(read_bytes(file_), "run.scope");
  const auto json = nlohmann::json::parse(files.at("run.json"));
  for (const auto& [key, value] : json.items()) {
    if (key == "read_by") continue;  // It tells people which versions read the file.
    auto without = json;
    without.erase(key);
    rewrite(file_, "run.json", without.dump());
    if (key == "notes") {
      EXPECT_TRUE(load_run(file_).notes.empty()) << "as runs were saved before there were notes";
    } else {
      EXPECT_THROW(load_run(file_), core::Error) << "without " << key;
    }
    auto other = json;
    other[key] = nlohmann::json::array({1});
    rewrite(file_, "run.json", other.dump());
    EXPECT_THROW(load_run(file_), core::Error) << key << " as a list";
  }
}

TEST_F(RunFile, LeavesTheOldFileWhereTheNewOneCannotBeWritten) {
  const SavedRun run = invented({.layers = 1}, 30);
  EXPECT_THROW(save_run(folder_.path() / "no such folder" / "run.scope", run), core::Error);
  save_run(file_, run);
  const auto files = std::distance(std::filesystem::directory_iterator(folder_.path()), {});
  EXPECT_EQ(files, 1) << "nothing is left beside it";
}

}  // namespace
}  // namespace sketchscope::run
