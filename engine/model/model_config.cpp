#include "engine/model/model_config.hpp"

#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "engine/core/error.hpp"
#include "engine/core/json_file.hpp"

namespace sketchscope {
namespace {

/// Hugging Face's names; those that compute the same function up to rounding share an entry here.
constexpr std::array<std::pair<std::string_view, Activation>, 11> kActivations = {{
    {"gelu", Activation::gelu},
    {"gelu_python", Activation::gelu},
    {"gelu_new", Activation::gelu_new},
    {"gelu_fast", Activation::gelu_new},
    {"gelu_accurate", Activation::gelu_new},
    {"gelu_pytorch_tanh", Activation::gelu_new},
    {"gelu_python_tanh", Activation::gelu_new},
    {"relu", Activation::relu},
    {"silu", Activation::silu},
    {"swish", Activation::silu},
    {"tanh", Activation::tanh},
}};

struct Range {
  std::int64_t lowest;
  std::int64_t highest;
};
// Far above every published GPT-2, and low enough that no product of two overflows.
constexpr Range kLayers = {1, 4096};
constexpr Range kHeads = {1, 65536};
constexpr Range kWidth = {1, 65536};
constexpr Range kInnerWidth = {1, 1 << 20};
constexpr Range kVocabulary = {1, 1 << 24};
constexpr Range kPositions = {1, 1 << 24};

constexpr int kNoId = -1;
constexpr int kGpt2EndOfText = 50256;  // the default of eos_token_id

std::string text_of(Range range) {
  return "a whole number from " + std::to_string(range.lowest) + " to " +
         std::to_string(range.highest);
}

/// Typed access to the options of one config.json; an absent or null option gives the default.
class ConfigOptions {
 public:
  explicit ConfigOptions(const std::filesystem::path& file)
      : file_(file.string()), json_(read_json_object(file)) {}

  [[nodiscard]] int integer(const std::string& option, int fallback, Range range) const {
    const nlohmann::json* value = find(option);
    if (value == nullptr) {
      return fallback;
    }
    const bool fits = value->is_number_integer() && in_range(*value, range);
    if (!fits) {
      refuse(option, *value, text_of(range));
    }
    return value->get<int>();
  }

  [[nodiscard]] float positive(const std::string& option, float fallback) const {
    const nlohmann::json* value = find(option);
    if (value == nullptr) {
      return fallback;
    }
    if (!value->is_number() || !(value->get<double>() > 0.0) || value->get<double>() > 1.0) {
      refuse(option, *value, "a number above 0, at most 1");
    }
    return value->get<float>();
  }

  [[nodiscard]] bool boolean(const std::string& option, bool fallback) const {
    const nlohmann::json* value = find(option);
    if (value == nullptr) {
      return fallback;
    }
    if (!value->is_boolean()) {
      refuse(option, *value, "true or false");
    }
    return value->get<bool>();
  }

  [[nodiscard]] std::string text(const std::string& option, const std::string& fallback) const {
    const nlohmann::json* value = find(option);
    if (value == nullptr) {
      return fallback;
    }
    if (!value->is_string()) {
      refuse(option, *value, "a text");
    }
    return value->get<std::string>();
  }

  /// null for none; some configurations list several ids, of which the first is GPT-2's own.
  [[nodiscard]] int first_id(const std::string& option, int fallback) const {
    const auto found = json_.find(option);
    if (found == json_.end()) {
      return fallback;
    }
    const nlohmann::json& value = found->is_array() && !found->empty() ? found->front() : *found;
    if (value.is_null()) {
      return kNoId;
    }
    if (!value.is_number_integer() || !in_range(value, {kNoId, kVocabulary.highest})) {
      refuse(option, value, "the id of a token");
    }
    return value.get<int>();
  }

  [[noreturn]] void refuse(const std::string& option, const nlohmann::json& value,
                           const std::string& expected) const {
    throw Error({.what = "option " + option + " of " + file_ + " is not supported",
                 .found = brief(value),
                 .expected = expected,
                 .remedy = "open a GPT-2 model whose configuration fits"});
  }

 private:
  static bool in_range(const nlohmann::json& value, Range range) {
    // An unsigned value above the signed range would turn negative in the conversion.
    if (value.is_number_unsigned() &&
        value.get<std::uint64_t>() > static_cast<std::uint64_t>(range.highest)) {
      return false;
    }
    const auto number = value.get<std::int64_t>();
    return number >= range.lowest && number <= range.highest;
  }

  [[nodiscard]] const nlohmann::json* find(const std::string& option) const {
    const auto found = json_.find(option);
    return found == json_.end() || found->is_null() ? nullptr : &*found;
  }

  std::string file_;
  nlohmann::json json_;
};

Activation read_activation(const ConfigOptions& options) {
  const std::string name = options.text("activation_function", "gelu_new");
  std::string known;
  for (const auto& [known_name, activation] : kActivations) {
    if (known_name == name) {
      return activation;
    }
    known += (known.empty() ? "" : ", ") + std::string(known_name);
  }
  options.refuse("activation_function", name, "one of " + known);
}

void refuse_other_architectures(const ConfigOptions& options) {
  const std::string type = options.text("model_type", "gpt2");
  if (type != "gpt2") {
    options.refuse("model_type", type, "gpt2");
  }
  if (options.boolean("add_cross_attention", false)) {
    options.refuse("add_cross_attention", true, "false: there is no encoder to attend to");
  }
}

}  // namespace

float ModelConfig::attention_scale(int layer) const {
  const float by_width = scale_attention ? 1.0F / std::sqrt(static_cast<float>(head_width)) : 1.0F;
  return scale_attention_by_layer ? by_width / static_cast<float>(layer + 1) : by_width;
}

ModelConfig read_gpt2_config(const std::filesystem::path& directory) {
  const ConfigOptions options(directory / "config.json");
  refuse_other_architectures(options);
  ModelConfig config;
  config.layers = options.integer("n_layer", config.layers, kLayers);
  config.heads = options.integer("n_head", config.heads, kHeads);
  config.width = options.integer("n_embd", config.width, kWidth);
  config.inner_width = options.integer("n_inner", 4 * config.width, kInnerWidth);
  config.vocabulary = options.integer("vocab_size", config.vocabulary, kVocabulary);
  config.positions = options.integer("n_positions", config.positions, kPositions);
  config.layer_norm_epsilon = options.positive("layer_norm_epsilon", config.layer_norm_epsilon);
  config.activation = read_activation(options);
  config.scale_attention = options.boolean("scale_attn_weights", config.scale_attention);
  config.scale_attention_by_layer =
      options.boolean("scale_attn_by_inverse_layer_idx", config.scale_attention_by_layer);
  config.tied_head = options.boolean("tie_word_embeddings", config.tied_head);
  config.end_of_text = options.first_id("eos_token_id", kGpt2EndOfText);
  if (config.width % config.heads != 0) {
    options.refuse("n_embd", config.width,
                   "a multiple of n_head = " + std::to_string(config.heads));
  }
  config.kv_heads = config.heads;
  config.head_width = config.width / config.heads;
  if (config.end_of_text >= config.vocabulary) {
    config.end_of_text = kNoId;  // an id that the model can never produce
  }
  return config;
}

}  // namespace sketchscope
