#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>

#include "engine/model/model_config.hpp"
#include "engine/model/weight_names.hpp"

namespace sketchscope::model {

class ConfigOptions;

/// How GGUF files of a family arrange the rows of queries and keys that rotary positions rotate
/// together: as the family does, a head's first half and then its second, or with the rows of both
/// halves alternating. Files of `unknown` are not read.
enum class GgufPairs : std::uint8_t { unknown, halves, alternating };

/// A family of decoders: how its config.json is read, and the names of the weights in its
/// checkpoints.
struct Family {
  ModelFamily id = ModelFamily::gpt2;
  std::string_view name;  ///< the model_type in config.json
  /// Reads the configuration. Throws Error naming an unsupported option or an invalid value.
  ModelConfig (*read_config)(const ConfigOptions& options) = nullptr;
  /// Names all weights. The head's own matrix is named even where the configuration ties the head,
  /// since a checkpoint may hold one.
  WeightNames (*name_weights)(const ModelConfig& config) = nullptr;
  GgufPairs gguf_pairs = GgufPairs::unknown;  ///< of files whose architecture has this name
};

/// Returns all families; a new one is a file in this folder and a line in this list.
[[nodiscard]] std::span<const Family> families();
[[nodiscard]] const Family& family_of(ModelFamily id);
/// Returns the family of this model_type. Throws Error listing the known families.
[[nodiscard]] const Family& family_from(std::string_view name);
/// Returns the names of all families as "gpt2, …", for messages.
[[nodiscard]] std::string family_names();

/// Reads a configuration by the family that it names. Throws Error naming an unknown family, an
/// unsupported option or an invalid value.
ModelConfig read_model_config(const ConfigOptions& options);
/// Reads config.json of a Hugging Face directory, and the tokens that end a text from
/// generation_config.json where that names some. Throws Error naming a missing file too.
ModelConfig read_model_config(const std::filesystem::path& directory);

/// Returns the weights that a checkpoint of this model must hold, without the head where it is
/// tied.
[[nodiscard]] WeightNames weight_names(const ModelConfig& config);

/// GPT-2 as Hugging Face stores it: learned positions, layer norms, one matrix for query, key and
/// value.
[[nodiscard]] Family gpt2_family();
/// Llama: root-mean-square norms, rotary positions, heads that share keys, a gated inner layer.
[[nodiscard]] Family llama_family();
/// Mistral: as Llama, with an attention window that must not cut the context short.
[[nodiscard]] Family mistral_family();
/// Qwen2: as Llama, with biases of queries, keys and values.
[[nodiscard]] Family qwen2_family();
/// Qwen3: as Llama, with norms of each head's query and key.
[[nodiscard]] Family qwen3_family();
/// SmolLM3: as Llama, with layers that know no positions.
[[nodiscard]] Family smollm3_family();

}  // namespace sketchscope::model
