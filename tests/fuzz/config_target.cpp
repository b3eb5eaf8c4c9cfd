#include <cmath>
#include <nlohmann/json.hpp>

#include "engine/core/files.hpp"
#include "engine/model/families/config_options.hpp"
#include "engine/model/families/family.hpp"
#include "engine/model/weight_names.hpp"
#include "tests/fuzz/check.hpp"
#include "tests/fuzz/targets.hpp"

namespace sketchscope::fuzz {
namespace {

constexpr int kMostNamedLayers = 8;

void check_config(const model::ModelConfig& config) {
  require(config.layers > 0 && config.heads > 0 && config.kv_heads > 0 && config.head_width > 0 &&
              config.width > 0 && config.inner_width > 0 && config.vocabulary > 0 &&
              config.positions > 0,
          "a model without a size");
  require(config.heads % config.kv_heads == 0, "heads that share no whole number of key heads");
  require(std::isfinite(config.attention_scale(config.layers - 1)) && config.norm_epsilon > 0,
          "a scale that is no number");
  require(config.rotary_width() >= 0 && config.rotary_width() <= config.head_width,
          "more numbers are rotated than a head has");
  if (config.rotary) {
    for (const double frequency : config.rotary->frequencies) {
      require(std::isfinite(frequency) && frequency >= 0, "a frequency that is no number");
    }
  }
  if (config.layers > kMostNamedLayers) return;
  for (const auto& tensor : model::tensors_of(model::weight_names(config))) {
    for (const std::int64_t size : tensor.shape) {
      require(size > 0, "weight " + tensor.name + " has no numbers");
    }
  }
}

bool run_config(std::string_view input) {
  const auto json = accepted([&] { return core::parse_json_object(input, "config.json"); });
  if (!json) return false;
  const model::ConfigOptions options("config.json", *json);
  const auto named = accepted([&] { return model::read_model_config(options); });
  if (named) check_config(*named);
  for (const model::Family& family : model::families()) {
    if (const auto config = accepted([&] { return family.read_config(options); })) {
      check_config(*config);
    }
  }
  return named.has_value();
}

std::vector<std::string> config_seeds() {
  const std::string shape =
      R"("hidden_size":24,"intermediate_size":27,"num_hidden_layers":2,"num_attention_heads":6,)"
      R"("num_key_value_heads":2,"vocab_size":61,"max_position_embeddings":64)";
  const std::string yarn =
      R"("rope_scaling":{"rope_type":"yarn","factor":4.0,"beta_fast":16,"beta_slow":2,)"
      R"("mscale":0.7,"mscale_all_dim":0.5,"original_max_position_embeddings":16})";
  const std::string llama3 =
      R"("rope_scaling":{"type":"llama3","factor":8.0,"low_freq_factor":1.0,)"
      R"("high_freq_factor":4.0,"original_max_position_embeddings":32},"rope_theta":5e5)";
  const std::string newer =
      R"("rope_parameters":{"rope_type":"linear","rope_theta":1e4,"factor":2.0})";
  return {
      R"({"model_type":"gpt2","n_layer":2,"n_head":2,"n_embd":16,"vocab_size":260,)"
      R"("n_positions":64,"activation_function":"gelu_new","eos_token_id":[259],)"
      R"("scale_attn_by_inverse_layer_idx":true,"layer_norm_epsilon":1e-5})",
      R"({"model_type":"llama","attention_bias":true,"eos_token_id":2,)" + shape + "}",
      R"({"model_type":"llama",)" + yarn + "," + shape + "}",
      R"({"model_type":"llama",)" + llama3 + "," + shape + "}",
      R"({"model_type":"mistral","sliding_window":128,"head_dim":8,)" + newer + "," + shape + "}",
      R"({"model_type":"qwen2","use_sliding_window":false,"tie_word_embeddings":true,)" + shape +
          "}",
      R"({"model_type":"qwen3","head_dim":6,"rms_norm_eps":1e-6,"hidden_act":"silu",)" + shape +
          "}"};
}

}  // namespace

Target config_target() {
  return {"config", "config.json of every family of models", run_config, config_seeds};
}

}  // namespace sketchscope::fuzz
