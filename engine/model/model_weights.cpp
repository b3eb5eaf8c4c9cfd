#include "engine/model/model_weights.hpp"

#include <algorithm>
#include <cmath>
#include <ranges>
#include <utility>

#include "engine/checkpoint/tensor_names.hpp"
#include "engine/checkpoint/tensor_numbers.hpp"
#include "engine/core/error.hpp"
#include "engine/model/families/family.hpp"
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

/// Copies the parts of a decoder from a checkpoint.
class WeightLoader {
 public:
  /// `whole` names the matrix whose stored type all matrices get with WeightDtype::as_stored.
  WeightLoader(const Checkpoint& checkpoint, WeightDtype dtype, const MatrixName& whole)
      : checkpoint_(checkpoint), type_(chosen_type(dtype, whole)) {}

  [[nodiscard]] LinearWeights load(const MatrixName& part) const {
    const std::vector<TensorName> tensors = tensors_of(part);
    std::vector<std::byte> room;
    const MatrixBytes source = matrix(tensors.front(), room);
    const auto write = [&](WeightType type, std::byte* target) {
      if (part.transposed) {
        transpose_matrix(source, type, target);
      } else {
        copy_matrix(source, type, target);
      }
    };
    LinearWeights weights = filled(part.outputs, part.inputs, write);
    if (type_ == WeightType::f16 && source.type != WeightType::f16) {
      require_within_f16(tensors.front(), source, weights);
    }
    if (part.bias) weights.bias = numbers(tensors.back());
    return weights;
  }

  [[nodiscard]] NormWeights load(const NormName& part) const {
    const std::vector<TensorName> tensors = tensors_of(part);
    return {.scale = numbers(tensors.front()), .bias = numbers(tensors.back())};
  }

  [[nodiscard]] std::vector<float> load(const TableName& part) const {
    return numbers(tensors_of(part).front());
  }

  /// Returns whether both tensors exist and hold different numbers.
  [[nodiscard]] bool differ(const TensorName& one, const TensorName& other) const {
    const auto a = checkpoint_.tensors.find(one.name);
    const auto b = checkpoint_.tensors.find(other.name);
    if (a == checkpoint_.tensors.end() || b == checkpoint_.tensors.end()) return false;
    if (a->second.type != b->second.type || a->second.shape != one.shape ||
        b->second.shape != other.shape || a->second.type == CheckpointTensor::Type::other) {
      return true;
    }
    std::vector<std::byte> room_a;
    std::vector<std::byte> room_b;
    return !std::ranges::equal(row_major_bytes(one.name, a->second, room_a),
                               row_major_bytes(other.name, b->second, room_b));
  }

 private:
  [[nodiscard]] WeightType chosen_type(WeightDtype dtype, const MatrixName& whole) const {
    if (const auto chosen = weight_type(dtype)) return *chosen;
    return weight_type(find(weight_of(whole.name)).type);
  }

