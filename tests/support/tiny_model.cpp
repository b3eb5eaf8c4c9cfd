#include "tests/support/tiny_model.hpp"

#include <cmath>
#include <cstring>
#include <nlohmann/json.hpp>
#include <numeric>
#include <string>
#include <vector>

#include "engine/core/random.hpp"
#include "tests/support/temporary_directory.hpp"

namespace sketchscope::testing {
namespace {

/// Fills a checkpoint with named tensors of uniform numbers around a mean.
class TensorFactory {
 public:
  explicit TensorFactory(std::uint64_t seed) : random_(seed) {}

  void add(const std::string& name, std::vector<std::int64_t> shape, float mean, float spread) {
    const auto count = std::accumulate(shape.begin(), shape.end(), std::int64_t{1},
                                       [](auto a, auto b) { return a * b; });
    auto values = std::make_shared<std::vector<float>>(static_cast<std::size_t>(count));
    for (float& value : *values) {
      value = mean + spread * static_cast<float>(2.0 * random_.uniform() - 1.0);
    }
    checkpoint_.tensors[name] = {CheckpointTensor::Type::f32, "F32", std::move(shape),
                                 std::as_bytes(std::span<const float>(*values))};
    checkpoint_.owners.push_back(std::move(values));
  }

  Checkpoint take() && {
    checkpoint_.source = "random weights";
    return std::move(checkpoint_);
  }

 private:
  SplitMix64 random_;
  Checkpoint checkpoint_;
};

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

std::string activation_name(Activation activation) {
  switch (activation) {
    case Activation::gelu:
      return "gelu";
    case Activation::gelu_new:
      return "gelu_new";
    case Activation::relu:
      return "relu";
    case Activation::silu:
      return "silu";
    case Activation::tanh:
      return "tanh";
  }
  return {};
}

nlohmann::json config_json(const Gpt2Config& config) {
  return {{"model_type", "gpt2"},
          {"architectures", {"GPT2LMHeadModel"}},
          {"activation_function", activation_name(config.activation)},
          {"n_layer", config.layers},
          {"n_head", config.heads},
          {"n_embd", config.width},
          {"n_inner", config.inner_width},
          {"vocab_size", config.vocabulary},
          {"n_positions", config.positions},
          {"layer_norm_epsilon", config.layer_norm_epsilon},
          {"scale_attn_weights", config.scale_attention},
          {"scale_attn_by_inverse_layer_idx", config.scale_attention_by_layer},
          {"tie_word_embeddings", config.tied_head},
          {"eos_token_id", config.end_of_text}};
}

}  // namespace

Checkpoint make_tiny_checkpoint(const TinyModelOptions& options) {
  const Gpt2Config& config = options.config;
  const std::int64_t width = config.width;
  const std::int64_t inner = config.inner_width;
  const float spread = 2.0F / std::sqrt(static_cast<float>(width));
  TensorFactory factory(options.seed);
  const auto add_norm = [&](const std::string& name) {
    factory.add(name + ".weight", {width}, 1.0F, 0.2F);
    factory.add(name + ".bias", {width}, 0.0F, 0.1F);
  };
  const auto add_linear = [&](const std::string& name, std::int64_t in, std::int64_t out) {
    factory.add(name + ".weight", {in, out}, 0.0F, spread);
    factory.add(name + ".bias", {out}, 0.0F, 0.1F);
  };

  factory.add("wte.weight", {config.vocabulary, width}, 0.0F, 1.0F);
  factory.add("wpe.weight", {config.positions, width}, 0.0F, 0.5F);
  for (int layer = 0; layer < config.layers; ++layer) {
    const std::string prefix = "h." + std::to_string(layer) + ".";
    add_norm(prefix + "ln_1");
    add_linear(prefix + "attn.c_attn", width, 3 * width);
    add_linear(prefix + "attn.c_proj", width, width);
    add_norm(prefix + "ln_2");
    add_linear(prefix + "mlp.c_fc", width, inner);
    add_linear(prefix + "mlp.c_proj", inner, width);
  }
  add_norm("ln_f");
  if (!config.tied_head) {
    factory.add("lm_head.weight", {config.vocabulary, width}, 0.0F, spread);
  }
  return std::move(factory).take();
}

std::shared_ptr<const Gpt2> make_tiny_model(const TinyModelOptions& options) {
  return std::make_shared<const Gpt2>(options.config, make_tiny_checkpoint(options), options.dtype,
                                      nullptr);
}

void write_safetensors(const Checkpoint& checkpoint, const std::filesystem::path& file) {
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

}  // namespace sketchscope::testing
