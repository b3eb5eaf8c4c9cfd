#include "gui/view/model_text.hpp"

#include "engine/model/families/family.hpp"
#include "gui/plot/value_format.hpp"

namespace sketchscope::view {
namespace {

std::string family_of(const model::ModelConfig& config) {
  return std::string(model::family_of(config.family).name);
}

std::string heads_of(const model::ModelConfig& config) {
  const std::string heads = std::to_string(config.heads);
  if (config.kv_heads == config.heads) return heads + " heads";
  return heads + "/" + std::to_string(config.kv_heads) + " heads";
}

}  // namespace

std::string model_line(const run::ModelInfo& model) {
  const model::ModelConfig& config = model.config;
  return model.name + " · " + family_of(config) + " · " + std::to_string(config.layers) +
         " layers · " + heads_of(config) + " · " + plot::count_text(config.positions) +
         " positions · " + model.dtype;
}

std::string model_details(const run::ModelInfo& model) {
  const model::ModelConfig& config = model.config;
  std::string text = model.name + ", of family " + family_of(config) + ": " +
                     std::to_string(config.layers) + " layers of " + std::to_string(config.heads) +
                     " query heads";
  if (config.kv_heads != config.heads) {
    text += ", in " + std::to_string(config.kv_heads) + " groups that share keys and values";
  }
  return text + ", " + std::to_string(config.width) + " wide, " +
         plot::count_text(config.positions) + " positions, " + plot::count_text(config.vocabulary) +
         " tokens, weights in " + model.dtype + " of " +
         plot::format_bytes(static_cast<double>(model.weight_bytes));
}

}  // namespace sketchscope::view
