#include "engine/study/study_folder.hpp"

#include <cctype>
#include <cstdint>
#include <stdexcept>
#include <string_view>

#include "engine/core/error.hpp"
#include "engine/core/file_formats.hpp"
#include "engine/core/files.hpp"
#include "engine/core/random.hpp"

namespace sketchscope::study {
namespace {

using Json = nlohmann::json;
namespace fs = std::filesystem;

fs::path study_file(const fs::path& folder) {
  return folder / "study.json";
}

fs::path prompt_file(const fs::path& folder) {
  return folder / "prompt.txt";
}

/// Returns a configuration's name as a file can have it. Characters that a name of a file cannot
/// hold, or that shells take for patterns, are written as %XX. What exceeds the length that file
/// systems allow is replaced by a number of the whole name.
std::string file_name_of(const std::string& name) {
  constexpr std::string_view kPlain = "._-+=,@ ()";
  std::string safe;
  for (const char letter : name) {
    const auto byte = static_cast<unsigned char>(letter);
    if (std::isalnum(byte) != 0 || kPlain.find(letter) != std::string_view::npos) {
      safe += letter;
      continue;
    }
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    safe += {'%', kDigits[byte >> 4U], kDigits[byte & 15U]};
  }
  constexpr std::size_t kLongest = 200;
  if (safe.size() <= kLongest) return safe;
  std::uint64_t number = 0;
  for (const char letter : name) {
    number = core::SplitMix64(number + static_cast<unsigned char>(letter)).next();
  }
  return safe.substr(0, kLongest) + "~" + std::to_string(number);
}

fs::path result_file(const fs::path& folder, const std::string& name) {
  return folder / "results" / (file_name_of(name) + ".json");
}

Json study_json(const Grid& grid, const StudyIdentity& identity) {
  Json configurations = Json::array();
  for (const Configuration& one : grid.configurations) configurations.push_back(one.name);
  return {{"schema", core::kStudyFormat.schema},
          {"version", identity.version},
          {core::kReadBy, core::kStudyFormat.read_by()},
          {"model", identity.model},
          {"material", identity.material},
          {"vocabulary", identity.vocabulary},
          {"defaults", settings::knobs_to_json({})},
          {"name", grid.name},
          {"question", grid.question},
          {"grid", grid.source},
          {"workload", workload_to_json(grid.workload)},
          {"configurations", configurations}};
}

/// Reads a folder's study.json. Throws Error if its schema differs.
Json read_study_file(const fs::path& folder) {
  const fs::path file = study_file(folder);
  if (!fs::exists(file)) {
    throw core::Error({.what = folder.string() + " holds no study",
                       .expected = "a folder that sweep wrote, with a study.json"});
  }
  Json json = core::parse_json(core::read_file(file));
  const Json schema = json.is_object() ? json.value("schema", Json()) : Json();
  if (schema == Json(core::kStudyFormat.schema)) return json;
  const Json readers = json.is_object() ? json.value(core::kReadBy, Json()) : Json();
  throw core::Error(
      {.what = file.string(),
       .found = schema.is_string() ? "schema " + schema.get<std::string>() : "no schema of a study",
       .expected = std::string(core::kStudyFormat.schema),
       .remedy = "Read it with " +
                 (readers.is_string() ? readers.get<std::string>()
                                      : "the version of the program that wrote it") +
                 ", or begin another study in an empty folder"});
}

/// Returns the name of the first value of a result that should be a number and is another kind;
/// empty if there is none. Only lists hold words, and only the chunks' are read.
std::string value_that_is_no_number(const Json& object, const std::string& name) {
  for (const auto& [key, value] : object.items()) {
    const std::string inner = name + "." + key;
    if (value.is_object()) {
      if (std::string found = value_that_is_no_number(value, inner); !found.empty()) return found;
    } else if (!value.is_number() && !value.is_array()) {
      return inner;
    }
  }
  return {};
}

/// Returns the same of the lists that tables and comparisons are made of.
std::string list_that_is_none(const Json& result) {
  for (const char* key : {"chunks", "sketch_row_loads"}) {
    const bool of_objects = std::string_view(key) == "chunks";
    const Json list = result.value(key, Json::array());
    if (!list.is_array()) return key;
    for (const Json& one : list) {
      if (of_objects ? !one.is_object() : !one.is_number()) return key;
      if (of_objects && !value_that_is_no_number(one, key).empty()) {
        return value_that_is_no_number(one, key);
      }
    }
  }
  return {};
}

/// Returns the name of the first group of figures of a result that is no object; empty if there is
/// none.
std::string group_that_is_none(const Json& result) {
  for (const char* key : {"by_head", "estimates", "continuation", "recall"}) {
    if (result.contains(key) && !result[key].is_object()) return key;
  }
  return {};
}

/// Returns why `json` is not a valid result of configuration `name`; empty if it is valid.
std::string damage(const Json& json, const std::string& name) {
  if (json.is_discarded()) return "is not JSON";
  if (!json.is_object() || json.value("schema", Json()) != kResultSchema) {
    return std::string("is not of schema ") + kResultSchema;
  }
  if (json.value("name", Json()) != name) return "is the result of another configuration";
  for (const char* part : {"config", "result", "memory", "timing"}) {
    if (!json.contains(part) || !json[part].is_object()) return std::string("has no ") + part;
    if (std::string_view(part) == "config") continue;
    const std::string wrong = value_that_is_no_number(json[part], part);
    if (!wrong.empty()) return "has no number as " + wrong;
  }
  const std::string group = group_that_is_none(json["result"]);
  if (!group.empty()) return "has no figures as " + group;
  if (json.contains("baseline") && !json["baseline"].is_string()) return "has no word as baseline";
  const std::string wrong = list_that_is_none(json["result"]);
  if (!wrong.empty()) return "has no list of numbers as " + wrong;
  try {
    (void)settings::recorded_knobs(json["config"]);
  } catch (const std::exception& error) {
    return std::string("has no sound config (") + error.what() + ")";
  }
  return {};
}

/// Returns the first key whose value differs; who reads the file makes no other study of it.
std::string first_difference(const Json& found, const Json& expected) {
  for (const auto& [key, value] : expected.items()) {
    if (key == core::kReadBy) continue;
    if (found.value(key, Json()) != value) return key;
  }
  return {};
}

std::string shortened(const Json& value) {
  constexpr std::size_t kMaximum = 80;
  const std::string text = value.dump();
  return text.size() <= kMaximum ? text : text.substr(0, kMaximum) + "…";
}

}  // namespace

StudyFolder::StudyFolder(fs::path path, const Grid& grid, const StudyIdentity& identity,
                         Existing existing)
    : path_(std::move(path)) {
  for (const Configuration& one : grid.configurations) configurations_.push_back(one.name);
  const Json study = study_json(grid, identity);
  core::make_folder(path_ / "results");
  if (!fs::exists(study_file(path_))) {
    core::write_file(study_file(path_), study.dump(2) + '\n');
    return;
  }
  if (existing == Existing::refuse) {
    throw core::Error({.what = path_.string() + " already holds a study",
                       .expected = "an empty folder",
                       .remedy = "Add --resume to go on with it, or name another folder"});
  }
  take_up(study);
}

void StudyFolder::take_up(const Json& study) {
  const Json found = read_study_file(path_);
  const std::string key = first_difference(found, study);
  if (!key.empty()) {
    throw core::Error({.what = study_file(path_).string() + " is of another study: its " + key,
                       .found = shortened(found.value(key, Json())),
                       .expected = shortened(study[key]),
                       .remedy = "Resume it as it was begun, or name another folder"});
  }
  for (const std::string& name : configurations_) {
    const fs::path file = result_file(path_, name);
    if (!fs::exists(file)) continue;
    const std::string why = damage(core::parse_json(core::read_file(file)), name);
    if (why.empty()) {
      finished_.insert(name);
      continue;
    }
    const fs::path aside = file.string() + ".damaged";
    fs::rename(file, aside);
    warnings_.push_back(file.string() + " " + why + ": kept as " + aside.filename().string() +
                        " and measured again");
  }
}

void StudyFolder::keep_prompt(const std::string& text) const {
  if (!fs::exists(prompt_file(path_))) core::write_file(prompt_file(path_), text);
}

void StudyFolder::add(const std::string& name, const std::string& json) {
  core::write_file(result_file(path_, name), json);
  finished_.insert(name);
}

void refuse_study_value(const std::string& study, const char* why) {
  throw core::Error({.what = study + " cannot be read",
                     .found = why,
                     .expected = "study.json and results as sweep writes them",
                     .remedy = "Copy the folder again, or measure the study anew"});
}

bool is_study(const fs::path& path) {
  std::error_code ignored;
  return fs::is_regular_file(study_file(path), ignored);
}

namespace {

/// Reads a configuration's name, of which its file's name is made.
std::string name_from(const Json& listed) {
  const auto name = listed.get<std::string>();
  if (name.empty()) throw std::out_of_range("a configuration without a name");
  return name;
}

StudyResults read_results(const fs::path& folder) {
  StudyResults results{.study = read_study_file(folder)};
  if (fs::exists(prompt_file(folder))) results.prompt = core::read_file(prompt_file(folder));
  for (const Json& listed : results.study.at("configurations")) {
    const std::string name = name_from(listed);
    const fs::path file = result_file(folder, name);
    if (!fs::exists(file)) {
      results.missing.push_back(name);
      continue;
    }
    Json json = core::parse_json(core::read_file(file));
    const std::string why = damage(json, name);
    if (why.empty()) {
      results.results.push_back(std::move(json));
    } else {
      results.warnings.push_back(file.string() + " " + why +
                                 ": left out; sweep --resume measures it again");
    }
  }
  return results;
}

}  // namespace

StudyResults read_study(const fs::path& folder) {
  return with_study_json([&] { return read_results(folder); }, "the study " + folder.string());
}

}  // namespace sketchscope::study
