#include "engine/model/families/family.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <string>

#include "engine/core/error.hpp"
#include "engine/model/families/config_options.hpp"

namespace sketchscope {
namespace {

const std::array<Family, 1>& all_families() {
  static const std::array<Family, 1> kFamilies = {gpt2_family()};
  return kFamilies;
}

/// Returns null where no family has this name.
const Family* find_family(std::string_view name) {
  const auto found = std::ranges::find(families(), name, &Family::name);
  return found == families().end() ? nullptr : &*found;
}

}  // namespace

std::span<const Family> families() {
  return all_families();
}

const Family& family_of(ModelFamily id) {
  return *std::ranges::find(families(), id, &Family::id);
}

std::string family_names() {
  std::string names;
  for (const Family& family : families()) {
    names += (names.empty() ? "" : ", ") + std::string(family.name);
  }
  return names;
}

const Family& family_from(std::string_view name) {
  if (const Family* const family = find_family(name)) return *family;
  throw Error({.what = "family of a model",
               .found = "'" + std::string(name) + "'",
               .expected = "one of " + family_names()});
}

ModelConfig read_model_config(const std::filesystem::path& directory) {
  const ConfigOptions options(directory / "config.json");
  // Files without model_type date from the time of GPT-2.
  const std::string type = options.text("model_type", "gpt2");
  const Family* const family = find_family(type);
  if (family == nullptr) options.refuse("model_type", type, "one of " + family_names());
  return family->read_config(options);
}

WeightNames weight_names(const ModelConfig& config) {
  WeightNames names = family_of(config.family).name_weights(config);
  if (config.tied_head) names.own_head.reset();
  return names;
}

}  // namespace sketchscope
