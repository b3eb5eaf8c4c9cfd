// GPT-2 as Hugging Face's transformers store it (modeling_gpt2.py, configuration_gpt2.py): linear
// layers are Conv1D, whose weight lies transposed.
#include <string>

#include "engine/model/families/activation_names.hpp"
#include "engine/model/families/config_options.hpp"
#include "engine/model/families/family.hpp"

namespace sketchscope::model {
namespace {

constexpr int kEndOfText = 50256;  // the default of eos_token_id and bos_token_id

/// Returns the name under which an option of the shape stands: the one that all families share,
/// which counts where both are there, or GPT-2's own.
std::string spelled(const ConfigOptions& options, const char* shared, const char* own) {
  return options.has(shared) ? shared : own;
}

ModelConfig read_gpt2_config(const ConfigOptions& options) {
  if (options.boolean("add_cross_attention", false)) {
    options.refuse("add_cross_attention", true, "false: there is no encoder to attend to");
  }
  ModelConfig config{.family = ModelFamily::gpt2};
  const std::string layers = spelled(options, "num_hidden_layers", "n_layer");
  const std::string heads = spelled(options, "num_attention_heads", "n_head");
  const std::string width = spelled(options, "hidden_size", "n_embd");
  const std::string positions = spelled(options, "max_position_embeddings", "n_positions");
  config.layers = options.integer(layers, config.layers, kLayerCounts);
  config.heads = options.integer(heads, config.heads, kHeadCounts);
  config.width = options.integer(width, config.width, kWidths);
  config.inner_width = options.integer("n_inner", 4 * config.width, kInnerWidths);
  config.vocabulary = options.integer("vocab_size", config.vocabulary, kVocabularies);
  config.positions = options.integer(positions, config.positions, kContexts);
  config.norm_epsilon = options.share("layer_norm_epsilon", config.norm_epsilon);
  config.activation = read_activation(options, "activation_function", "gelu_new");
  config.scale_attention = options.boolean("scale_attn_weights", config.scale_attention);
  config.scale_attention_by_layer =
      options.boolean("scale_attn_by_inverse_layer_idx", config.scale_attention_by_layer);
  config.tied_head = options.boolean("tie_word_embeddings", config.tied_head);
  config.start_of_text = kEndOfText;
  config.ends_of_text = {kEndOfText};
  if (config.width % config.heads != 0) {
    options.refuse(width, config.width,
                   "a multiple of " + heads + " = " + std::to_string(config.heads));
  }
  config.kv_heads = config.heads;
  config.head_width = config.width / config.heads;
  return config;
}

MatrixName conv1d(const std::string& name, int outputs, int inputs) {
  return {.stored = {{name, outputs}}, .inputs = inputs, .transposed = true, .bias = true};
}

WeightNames name_gpt2_weights(const ModelConfig& config) {
  const int width = config.width;
  const int qkv = config.qkv_width();
  WeightNames names{
      .tokens = {.stored = {{"wte", config.vocabulary}}, .inputs = width},
      .positions = TableName{.name = "wpe", .rows = config.positions, .width = width},
      .blocks = {},
      .final_norm = {"ln_f", width},
      .own_head = MatrixName{.stored = {{"lm_head", config.vocabulary}}, .inputs = width}};
  for (int layer = 0; layer < config.layers; ++layer) {
    const std::string block = "h." + std::to_string(layer) + ".";
    names.blocks.push_back(
        {.attention_norm = {block + "ln_1", width},
         .qkv = conv1d(block + "attn.c_attn", qkv, width),
         .query_norm = {},
         .key_norm = {},
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

}  // namespace sketchscope::model
