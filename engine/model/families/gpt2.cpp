// GPT-2 as Hugging Face's transformers store it (modeling_gpt2.py, configuration_gpt2.py): linear
// layers are Conv1D, whose weight lies transposed.
#include <array>
#include <string_view>
#include <utility>

#include "engine/model/families/config_options.hpp"
#include "engine/model/families/family.hpp"

namespace sketchscope {
namespace {

/// Hugging Face's names of activation functions; names of one function, up to rounding, share a
/// value.
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

constexpr int kEndOfText = 50256;  // the default of eos_token_id

Activation read_activation(const ConfigOptions& options) {
  const std::string name = options.text("activation_function", "gelu_new");
  std::string known;
  for (const auto& [known_name, activation] : kActivations) {
    if (known_name == name) return activation;
    known += (known.empty() ? "" : ", ") + std::string(known_name);
  }
  options.refuse("activation_function", name, "one of " + known);
}

ModelConfig read_gpt2_config(const ConfigOptions& options) {
  if (options.boolean("add_cross_attention", false)) {
    options.refuse("add_cross_attention", true, "false: there is no encoder to attend to");
  }
  ModelConfig config{.family = ModelFamily::gpt2};
  config.layers = options.integer("n_layer", config.layers, kLayerCounts);
  config.heads = options.integer("n_head", config.heads, kHeadCounts);
  config.width = options.integer("n_embd", config.width, kWidths);
  config.inner_width = options.integer("n_inner", 4 * config.width, kInnerWidths);
  config.vocabulary = options.integer("vocab_size", config.vocabulary, kVocabularies);
  config.positions = options.integer("n_positions", config.positions, kContexts);
  config.norm_epsilon = options.share("layer_norm_epsilon", config.norm_epsilon);
  config.activation = read_activation(options);
  config.scale_attention = options.boolean("scale_attn_weights", config.scale_attention);
  config.scale_attention_by_layer =
      options.boolean("scale_attn_by_inverse_layer_idx", config.scale_attention_by_layer);
  config.tied_head = options.boolean("tie_word_embeddings", config.tied_head);
  config.end_of_text = options.token("eos_token_id", kEndOfText);
  if (config.width % config.heads != 0) {
    options.refuse("n_embd", config.width,
                   "a multiple of n_head = " + std::to_string(config.heads));
  }
  config.kv_heads = config.heads;
  config.head_width = config.width / config.heads;
  if (config.end_of_text >= config.vocabulary) {
    config.end_of_text = kNoToken;  // the model can never produce this id
  }
  return config;
}

MatrixName conv1d(const std::string& name, int outputs, int inputs) {
  return {.name = name, .outputs = outputs, .inputs = inputs, .transposed = true, .bias = true};
}

WeightNames name_gpt2_weights(const ModelConfig& config) {
  const int width = config.width;
  const int qkv = config.qkv_width();
  WeightNames names{
      .tokens = {.name = "wte", .outputs = config.vocabulary, .inputs = width},
      .positions = {.name = "wpe", .rows = config.positions, .width = width},
      .final_norm = {"ln_f", width},
      .own_head = MatrixName{.name = "lm_head", .outputs = config.vocabulary, .inputs = width}};
  for (int layer = 0; layer < config.layers; ++layer) {
    const std::string block = "h." + std::to_string(layer) + ".";
    names.blocks.push_back(
        {.attention_norm = {block + "ln_1", width},
         .qkv = conv1d(block + "attn.c_attn", qkv, width),
         .attention_output = conv1d(block + "attn.c_proj", width, config.query_width()),
         .inner_norm = {block + "ln_2", width},
         .up_projection = conv1d(block + "mlp.c_fc", config.inner_width, width),
         .down_projection = conv1d(block + "mlp.c_proj", width, config.inner_width)});
  }
  return names;
}

}  // namespace

Family gpt2_family() {
  return {.id = ModelFamily::gpt2,
          .name = "gpt2",
          .read_config = read_gpt2_config,
          .name_weights = name_gpt2_weights};
}

}  // namespace sketchscope
