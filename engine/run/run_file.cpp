#include "engine/run/run_file.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "engine/core/file_formats.hpp"
#include "engine/core/files.hpp"
#include "engine/model/families/family.hpp"
#include "engine/record/row_json.hpp"
#include "engine/record/run_records.hpp"
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
  json.at("weight_bytes").get_to(model.weight_bytes);
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

void read_changes(const Json& changes, std::vector<record::StepRecord>& records,
                  const record::ArrayReader& arrays) {
  for (const Json& change : changes) {
    const auto step = change.at("step").get<std::size_t>();
    if (step >= records.size()) {
      throw arrays.damaged("a knob change at step " + std::to_string(step));
    }
    auto read = record::row_from_json<record::KnobChange>(change);
    // Views set both values without expecting that they are refused.
    settings::Knobs knobs;
    settings::set_knob(knobs, read.knob, read.from);
    settings::set_knob(knobs, read.knob, read.to);
    records[step].changes.push_back(std::move(read));
  }
}

/// Writes the arrays of a layer or of a table, in a folder of the archive.
template <typename Arrays, typename Owner>
void write_state(record::ArrayWriter& writer, const Arrays& arrays, const std::string& folder,
                 const Owner& owner) {
  for_each_state_array(arrays, [&](const auto& array) {
    writer.array(folder + std::string(array.name), owner.*array.member);
  });
}

void write_layers(record::ArrayWriter& arrays, const std::vector<LayerState>& layers) {
  for (std::size_t index = 0; index < layers.size(); ++index) {
    const std::string layer = std::to_string(index);
    write_state(arrays, kLayerArrays, layer_folder(layer), layers[index]);
    for (std::size_t table = 0; table < layers[index].tables.size(); ++table) {
      write_state(arrays, kTableArrays, table_folder(layer, std::to_string(table)),
                  layers[index].tables[table]);
    }
  }
}

Json layers_json(const std::vector<LayerState>& layers) {
  Json json = Json::array();
  for (const LayerState& layer : layers) {
    json.push_back({{"tables", layer.tables.size()},
                    {"total_mass", layer.total_mass},
                    {"error_above", layer.error_bound.above},
                    {"error_below", layer.error_bound.below},
                    {"error_failure", layer.error_bound.failure},
                    {"sketch_bytes", layer.sketch_bytes},
                    {"exact_bytes", layer.exact_bytes},
                    {"approximate", layer.approximate}});
  }
  return json;
}

/// Reads the arrays of a layer or of a table.
template <typename Owner, typename Arrays>
Owner read_state(const record::ArrayReader& reader, const Arrays& arrays,
                 const std::string& folder) {
  Owner owner;
  for_each_state_array(arrays, [&]<typename Number>(const StateArray<Owner, Number>& array) {
    const std::string name = folder + std::string(array.name);
    if (array.may_be_missing && !reader.has(name)) return;
    owner.*array.member = reader.array<Number>(name);
  });
  return owner;
}

TableState read_table(const record::ArrayReader& arrays, const std::string& folder, int positions) {
  auto state = read_state<TableState>(arrays, kTableArrays, folder);
  for (const int position : state.positions) {
    if (position < -1 || position >= positions) {
      throw arrays.damaged("position " + std::to_string(position) + " in " + folder);
    }
  }
  if (state.scores.size() != state.positions.size()) {
    throw arrays.damaged("scores that do not fit the slots in " + folder);
  }
  return state;
}

/// Throws Error unless attention is empty or by head and position.
void check_attention(const record::ArrayReader& arrays, const std::string& name,
                     const std::vector<float>& attention, std::size_t size) {
  if (attention.empty() || attention.size() == size) return;
  throw arrays.damaged(name + " of " + std::to_string(attention.size()) + " numbers for " +
                       std::to_string(size) + " heads and positions");
}

std::vector<LayerState> read_layers(const Json& json, const record::ArrayReader& arrays,
                                    int positions, int heads) {
  const auto size = static_cast<std::size_t>(positions) * static_cast<std::size_t>(heads);
  std::vector<LayerState> layers;
  for (const Json& facts : json) {
    const std::string index = std::to_string(layers.size());
    const std::string folder = layer_folder(index);
    auto layer = read_state<LayerState>(arrays, kLayerArrays, folder);
    check_attention(arrays, folder + "attention", layer.attention, size);
    check_attention(arrays, folder + "twin_attention", layer.twin_attention, size);
    facts.at("total_mass").get_to(layer.total_mass);
    facts.at("error_above").get_to(layer.error_bound.above);
    facts.at("error_below").get_to(layer.error_bound.below);
    facts.at("error_failure").get_to(layer.error_bound.failure);
    facts.at("sketch_bytes").get_to(layer.sketch_bytes);
    facts.at("exact_bytes").get_to(layer.exact_bytes);
    facts.at("approximate").get_to(layer.approximate);
    const auto tables = facts.at("tables").get<std::size_t>();
    for (std::size_t table = 0; table < tables; ++table) {
      const std::string name = table_folder(index, std::to_string(table));
      layer.tables.push_back(read_table(arrays, name, positions));
    }
    layers.push_back(std::move(layer));
  }
  return layers;
}

Json notes_json(const std::vector<StepNote>& notes) {
  Json all = Json::array();
  for (const StepNote& note : notes) all.push_back({{"step", note.step}, {"text", note.text}});
  return all;
}

/// Reads the notes, which files of older versions lack.
std::vector<StepNote> notes_from(const Json& run) {
  std::vector<StepNote> notes;
  for (const Json& note : run.value("notes", Json::array())) {
    notes.push_back({.step = note.at("step"), .text = note.at("text")});
  }
  return notes;
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
  read_changes(json.at("changes"), records, arrays);
  const int positions = records.empty() ? 0 : records.back().position + 1;
  run.layers = read_layers(json.at("last"), arrays, positions, run.model.config.heads);
  run.notes = notes_from(json);
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
  }
}

}  // namespace sketchscope::run
