#include "engine/model/families/llama_layout.hpp"

#include <string>

#include "engine/model/families/activation_names.hpp"
#include "engine/model/families/rope_options.hpp"

namespace sketchscope::model {
namespace {

void read_heads(const ConfigOptions& options, const LlamaDefaults& defaults, ModelConfig& config) {
  config.heads = options.integer("num_attention_heads", 32, kHeadCounts);
  // An explicit null stands for as many as query heads in every family.
  const bool listed = options.lists("num_key_value_heads");
  const int kv_heads = listed || defaults.kv_heads == 0 ? config.heads : defaults.kv_heads;
  config.kv_heads = options.integer("num_key_value_heads", kv_heads, kHeadCounts);
  if (config.heads % config.kv_heads != 0) {
    options.refuse("num_key_value_heads", config.kv_heads,
                   "a divisor of num_attention_heads = " + std::to_string(config.heads));
  }
  const bool shared_out = options.lists("head_dim") || defaults.head_width == 0;
  const int head_width = shared_out ? config.width / config.heads : defaults.head_width;
  config.head_width = options.integer("head_dim", head_width, kWidths);
  if (config.head_width < 1) {
    options.refuse("hidden_size", config.width,
                   "at least num_attention_heads = " + std::to_string(config.heads));
  }
}

MatrixName matrix_of(std::vector<StoredMatrix> stored, int inputs, bool bias) {
  return {.stored = std::move(stored), .inputs = inputs, .bias = bias};
}

BlockParts<NormName, MatrixName> name_block(const ModelConfig& config, const std::string& block) {
  const auto norm = [&](const std::string& name, int width) {
    return NormName{.name = block + name, .width = width, .kind = NormKind::rms_norm};
  };
  const int width = config.width;
  const int inner = config.inner_width;
  const std::string attention = block + "self_attn.";
  BlockParts<NormName, MatrixName> names{
      .attention_norm = norm("input_layernorm", width),
      .qkv = matrix_of({{attention + "q_proj", config.query_width()},
                        {attention + "k_proj", config.kv_width()},
                        {attention + "v_proj", config.kv_width()}},
                       width, config.qkv_bias),
      .query_norm = {},
      .key_norm = {},
      .attention_output = matrix_of({{attention + "o_proj", width}}, config.query_width(),
                                    config.attention_output_bias),
      .inner_norm = norm("post_attention_layernorm", width),
      .up_projection = matrix_of({{block + "mlp.gate_proj", inner}, {block + "mlp.up_proj", inner}},
                                 width, config.inner_bias),
      .down_projection = matrix_of({{block + "mlp.down_proj", width}}, inner, config.inner_bias)};
  if (config.head_norms) {
    names.query_norm = norm("self_attn.q_norm", config.head_width);
    names.key_norm = norm("self_attn.k_norm", config.head_width);
  }
  return names;
}

}  // namespace

ModelConfig read_llama_layout(const ConfigOptions& options, const LlamaDefaults& defaults) {
  ModelConfig config{.family = defaults.family};
  config.layers = options.integer("num_hidden_layers", 32, kLayerCounts);
  config.width = options.integer("hidden_size", 4096, kWidths);
  read_heads(options, defaults, config);
  config.inner_width = options.integer("intermediate_size", defaults.inner_width, kInnerWidths);
  config.vocabulary = options.integer("vocab_size", defaults.vocabulary, kVocabularies);
  config.positions = options.integer("max_position_embeddings", defaults.positions, kContexts);
  config.norm = NormKind::rms_norm;
  config.norm_epsilon = options.share("rms_norm_eps", 1e-6F);
  config.rotary = read_rotary(options, config, defaults.theta);
  config.activation = read_activation(options, "hidden_act", "silu");
  config.gated = true;
  config.qkv_bias = config.attention_output_bias = config.inner_bias = false;
  config.tied_head = options.boolean("tie_word_embeddings", false);
  config.start_of_text = defaults.start_of_text;
  if (defaults.end_of_text != kNoToken) config.ends_of_text = {defaults.end_of_text};
  return config;
}

WeightNames name_llama_layout(const ModelConfig& config) {
  const int width = config.width;
  WeightNames names{
      .tokens = matrix_of({{"model.embed_tokens", config.vocabulary}}, width, false),
      .positions = {},
      .blocks = {},
      .final_norm = {.name = "model.norm", .width = width, .kind = NormKind::rms_norm},
      .own_head = matrix_of({{"lm_head", config.vocabulary}}, width, false)};
  for (int layer = 0; layer < config.layers; ++layer) {
    names.blocks.push_back(name_block(config, "model.layers." + std::to_string(layer) + "."));
  }
  return names;
}

void refuse_short_window(const ConfigOptions& options, int window, const ModelConfig& config) {
  if (window == 0 || window >= config.positions) return;
  options.refuse("sliding_window", window,
                 "null, or at least max_position_embeddings = " + std::to_string(config.positions) +
                     ": attention within a window is not followed");
}

void refuse_partial_layers(const ConfigOptions& options) {
  for (const std::string& type : options.texts("layer_types")) {
    if (type != "full_attention") options.refuse("layer_types", type, "full_attention everywhere");
  }
}

void refuse_windowed_layers(const ConfigOptions& options, const ModelConfig& config) {
  refuse_partial_layers(options);
  if (options.has("layer_types") || !options.boolean("use_sliding_window", false)) return;
  const int first = options.integer("max_window_layers", 28, {0, kLayerCounts.highest});
  if (first >= config.layers) return;
  const int absent = options.lists("sliding_window") ? 0 : 4096;
  refuse_short_window(options, options.integer("sliding_window", absent, kWindows), config);
}

}  // namespace sketchscope::model
