#include "tests/support/tiny_model.hpp"

#include <cstring>
#include <nlohmann/json.hpp>
#include <string>

#include "engine/model/random_checkpoint.hpp"
#include "tests/support/temporary_directory.hpp"

namespace sketchscope::support {
namespace {

/// The printable stand-in of a byte in GPT-2's vocabulary files, as UTF-8.
std::string printable(int byte) {
  const auto stands_for_itself = [](int b) {
    return (b >= 33 && b <= 126) || (b >= 161 && b <= 172) || (b >= 174 && b <= 255);
  };
  int code = byte;
  if (!stands_for_itself(byte)) {
    code = 256;
    for (int lower = 0; lower < byte; ++lower) {
      code += stands_for_itself(lower) ? 0 : 1;
    }
  }
  if (code < 128) {
    return {static_cast<char>(code)};
  }
  return {static_cast<char>(0xC0 | code >> 6), static_cast<char>(0x80 | (code & 0x3F))};
}

std::string activation_name(kernels::Activation activation) {
  switch (activation) {
    case kernels::Activation::gelu:
      return "gelu";
    case kernels::Activation::gelu_new:
      return "gelu_new";
    case kernels::Activation::relu:
      return "relu";
    case kernels::Activation::silu:
      return "silu";
    case kernels::Activation::tanh:
      return "tanh";
  }
  return {};
}

nlohmann::json config_json(const model::ModelConfig& config) {
  return {{"model_type", "gpt2"},
          {"architectures", {"GPT2LMHeadModel"}},
          {"activation_function", activation_name(config.activation)},
          {"n_layer", config.layers},
          {"n_head", config.heads},
          {"n_embd", config.width},
          {"n_inner", config.inner_width},
          {"vocab_size", config.vocabulary},
          {"n_positions", config.positions},
          {"layer_norm_epsilon", config.norm_epsilon},
          {"scale_attn_weights", config.scale_attention},
          {"scale_attn_by_inverse_layer_idx", config.scale_attention_by_layer},
          {"tie_word_embeddings", config.tied_head},
          {"eos_token_id", config.ends_of_text}};
}

}  // namespace

checkpoint::Checkpoint make_tiny_checkpoint(const TinyModelOptions& options) {
  return model::random_checkpoint(options.config, options.seed);
}

std::shared_ptr<const model::Model> make_tiny_model(const TinyModelOptions& options) {
  return std::make_shared<const model::Model>(options.config, make_tiny_checkpoint(options),
                                              options.dtype);
}

void write_safetensors(const checkpoint::Checkpoint& checkpoint,
                       const std::filesystem::path& file) {
  nlohmann::json header;
  std::string data;
  for (const auto& [name, tensor] : checkpoint.tensors) {
    const std::size_t begin = data.size();
    data.append(reinterpret_cast<const char*>(tensor.bytes.data()), tensor.bytes.size());
    header[name] = {{"dtype", tensor.type_name},
                    {"shape", tensor.shape},
                    {"data_offsets", {begin, data.size()}}};
  }
  const std::string text = header.dump();
  const std::uint64_t length = text.size();
  std::string bytes(sizeof length, '\0');
  std::memcpy(bytes.data(), &length, sizeof length);
  write_bytes(file, bytes + text + data);
}

void write_tiny_tokenizer(const std::filesystem::path& directory) {
  nlohmann::json vocabulary;
  for (int byte = 0; byte < 256; ++byte) {
    vocabulary[printable(byte)] = byte;
  }
  const std::string space = printable(' ');
  vocabulary["th"] = 256;
  vocabulary["the"] = 257;
  vocabulary[space + "the"] = 258;
  vocabulary["<|endoftext|>"] = 259;
  write_bytes(directory / "vocab.json", vocabulary.dump());
  write_bytes(directory / "merges.txt", "#version: 0.2\nt h\nth e\n" + space + " the\n");
}

void write_tiny_model(const TinyModelOptions& options, const std::filesystem::path& directory) {
  write_bytes(directory / "config.json", config_json(options.config).dump(2));
  write_safetensors(make_tiny_checkpoint(options), directory / "model.safetensors");
  write_tiny_tokenizer(directory);
}

}  // namespace sketchscope::support
