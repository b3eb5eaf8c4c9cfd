#include "engine/model/gguf_config.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "engine/core/error.hpp"
#include "engine/model/families/config_options.hpp"
#include "engine/model/families/family.hpp"

namespace sketchscope::model {
namespace {

using checkpoint::GgufFile;
using checkpoint::GgufMetadata;

constexpr const char* kArchitecture = "general.architecture";
constexpr const char* kEmbedding = "token_embd.weight";
constexpr const char* kRotaryFactors = "rope_freqs.weight";

/// Options that would change results, with the value at which they do not.
struct NeutralOption {
  const char* key;
  double neutral;
};
constexpr std::array kNeutralOptions = {
    NeutralOption{"expert_count", 0},
    NeutralOption{"attention.scale", 0},
    NeutralOption{"attention.clamp_kqv", 0},
    NeutralOption{"attn_logit_softcapping", 0},
    NeutralOption{"final_logit_softcapping", 0},
    NeutralOption{"logit_scale", 0},
    NeutralOption{"residual_scale", 0},
    NeutralOption{"embedding_scale", 0},
    NeutralOption{"rope.scaling.yarn_ext_factor", 1},
    NeutralOption{"rope.scaling.yarn_attn_factor", 1},
    NeutralOption{"rope.scaling.yarn_log_multiplier", 0},
};

/// Access to the metadata of one architecture, whose keys begin with its name.
class ArchitectureKeys {
 public:
  explicit ArchitectureKeys(const GgufMetadata& metadata)
      : metadata_(metadata), prefix_(std::string(metadata.text(kArchitecture)) + ".") {}

  [[nodiscard]] std::string key(const char* name) const { return prefix_ + name; }
  [[nodiscard]] bool has(const char* name) const { return metadata_.contains(key(name)); }
  [[nodiscard]] int integer(const char* name, OptionRange range) const {
    return static_cast<int>(metadata_.integer(key(name), range.lowest, range.highest));
  }
  [[nodiscard]] int integer(const char* name, int absent, OptionRange range) const {
    return has(name) ? integer(name, range) : absent;
  }
  [[nodiscard]] double number(const char* name, double absent) const {
    return has(name) ? metadata_.number(key(name)) : absent;
  }
  [[nodiscard]] std::string text(const char* name, const char* absent) const {
    return has(name) ? std::string(metadata_.text(key(name))) : absent;
  }
  [[noreturn]] void refuse(const char* name, const std::string& expected) const {
    metadata_.refuse(key(name), expected);
  }

