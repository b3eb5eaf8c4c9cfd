#include "engine/run/run_file.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "engine/core/file_formats.hpp"
#include "engine/core/files.hpp"
#include "engine/model/families/family.hpp"
#include "engine/record/row_json.hpp"
#include "engine/record/run_records.hpp"
#include "engine/run/saved_layers.hpp"
#include "engine/run/state_arrays.hpp"

namespace sketchscope::run {
namespace {

using Json = nlohmann::json;

using core::kRunFormat;

Json model_json(const ModelInfo& model) {
  return {{"name", model.name},
          {"directory", model.directory},
          {"dtype", model.dtype},
          {"weight_bytes", model.weight_bytes},
          {"family", model::family_of(model.config.family).name},
          {"layers", model.config.layers},
          {"heads", model.config.heads},
          {"kv_heads", model.config.kv_heads},
          {"width", model.config.width},
          {"head_width", model.config.head_width},
          {"vocabulary", model.config.vocabulary},
          {"positions", model.config.positions}};
}

/// Reads a count of something that every model has.
int read_count(const Json& json, const char* name, const record::ArrayReader& arrays) {
  constexpr std::int64_t kMost = 1 << 24;  // No model has more; a larger number is damage.
  const Json& count = json.at(name);
  const bool sound = count.is_number_integer() && count.get<std::int64_t>() >= 1 &&
                     count.get<std::int64_t>() <= kMost;
  if (!sound) throw arrays.damaged(std::string(name) + " of the model: " + core::brief(count));
  return count.get<int>();
}

/// Fills in what files of version 1 lack with GPT-2's values, as they all come from GPT-2.
void read_heads(const Json& json, const record::ArrayReader& arrays, model::ModelConfig& config) {
  config.heads = read_count(json, "heads", arrays);
  config.width = read_count(json, "width", arrays);
  const bool first_version = !json.contains("kv_heads");
  config.kv_heads = first_version ? config.heads : read_count(json, "kv_heads", arrays);
  config.head_width = first_version ? std::max(config.width / config.heads, 1)
                                    : read_count(json, "head_width", arrays);
  if (config.heads % config.kv_heads != 0) {
    throw arrays.damaged(std::to_string(config.heads) + " heads that share " +
                         std::to_string(config.kv_heads) + " key/value heads");
  }
}

ModelInfo model_from(const Json& json, const record::ArrayReader& arrays) {
  ModelInfo model;
  json.at("name").get_to(model.name);
  model.directory = json.value("directory", std::string());  // absent in older files
  json.at("dtype").get_to(model.dtype);
  model.weight_bytes = read_bytes(json, "weight_bytes", arrays);
  model.config.family = model::family_from(json.value("family", std::string("gpt2"))).id;
  model.config.layers = read_count(json, "layers", arrays);
  read_heads(json, arrays, model.config);
  model.config.vocabulary = read_count(json, "vocabulary", arrays);
  model.config.positions = read_count(json, "positions", arrays);
  return model;
}

void write_vocabulary(record::ArrayWriter& arrays, const text::Tokenizer& tokenizer) {
  std::vector<std::uint8_t> bytes;
  std::vector<std::int64_t> ends;
  for (int id = 0; id < tokenizer.size(); ++id) {
    const std::string_view text = tokenizer.bytes_of(id);
    bytes.insert(bytes.end(), text.begin(), text.end());
    ends.push_back(static_cast<std::int64_t>(bytes.size()));
  }
  arrays.array(std::string(kVocabularyBytes), bytes);
  arrays.array(std::string(kVocabularyEnds), ends);
}

std::shared_ptr<const text::Tokenizer> read_vocabulary(const record::ArrayReader& arrays) {
  const std::string ends(kVocabularyEnds);
  if (!arrays.has(ends)) return nullptr;
  const auto bytes = arrays.array<std::uint8_t>(std::string(kVocabularyBytes));
  std::vector<std::string> texts;
  std::int64_t begin = 0;
  for (const std::int64_t end : arrays.array<std::int64_t>(ends)) {
    if (end < begin || end > std::ssize(bytes)) {
      throw arrays.damaged("a vocabulary that leaves its bytes");
    }
    texts.emplace_back(bytes.begin() + begin, bytes.begin() + end);
    begin = end;
  }
  return std::make_shared<const text::Tokenizer>(text::Tokenizer::decoding(std::move(texts)));
}

Json changes_json(const std::vector<record::RecordPointer>& records) {
  Json changes = Json::array();
  for (const auto& record : records) {
    for (const record::KnobChange& change : record->changes) {
      Json json = record::row_to_json(change);
      json["step"] = record->step;
      changes.push_back(std::move(json));
    }
  }
  return changes;
}

/// Adds the changes to the records of their steps, and makes them in `knobs`.
void read_changes(const Json& changes, std::vector<record::StepRecord>& records,
                  settings::Knobs& knobs, const record::ArrayReader& arrays) {
  for (const Json& change : changes) {
    const auto step = change.at("step").get<std::size_t>();
    if (step >= records.size()) {
      throw arrays.damaged("a knob change at step " + std::to_string(step));
    }
    auto read = record::row_from_json<record::KnobChange>(change);
    // Views set both values without expecting that they are refused.
    settings::set_knob(knobs, read.knob, read.from);
    settings::set_knob(knobs, read.knob, read.to);
    records[step].changes.push_back(std::move(read));
  }
}

Json notes_json(const std::vector<StepNote>& notes) {
  Json all = Json::array();
  for (const StepNote& note : notes) all.push_back({{"step", note.step}, {"text", note.text}});
  return all;
}

/// Reads the notes, which files of older versions lack.
std::vector<StepNote> notes_from(const Json& run, std::size_t steps,
                                 const record::ArrayReader& arrays) {
  std::vector<StepNote> notes;
  for (const Json& note : run.value("notes", Json::array())) {
    notes.push_back({.step = note.at("step"), .text = note.at("text")});
    if (notes.back().step >= 0 && std::cmp_less(notes.back().step, steps)) continue;
    throw arrays.damaged("a note at step " + std::to_string(notes.back().step) + " of " +
                         std::to_string(steps));
  }
  return notes;
}

/// Throws Error on a token that the model's vocabulary lacks.
void require_known_tokens(const std::vector<record::StepRecord>& records, int vocabulary,
                          const record::ArrayReader& arrays) {
  const auto require = [&](int token, std::int64_t step) {
    if (token >= 0 && token < vocabulary) return;
    throw arrays.damaged("token " + std::to_string(token) + " in step " + std::to_string(step) +
                         " of a model with " + std::to_string(vocabulary) + " tokens");
  };
  for (const record::StepRecord& record : records) {
    for (const int token : record.tokens) require(token, record.step);
    for (const auto& eviction : record.evictions) require(eviction.token, record.step);
    for (const auto& candidate : record.candidates) require(candidate.token, record.step);
  }
}

Json run_json(const SavedRun& run) {
  return {{"schema", kRunFormat.schema},
          {"version", run.version},
          {core::kReadBy, kRunFormat.read_by()},
          {"prompt", run.prompt},
          {"config", settings::knobs_to_json(run.knobs)},
          {"twin", run.twin},
          {"audit", run.audit},
          {"model", model_json(run.model)},
          {"changes", changes_json(run.records)},
          {"notes", notes_json(run.notes)},
          {"last", layers_json(run.layers)}};
}

void check_schema(const Json& json, const std::string& source) {
  const auto schema = json.value("schema", std::string("no schema"));
  if (kRunFormat.reads(schema)) return;
  const auto writer = "the version that wrote it: " + json.value("version", std::string("unknown"));
  throw core::Error({.what = source + " cannot be read",
                     .found = "a run of format '" + schema + "'",
                     .expected = std::string(kRunFormat.schema),
                     .remedy = "Open it with " + json.value(core::kReadBy, writer)});
}

SavedRun run_from(const Json& json, const record::ArrayReader& arrays) {
  SavedRun run{.version = json.at("version"),
               .prompt = json.at("prompt"),
               .knobs = settings::recorded_knobs(json.at("config")),
               .twin = json.at("twin"),
               .audit = json.at("audit"),
               .model = model_from(json.at("model"), arrays)};
  run.model.tokenizer = read_vocabulary(arrays);
  std::vector<record::StepRecord> records = record::read_records(arrays);
  for (const record::StepRecord& record : records) {
    if (std::cmp_equal(record.layers.size(), run.model.config.layers)) continue;
    throw arrays.damaged(std::to_string(record.layers.size()) + " layers in step " +
                         std::to_string(record.step) + " of a model of " +
                         std::to_string(run.model.config.layers));
  }
  require_known_tokens(records, run.model.config.vocabulary, arrays);
  settings::Knobs last_knobs = run.knobs;
  read_changes(json.at("changes"), records, last_knobs, arrays);
  if (!json.at("last").empty()) {
    if (records.empty()) throw arrays.damaged("a state after the last step, but no step");
    run.layers = read_layers(
        json.at("last"), arrays,
        {.heads = run.model.config.heads, .record = records.back(), .knobs = last_knobs});
  }
  run.notes = notes_from(json, records.size(), arrays);
  for (record::StepRecord& record : records) {
    run.records.push_back(std::make_shared<const record::StepRecord>(std::move(record)));
  }
  return run;
}

}  // namespace

void save_run(const std::filesystem::path& path, const SavedRun& run) {
  core::ZipFiles files;
  // Token texts may contain invalid UTF-8, which JSON does not allow.
  files["run.json"] = run_json(run).dump(2, ' ', false, Json::error_handler_t::replace);
  record::ArrayWriter arrays(files);
  std::vector<record::StepRecord> records;
  for (const auto& record : run.records) records.push_back(*record);
  record::write_records(arrays, std::move(records));
  write_layers(arrays, run.layers);
  if (run.model.tokenizer) write_vocabulary(arrays, *run.model.tokenizer);
  core::write_file(path, core::zip(files));
}

SavedRun load_run(const std::filesystem::path& path) {
  const std::string source = path.filename().string();
  const core::ZipFiles files = core::unzip(core::read_file(path), source);
  const record::ArrayReader arrays(files, source);
  const auto found = files.find("run.json");
  if (found == files.end()) throw arrays.damaged("no run.json");
  const Json json = core::parse_json_object(found->second, "run.json of " + source);
  try {
    check_schema(json, source);
    return run_from(json, arrays);
  } catch (const Json::exception& error) {
    throw arrays.damaged(std::string("run.json: ") + error.what());
  } catch (const core::UsageError& error) {
    // A knob that cannot be knows nothing of the file that it stands in.
    throw arrays.damaged(std::string("run.json: ") + error.what());
  }
}

}  // namespace sketchscope::run
