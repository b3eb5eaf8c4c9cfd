#include "engine/model/families/family.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <string>

#include "engine/core/error.hpp"
#include "engine/model/families/config_options.hpp"

namespace sketchscope::model {
namespace {

const std::array<Family, 6>& all_families() {
  static const std::array<Family, 6> kFamilies = {gpt2_family(),  llama_family(), mistral_family(),
                                                  qwen2_family(), qwen3_family(), smollm3_family()};
  return kFamilies;
}

/// Keeps the ids that the model can produce.
std::vector<int> within(std::vector<int> tokens, const ModelConfig& config) {
  std::erase_if(tokens, [&](int token) { return token >= config.vocabulary; });
  return tokens;
}

/// Replaces the tokens that end a text by those of generation_config.json where it names some, as
/// Hugging Face's transformers do.
void read_generation(const std::filesystem::path& file, ModelConfig& config) {
  if (!std::filesystem::exists(file)) return;
  const std::vector<int> ends = within(ConfigOptions(file).tokens("eos_token_id", {}), config);
  if (!ends.empty()) config.ends_of_text = ends;
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
  throw core::Error({.what = "family of a model",
                     .found = "'" + std::string(name) + "'",
                     .expected = "one of " + family_names()});
}

ModelConfig read_model_config(const ConfigOptions& options) {
  // Files without model_type date from the time of GPT-2.
  const std::string type = options.text("model_type", "gpt2");
  const Family* const family = find_family(type);
  if (family == nullptr) options.refuse("model_type", type, "one of " + family_names());
  if (options.has("quantization_config")) {
    options.refuse("quantization_config", "none: weights in F32, F16 or BF16");
  }
  ModelConfig config = family->read_config(options);
  const auto starts = within(options.tokens("bos_token_id", {config.start_of_text}), config);
  config.start_of_text = starts.empty() ? kNoToken : starts.front();
  config.ends_of_text = within(options.tokens("eos_token_id", config.ends_of_text), config);
  return config;
}

ModelConfig read_model_config(const std::filesystem::path& directory) {
  ModelConfig config = read_model_config(ConfigOptions(directory / "config.json"));
  read_generation(directory / "generation_config.json", config);
  return config;
}

WeightNames weight_names(const ModelConfig& config) {
  WeightNames names = family_of(config.family).name_weights(config);
  if (config.tied_head) names.own_head.reset();
  return names;
}

}  // namespace sketchscope::model