 private:
  const GgufMetadata& metadata_;
  std::string prefix_;
};

const Family& family_of_file(const GgufMetadata& metadata) {
  const std::string_view name = metadata.text(kArchitecture);
  std::string known;
  for (const Family& family : families()) {
    if (family.gguf_pairs == GgufPairs::unknown) continue;
    if (family.name == name) return family;
    known += (known.empty() ? "" : ", ") + std::string(family.name);
  }
  metadata.refuse(kArchitecture, "one of " + known);
}

void refuse_what_is_not_followed(const ArchitectureKeys& keys, int context) {
  for (const NeutralOption& option : kNeutralOptions) {
    if (keys.number(option.key, option.neutral) != option.neutral) {
      keys.refuse(option.key, "none, since it is not followed");
    }
  }
  const int window = keys.integer("attention.sliding_window", 0, kWindows);
  if (window != 0 && window < context) {
    keys.refuse("attention.sliding_window", "at least the context of " + std::to_string(context) +
                                                ": attention within a window is not followed");
  }
}

/// Returns the width of each head, which all of its numbers that are rotated must fill.
int head_width(const ArchitectureKeys& keys, int width, int heads) {
  const int shared = std::max(width / heads, 1);
  const int own = keys.integer("attention.key_length", shared, kWidths);
  for (const char* const same : {"attention.value_length", "rope.dimension_count"}) {
    if (keys.integer(same, own, kWidths) != own) {
      keys.refuse(same, std::to_string(own) + ", the width of each head's key");
    }
  }
  return own;
}

/// Returns the scaling of rotary positions in the spelling of config.json; null for none. A factor
/// may stand under a former name, and without a type it is that of a linear scaling.
nlohmann::json rotary_scaling(const ArchitectureKeys& keys, int context) {
  const bool old_spelling = !keys.has("rope.scaling.factor");
  const char* const factor_key = old_spelling ? "rope.scale_linear" : "rope.scaling.factor";
  const std::string type = keys.text("rope.scaling.type", "linear");
  const double factor = keys.number(factor_key, 1);
  const bool unscaled = factor == 0 || !keys.has(factor_key);
  if (type == "none" || (type == "linear" && unscaled)) return nullptr;
  nlohmann::json scaling = {{"rope_type", type}, {"factor", factor}};
  if (type == "linear") return scaling;
  if (type != "yarn") keys.refuse("rope.scaling.type", "none, linear or yarn");
  scaling["original_max_position_embeddings"] =
      keys.integer("rope.scaling.original_context_length", context, kContexts);
  for (const auto& [key, option] : {std::pair("rope.scaling.yarn_beta_fast", "beta_fast"),
                                    std::pair("rope.scaling.yarn_beta_slow", "beta_slow")}) {
    if (keys.has(key)) scaling[option] = keys.number(key, 0);
  }
  return scaling;
}

/// Returns the rows of the embedding, of which a vocabulary has one for each token.
std::int64_t vocabulary_of(const GgufFile& file) {
  const checkpoint::GgufTensor& embedding = file.tensor(kEmbedding);
  if (embedding.shape.size() == 2) return embedding.shape.front();
  throw core::Error(
      {.what = "tensor " + std::string(kEmbedding) + " of " + file.source() + " has another shape",
       .found = std::to_string(embedding.shape.size()) + " axes",
       .expected = "2: a row for each token of the vocabulary",
       .remedy = "fetch another file of this model"});
}

/// Returns what rotated queries and keys are multiplied by, beside their scaling's own magnitude.
double attention_factor(const ArchitectureKeys& keys) {
  constexpr const char* kFactor = "rope.scaling.attn_factor";
  constexpr double kLargest = 1e6;  // Squared it stays far within the range of a logit.
  const double factor = keys.number(kFactor, 1);
  if (!(factor > 0 && factor <= kLargest)) {
    keys.refuse(kFactor, "a number above 0, at most 1000000");
  }
  return factor;
}

/// Returns the metadata in the spelling of config.json.
nlohmann::json options_of(const GgufFile& file, const Family& family) {
  const ArchitectureKeys keys(file.metadata());
  const int context = keys.integer("context_length", kContexts);
  const int width = keys.integer("embedding_length", kWidths);
  const int heads = keys.integer("attention.head_count", kHeadCounts);
  refuse_what_is_not_followed(keys, context);
  nlohmann::json options = {
      {"model_type", family.name},
      {"num_hidden_layers", keys.integer("block_count", kLayerCounts)},
      {"hidden_size", width},
      {"intermediate_size", keys.integer("feed_forward_length", kInnerWidths)},
      {"num_attention_heads", heads},
      {"num_key_value_heads", keys.integer("attention.head_count_kv", heads, kHeadCounts)},
      {"head_dim", head_width(keys, width, heads)},
      {"max_position_embeddings", context},
      {"rms_norm_eps", keys.number("attention.layer_norm_rms_epsilon", 1e-5)},
      {"rope_theta", keys.number("rope.freq_base", 10000)},
      {"vocab_size", vocabulary_of(file)},
      {"tie_word_embeddings", !file.tensors().contains("output.weight")},
      {"bos_token_id", nullptr},
      {"eos_token_id", gguf_end_tokens(file.metadata())},
  };
  if (const nlohmann::json scaling = rotary_scaling(keys, context); !scaling.is_null()) {
    options["rope_scaling"] = scaling;
  }
  constexpr const char* kStart = "tokenizer.ggml.bos_token_id";
  if (file.metadata().contains(kStart)) {
    options["bos_token_id"] = file.metadata().integer(kStart, -1, kVocabularies.highest);
  }
  return options;
}

/// Slows each pair by the factor that the file has for it, as ggml's rotary operation does.
void divide_frequencies(const GgufFile& file, RotaryPositions& rotary) {
  if (!file.tensors().contains(kRotaryFactors)) return;
  const checkpoint::GgufTensor& tensor = file.tensor(kRotaryFactors);
  std::vector<float> factors(tensor.count());
  checkpoint::dequantize(tensor.type, tensor.bytes, factors);
  const bool usable =
      factors.size() == rotary.frequencies.size() && std::ranges::all_of(factors, [](float factor) {
        return std::isfinite(factor) && factor > 0;
      });
  if (!usable) {
    throw core::Error({.what = "tensor " + std::string(kRotaryFactors) + " of " + file.source() +
                               " cannot be used",
                       .found = std::to_string(factors.size()) + " numbers",
                       .expected = std::to_string(rotary.frequencies.size()) +
                                   " factors above 0, one for each pair of a head's numbers",
                       .remedy = "fetch another file of this model"});
  }
  for (std::size_t i = 0; i < factors.size(); ++i) rotary.frequencies[i] /= factors[i];
}

void refuse_lists_of_factors(const GgufFile& file) {
  for (const char* const list : {"rope_factors_long.weight", "rope_factors_short.weight"}) {
    if (!file.tensors().contains(list)) continue;
    throw core::Error(
        {.what = "tensor " + std::string(list) + " of " + file.source() + " is not followed",
         .found = "a scaling that changes with a text's length",
         .expected = "rotary positions that stay the same",
         .remedy = "open a model without such a scaling"});
  }
}

}  // namespace

std::vector<int> gguf_end_tokens(const GgufMetadata& metadata) {
  std::vector<int> ends;
  for (const char* const key : {"tokenizer.ggml.eos_token_id", "tokenizer.ggml.eot_token_id",
                                "tokenizer.ggml.eom_token_id"}) {
    if (!metadata.contains(key)) continue;
    const auto id = static_cast<int>(metadata.integer(key, -1, kVocabularies.highest));
    if (id >= 0 && std::ranges::find(ends, id) == ends.end()) ends.push_back(id);
  }
  return ends;
}

ModelConfig read_gguf_config(const GgufFile& file) {
  const Family& family = family_of_file(file.metadata());
  refuse_lists_of_factors(file);
  ModelConfig config = read_model_config(ConfigOptions(file.source(), options_of(file, family)));
  divide_frequencies(file, *config.rotary);
  const ArchitectureKeys keys(file.metadata());
  config.rotary->magnitude *= attention_factor(keys);
  const auto has = [&](const char* tensor) { return file.tensors().contains(tensor); };
  config.qkv_bias = config.qkv_bias || has("blk.0.attn_q.bias");
  config.attention_output_bias = has("blk.0.attn_output.bias");
  config.inner_bias = has("blk.0.ffn_down.bias");
  return config;
}

}  // namespace sketchscope::model
