#include "engine/model/model_weights.hpp"

#include <algorithm>
#include <utility>

#include "engine/core/error.hpp"
#include "engine/model/int8_rows.hpp"
#include "engine/model/number_conversion.hpp"

namespace sketchscope {
namespace {

using Shape = std::vector<std::int64_t>;

std::string text_of(const Shape& shape) {
  std::string text = "(";
  for (std::size_t i = 0; i < shape.size(); ++i) {
    text += (i == 0 ? "" : ", ") + std::to_string(shape[i]);
  }
  return text + ")";
}

/// Copies tensors out of a checkpoint by name and expected shape.
class WeightLoader {
 public:
  WeightLoader(const Checkpoint& checkpoint, WeightDtype dtype)
      : checkpoint_(checkpoint), type_(chosen_type(dtype)) {}

  /// A tensor (N, K) that already lies as the kernels want it.
  [[nodiscard]] LinearWeights embedding(const std::string& name, int outputs, int inputs) const {
    const MatrixBytes source = matrix(name, {outputs, inputs});
    return filled(outputs, inputs,
                  [&](WeightType type, std::byte* target) { copy_matrix(source, type, target); });
  }

  /// A Conv1D of Hugging Face's GPT-2: weight (K, N) and bias (N).
  [[nodiscard]] LinearWeights conv1d(const std::string& name, int outputs, int inputs) const {
    const MatrixBytes source = matrix(name + ".weight", {inputs, outputs});
    LinearWeights weights = filled(outputs, inputs, [&](WeightType type, std::byte* target) {
      transpose_matrix(source, type, target);
    });
    weights.bias = numbers(name + ".bias", {outputs});
    return weights;
  }

  [[nodiscard]] LayerNormWeights layer_norm(const std::string& name, int width) const {
    return {numbers(name + ".weight", {width}), numbers(name + ".bias", {width})};
  }

  /// A tensor of any rank in f32.
  [[nodiscard]] std::vector<float> numbers(const std::string& name, const Shape& shape) const {
    const MatrixBytes source = matrix(name, shape);
    std::vector<float> values(source.rows * source.columns);
    copy_matrix(source, WeightType::f32, reinterpret_cast<std::byte*>(values.data()));
    return values;
  }

  /// Whether both tensors are there and hold different numbers.
  [[nodiscard]] bool differ(const std::string& one, const std::string& other) const {
    const auto a = checkpoint_.tensors.find(one);
    const auto b = checkpoint_.tensors.find(other);
    if (a == checkpoint_.tensors.end() || b == checkpoint_.tensors.end()) {
      return false;
    }
    const bool shared = a->second.bytes.data() == b->second.bytes.data();
    return !shared && !std::ranges::equal(a->second.bytes, b->second.bytes);
  }

 private:
  [[nodiscard]] WeightType chosen_type(WeightDtype dtype) const {
    switch (dtype) {
      case WeightDtype::f32:
        return WeightType::f32;
      case WeightDtype::f16:
        return WeightType::f16;
      case WeightDtype::bf16:
        return WeightType::bf16;
      case WeightDtype::int8:
        return WeightType::int8;
      case WeightDtype::as_stored:
        break;
    }
    // The largest matrix stands for the others should a checkpoint mix types.
    return weight_type(find("wte.weight").type);
  }

  [[nodiscard]] const CheckpointTensor& find(const std::string& name) const {
    const auto found = checkpoint_.tensors.find(name);
    if (found == checkpoint_.tensors.end()) {
      throw Error({.what = checkpoint_.source + " lacks the tensor " + name,
                   .expected = "every weight of the GPT-2 that config.json describes",
                   .remedy = "fetch the weights and config.json of one model"});
    }
    if (found->second.type == CheckpointTensor::Type::other) {
      throw Error({.what = "tensor " + name + " of " + checkpoint_.source + " cannot be used",
                   .found = "type " + found->second.type_name,
                   .expected = "F32, F16 or BF16",
                   .remedy = "save the model in one of these types"});
    }
    return found->second;
  }

  [[nodiscard]] MatrixBytes matrix(const std::string& name, const Shape& shape) const {
    const CheckpointTensor& tensor = find(name);
    if (tensor.shape != shape) {
      throw Error({.what = "tensor " + name + " of " + checkpoint_.source + " has another shape",
                   .found = text_of(tensor.shape),
                   .expected = text_of(shape) + " by config.json",
                   .remedy = "fetch the weights and config.json of one model"});
    }
    const MatrixBytes source = {
        .bytes = tensor.bytes,
        .type = weight_type(tensor.type),
        .rows = static_cast<std::size_t>(shape.front()),
        .columns = shape.size() > 1 ? static_cast<std::size_t>(shape[1]) : 1};
    if (source.bytes.size() != source.rows * source.columns * element_bytes(source.type)) {
      throw Error({.what = "tensor " + name + " of " + checkpoint_.source + " is cut short",
                   .found = std::to_string(source.bytes.size()) + " bytes",
                   .remedy = "fetch the file again"});
    }
    return source;
  }

