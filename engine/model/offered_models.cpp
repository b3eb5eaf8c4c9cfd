#include "engine/model/offered_models.hpp"

#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <system_error>

#include "engine/core/error.hpp"
#include "engine/core/files.hpp"

namespace sketchscope::model {
namespace {

/// Returns the value of an environment variable; empty where it is not set.
std::string environment(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

std::string text_at(const nlohmann::json& entry, const char* key,
                    const std::filesystem::path& table) {
  const auto found = entry.find(key);
  if (found != entry.end() && found->is_string()) return found->get<std::string>();
  throw core::Error({.what = "a model in " + table.string(),
                     .found = core::brief(entry),
                     .expected = std::string("a text for '") + key + "'"});
}

/// Returns how the script that brings models is called where the table lies.
std::string bringer_beside(const std::filesystem::path& table) {
  const std::filesystem::path script = "scripts/get_model";
  std::error_code ignored;
  const auto root = table.parent_path().parent_path();
  return std::filesystem::exists(root / script, ignored) ? script.string()
                                                         : "sketchscope-get-model";
}

}  // namespace

bool OfferedModel::is_there() const {
  std::error_code ignored;
  return !file.empty() && std::filesystem::is_regular_file(file, ignored);
}

std::filesystem::path models_folder() {
  const std::filesystem::path inside = "sketchscope/models";
  // A relative path in XDG_DATA_HOME counts as none (XDG Base Directory Specification).
  const std::filesystem::path data = environment("XDG_DATA_HOME");
  if (data.is_absolute()) return data / inside;
  const std::filesystem::path home = environment("HOME");
  return home.empty() ? home : home / ".local/share" / inside;
}

std::vector<OfferedModel> read_offered_models(const std::filesystem::path& table,
                                              const std::filesystem::path& folder) {
  const nlohmann::json entries = core::read_json_object(table);
  const std::string bringer = bringer_beside(table);
  std::vector<OfferedModel> models;
  for (const auto& [name, entry] : entries.items()) {
    const std::filesystem::path member = text_at(entry, "member", table);
    models.push_back({.name = name,
                      .about = text_at(entry, "about", table),
                      .file = folder.empty() ? folder : folder / name / member.filename(),
                      .bringer = bringer});
  }
  return models;
}

std::filesystem::path path_of_model(const std::filesystem::path& given,
                                    const std::vector<OfferedModel>& offered) {
  std::error_code ignored;
  if (given.has_parent_path() || std::filesystem::exists(given, ignored)) return given;
  const auto found = std::ranges::find(offered, given.string(), &OfferedModel::name);
  if (found != offered.end() && found->is_there()) return found->file;
  if (found != offered.end()) {
    throw core::Error({.what = "the model " + found->name + " (" + found->about + ") is not here",
                       .found = "nothing at " + found->file.string(),
                       .expected = "the model there",
                       .remedy = "bring it with " + found->command()});
  }
  std::string names;
  for (const OfferedModel& model : offered) names += (names.empty() ? "" : ", ") + model.name;
  throw core::Error({.what = "cannot open the model",
                     .found = "nothing named " + given.string(),
                     .expected = "a Hugging Face directory, a GGUF file, or the name of a model "
                                 "that get_model brings: " +
                                 names,
                     .remedy = "name one of them"});
}

}  // namespace sketchscope::model