  [[nodiscard]] const CheckpointTensor& find(const std::string& name) const {
    const auto found = checkpoint_.tensors.find(name);
    if (found == checkpoint_.tensors.end()) {
      throw Error({.what = checkpoint_.source + " lacks the tensor " + name,
                   .expected = "every weight of the model that config.json describes",
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

  /// Returns a tensor of any rank in f32.
  [[nodiscard]] std::vector<float> numbers(const TensorName& name) const {
    std::vector<std::byte> room;
    const MatrixBytes source = matrix(name, room);
    std::vector<float> values(source.rows * source.columns);
    copy_matrix(source, WeightType::f32, reinterpret_cast<std::byte*>(values.data()));
    return values;
  }

  /// Returns the finite numbers of a tensor; `room` holds them if they are stored in another order.
  [[nodiscard]] MatrixBytes matrix(const TensorName& wanted, std::vector<std::byte>& room) const {
    const auto& [name, shape] = wanted;
    const CheckpointTensor& tensor = find(name);
    if (tensor.shape != shape) {
      const bool transposed = std::ranges::equal(tensor.shape, shape | std::views::reverse);
      throw Error({.what = "tensor " + name + " of " + checkpoint_.source + " has another shape",
                   .found = text_of(tensor.shape),
                   .expected = text_of(shape) + " by config.json",
                   .remedy = transposed ? "save its transpose: the model's own code stores this "
                                          "matrix in the other order than Hugging Face's"
                                        : "fetch the weights and config.json of one model"});
    }
    const std::span<const std::byte> bytes =
        row_major_bytes(name + " of " + checkpoint_.source, tensor, room);
    require_finite(name, tensor, bytes, checkpoint_.source);
    return {.bytes = bytes,
            .type = weight_type(tensor.type),
            .rows = static_cast<std::size_t>(shape.front()),
            .columns = shape.size() > 1 ? static_cast<std::size_t>(shape[1]) : 1};
  }

  /// Refuses a number that became infinite in f16.
  void require_within_f16(const TensorName& name, const MatrixBytes& source,
                          const LinearWeights& weights) const {
    const std::span written(weights.weight.data(), weights.weight.size());
    if (!first_not_finite(CheckpointTensor::Type::f16, written)) return;
    std::vector<float> values(source.rows * source.columns);
    copy_matrix(source, WeightType::f32, std::as_writable_bytes(std::span(values)).data());
    const auto largest = std::ranges::max_element(values, {}, [](float x) { return std::abs(x); });
    const auto place = static_cast<std::size_t>(largest - values.begin());
    throw Error({.what = "tensor " + name.name + " of " + checkpoint_.source +
                         " does not fit the type f16 at (" +
                         std::to_string(place / source.columns) + ", " +
                         std::to_string(place % source.columns) + ")",
                 .found = std::to_string(*largest),
                 .expected = "-65504 to 65504",
                 .remedy = "give --dtype bf16 or f32"});
  }

  /// Makes a matrix (N, K) of the chosen type, through f32 if its rows have scales. `write(type,
  /// target)` writes the numbers in a given type to a given address.
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

/// Takes off the name of the attribute under which another module holds the model.
Checkpoint unwrapped(const Checkpoint& checkpoint, const WeightNames& names) {
  const std::string tokens = weight_of(names.tokens.name);
  Checkpoint plain = without_wrapper(checkpoint, tokens);
  if (plain.tensors.contains(tokens)) return plain;
  return without_wrapper(std::move(plain), weight_of(names.head().name));
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

DecoderView view_of(const ModelWeights& weights) {
  struct View {
    Linear operator()(const LinearWeights& part) const { return part.view(); }
    NormView operator()(const NormWeights& part) const {
      return {part.scale.data(), part.bias.data(), static_cast<int>(part.scale.size())};
    }
    const float* operator()(const std::vector<float>& part) const { return part.data(); }
  };
  return map_parts(weights, View{});
}

std::size_t bytes_of(const ModelWeights& weights) {
  struct Sum {
    void operator()(const LinearWeights& part) {
      bytes += part.weight.size() + (part.scale.size() + part.bias.size()) * sizeof(float);
    }
    void operator()(const NormWeights& part) {
      bytes += (part.scale.size() + part.bias.size()) * sizeof(float);
    }
    void operator()(const std::vector<float>& part) { bytes += part.size() * sizeof(float); }
    std::size_t bytes = 0;
  };
  Sum sum;
  for_each_part(weights, sum);
  return sum.bytes;
}

void read_weight_row(const Linear& matrix, int index, std::span<float> row) {
  const auto n = static_cast<std::size_t>(index);
  const std::size_t row_bytes =
      static_cast<std::size_t>(matrix.inputs) * element_bytes(matrix.type);
  const std::byte* const start = static_cast<const std::byte*>(matrix.weight) + n * row_bytes;
  if (matrix.type == WeightType::int8) {
    const std::span stored(reinterpret_cast<const std::int8_t*>(start), row_bytes);
    std::ranges::transform(stored, row.begin(), [factor = matrix.scale[n]](std::int8_t number) {
      return factor * static_cast<float>(number);
    });
    return;
  }
  const MatrixBytes source = {.bytes = {start, row_bytes},
                              .type = matrix.type,
                              .rows = 1,
                              .columns = static_cast<std::size_t>(matrix.inputs)};
  copy_matrix(source, WeightType::f32, std::as_writable_bytes(row).data());
}

ModelWeights load_weights(const ModelConfig& config, const Checkpoint& checkpoint,
                          WeightDtype dtype, const ProgressSink& progress) {
  WeightNames names = family_of(config.family).name_weights(config);
  const Checkpoint stored = unwrapped(checkpoint, names);
  const auto stores = [&](const MatrixName& part) {
    return stored.tensors.contains(weight_of(part.name));
  };
  if (config.tied_head && !stores(names.tokens) && stores(names.head())) {
    names.tokens = names.head();  // of two names of one matrix, some programs keep this one
  }
  // The embedding decides the type, as the largest matrix of most models.
  const WeightLoader loader(stored, dtype, names.tokens);
  const bool head_is_the_embedding =
      config.tied_head &&
      !loader.differ(tensors_of(names.head()).front(), tensors_of(names.tokens).front());
  if (head_is_the_embedding) names.own_head.reset();
  double parts = 0;
  for_each_part(names, [&](const auto&) { ++parts; });
  double loaded = 0;
  return map_parts(names, [&](const auto& part) {
    if (progress) progress(++loaded / (parts + 1));
    return loader.load(part);
  });
}

}  // namespace sketchscope
