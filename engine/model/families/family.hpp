#pragma once

#include <filesystem>
#include <span>
#include <string_view>

#include "engine/model/model_config.hpp"
#include "engine/model/weight_names.hpp"

namespace sketchscope {

class ConfigOptions;

/// A family of decoders: how its config.json is read, and what its checkpoints call the weights.
struct Family {
  ModelFamily id = ModelFamily::gpt2;
  std::string_view name;  ///< model_type of its config.json
  /// Throws Error naming an option that is not supported, or a value that makes no sense.
  ModelConfig (*read_config)(const ConfigOptions& options) = nullptr;
  /// Names the head's own matrix even where the configuration ties it: a checkpoint may hold one.
  WeightNames (*name_weights)(const ModelConfig& config) = nullptr;
};

/// The one list of families; a new one is a file in this folder and a line there.
[[nodiscard]] std::span<const Family> families();
[[nodiscard]] const Family& family_of(ModelFamily id);
/// Throws Error that lists the families known.
[[nodiscard]] const Family& family_from(std::string_view name);
/// "gpt2, …", for messages.
[[nodiscard]] std::string family_names();

/// Reads config.json of a Hugging Face directory. Throws Error naming a family that is not known,
/// an option that is not supported, a missing file, or a value that makes no sense.
ModelConfig read_model_config(const std::filesystem::path& directory);

/// What a checkpoint of this model has to hold: no head where it is tied.
[[nodiscard]] WeightNames weight_names(const ModelConfig& config);

/// GPT-2 of Hugging Face: learned positions, layer norms, one matrix for query, key and value.
[[nodiscard]] Family gpt2_family();

}  // namespace sketchscope