  /// A matrix (N, K) of the chosen type, by way of f32 where its rows are scaled. `write` puts its
  /// numbers in a type of the caller's at a place of the caller's.
  template <typename Write>
  [[nodiscard]] LinearWeights filled(int outputs, int inputs, const Write& write) const {
    const auto rows = static_cast<std::size_t>(outputs);
    const std::size_t count = rows * static_cast<std::size_t>(inputs);
    LinearWeights weights;
    weights.type = type_;
    weights.inputs = inputs;
    weights.outputs = outputs;
    weights.weight = WeightBuffer(count * element_bytes(type_));
    if (type_ != WeightType::int8) {
      write(type_, weights.weight.data());
      return weights;
    }
    std::vector<float> numbers(count);
    write(WeightType::f32, std::as_writable_bytes(std::span(numbers)).data());
    weights.scale.resize(rows);
    quantise_rows(numbers,
                  {.weights = {reinterpret_cast<std::int8_t*>(weights.weight.data()), count},
                   .scale = weights.scale});
    return weights;
  }

  const Checkpoint& checkpoint_;
  WeightType type_;
};

LayerWeights load_layer(const WeightLoader& loader, const ModelConfig& config, int layer) {
  const std::string name = "h." + std::to_string(layer) + ".";
  const int width = config.width;
  const int inner = config.inner_width;
  return {.attention_norm = loader.layer_norm(name + "ln_1", width),
          .qkv = loader.conv1d(name + "attn.c_attn", 3 * width, width),
          .attention_output = loader.conv1d(name + "attn.c_proj", width, width),
          .inner_norm = loader.layer_norm(name + "ln_2", width),
          .expand = loader.conv1d(name + "mlp.c_fc", inner, width),
          .contract = loader.conv1d(name + "mlp.c_proj", width, inner)};
}

std::size_t bytes_of(const LayerNormWeights& norm) {
  return (norm.scale.size() + norm.shift.size()) * sizeof(float);
}

}  // namespace

Linear LinearWeights::view() const {
  return {.weight = weight.data(),
          .type = type,
          .scale = scale.empty() ? nullptr : scale.data(),
          .bias = bias.empty() ? nullptr : bias.data(),
          .inputs = inputs,
          .outputs = outputs};
}

std::size_t LinearWeights::bytes() const {
  return weight.size() + (scale.size() + bias.size()) * sizeof(float);
}

void LinearWeights::read_row(int index, std::span<float> row) const {
  const auto n = static_cast<std::size_t>(index);
  const std::size_t row_bytes = static_cast<std::size_t>(inputs) * element_bytes(type);
  const std::byte* const start = weight.data() + n * row_bytes;
  if (type == WeightType::int8) {
    const std::span stored(reinterpret_cast<const std::int8_t*>(start), row_bytes);
    std::ranges::transform(stored, row.begin(), [factor = scale[n]](std::int8_t number) {
      return factor * static_cast<float>(number);
    });
    return;
  }
  const MatrixBytes source = {.bytes = {start, row_bytes},
                              .type = type,
                              .rows = 1,
                              .columns = static_cast<std::size_t>(inputs)};
  copy_matrix(source, WeightType::f32, std::as_writable_bytes(row).data());
}

std::size_t ModelWeights::bytes() const {
  std::size_t sum = tokens.bytes() + positions.size() * sizeof(float) + bytes_of(final_norm) +
                    (own_head ? own_head->bytes() : 0);
  for (const LayerWeights& layer : layers) {
    sum += bytes_of(layer.attention_norm) + layer.qkv.bytes() + layer.attention_output.bytes() +
           bytes_of(layer.inner_norm) + layer.expand.bytes() + layer.contract.bytes();
  }
  return sum;
}

ModelWeights load_weights(const ModelConfig& config, const Checkpoint& checkpoint,
                          WeightDtype dtype, const ProgressSink& progress) {
  const WeightLoader loader(checkpoint, dtype);
  // The embeddings weigh about as much as a layer or two.
  const auto report = [&](int layers) {
    if (progress) progress((layers + 1.0) / (config.layers + 1));
  };
  ModelWeights weights;
  weights.tokens = loader.embedding("wte.weight", config.vocabulary, config.width);
  weights.positions = loader.numbers("wpe.weight", {config.positions, config.width});
  for (int layer = 0; layer < config.layers; ++layer) {
    report(layer);
    weights.layers.push_back(load_layer(loader, config, layer));
  }
  weights.final_norm = loader.layer_norm("ln_f", config.width);
  if (!config.tied_head || loader.differ("lm_head.weight", "wte.weight")) {
    weights.own_head = loader.embedding("lm_head.weight", config.vocabulary, config.width);
  }
  return weights;
}

}  // namespace sketchscope
