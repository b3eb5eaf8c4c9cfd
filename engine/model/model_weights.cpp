#include "engine/model/model_weights.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <ranges>
#include <utility>

#include "engine/checkpoint/tensor_numbers.hpp"
#include "engine/core/error.hpp"
#include "engine/model/families/family.hpp"
#include "engine/model/int8_rows.hpp"
#include "engine/model/number_conversion.hpp"
#include "engine/model/tensor_lookup.hpp"
#include "kernels/weight_panels.hpp"

namespace sketchscope::model {
namespace {

using Shape = std::vector<std::int64_t>;

std::string text_of(const Shape& shape) {
  std::string text = "(";
  for (std::size_t i = 0; i < shape.size(); ++i) {
    text += (i == 0 ? "" : ", ") + std::to_string(shape[i]);
  }
  return text + ")";
}

/// The rows of one tensor in blocks.
struct BlockRows {
  const checkpoint::StoredBlocks* stored = nullptr;
  std::size_t count = 0;
};

/// Puts the rows of one tensor after the other into panels.
LinearWeights in_panels(std::span<const BlockRows> tensors, int outputs, int inputs) {
  LinearWeights weights;
  weights.type = weight_type(tensors.front().stored->type);
  weights.inputs = inputs;
  weights.outputs = outputs;
  const std::size_t size = kernels::panel_bytes(weights.type, inputs);
  weights.weight = WeightBuffer(kernels::matrix_bytes(weights.type, outputs, inputs));
  std::vector<const std::byte*> rows;
  for (const auto& [stored, count] : tensors) {
    for (std::size_t row = 0; row < count; ++row) rows.push_back(stored->row(row, count).data());
  }
  const std::span<std::byte> panels(weights.weight.data(), weights.weight.size());
  for (std::size_t first = 0; first < rows.size(); first += kernels::kPanelOutputs) {
    const std::size_t count = std::min<std::size_t>(kernels::kPanelOutputs, rows.size() - first);
    kernels::pack_panel(weights.type, inputs, std::span(rows).subspan(first, count),
                        panels.subspan(first / kernels::kPanelOutputs * size, size));
  }
  return weights;
}

/// Copies the parts of a decoder from a checkpoint.
class WeightLoader {
 public:
  WeightLoader(const checkpoint::Checkpoint& checkpoint, checkpoint::WeightDtype dtype)
      : checkpoint_(checkpoint), chosen_(weight_type(dtype)) {}

  [[nodiscard]] LinearWeights load(const MatrixName& part) const {
    LinearWeights weights = matrix_of(part);
    if (part.bias) weights.bias = biases(part);
    return weights;
  }

  [[nodiscard]] NormWeights load(const NormName& part) const {
    const std::vector<TensorName> tensors = tensors_of(part);
    NormWeights weights{.scale = numbers(tensors.front()), .bias = {}, .kind = part.kind};
    if (tensors.size() > 1) weights.bias = numbers(tensors.back());
    return weights;
  }

  [[nodiscard]] std::vector<float> load(const TableName& part) const {
    return numbers(tensors_of(part).front());
  }

 private:
  [[nodiscard]] LinearWeights matrix_of(const MatrixName& part) const {
    if (const auto blocks = blocks_of(part); !blocks.empty()) {
      return in_panels(blocks, part.outputs(), part.inputs);
    }
    const auto write = [&](kernels::WeightType type, std::byte* target) {
      for (const TensorName& tensor : tensors_of(part)) {
        if (tensor.shape.size() > 1) target = write_matrix(tensor, part.transposed, type, target);
      }
    };
    return filled(part, write);
  }

  /// Returns the rows of all tensors of a matrix whose blocks are used as stored and of one type;
  /// nothing for another matrix, or where a number is not finite, which is then found among the
  /// numbers.
  [[nodiscard]] std::vector<BlockRows> blocks_of(const MatrixName& part) const {
    std::vector<BlockRows> all;
    for (const TensorName& tensor : tensors_of(part)) {
      if (tensor.shape.size() < 2) continue;
      const checkpoint::CheckpointTensor& stored = find(tensor.name);
      const bool usable = stored.blocks && !part.transposed && stored.shape == tensor.shape &&
                          (all.empty() || all.front().stored->type == stored.blocks->type) &&
                          have_finite_scales(stored.blocks->type, stored.blocks->bytes);
      if (!usable) return {};
      all.push_back({&*stored.blocks, static_cast<std::size_t>(tensor.shape.front())});
    }
    return all;
  }

  /// Returns the chosen type, else the narrowest one that holds the numbers of all tensors of a
  /// matrix as they are stored.
  [[nodiscard]] kernels::WeightType type_of(const MatrixName& part) const {
    if (chosen_) return *chosen_;
    const kernels::WeightType type = weight_type(find(weight_of(part)).type);
    for (const TensorName& tensor : tensors_of(part)) {
      const bool is_matrix = tensor.shape.size() > 1;
      if (is_matrix && weight_type(find(tensor.name).type) != type) return kernels::WeightType::f32;
    }
    return type;
  }

  [[nodiscard]] const checkpoint::CheckpointTensor& find(const std::string& name) const {
    const checkpoint::CheckpointTensor* const found = find_tensor(checkpoint_, name);
    if (found == nullptr) {
      throw core::Error({.what = checkpoint_.source + " lacks the tensor " + name,
                         .expected = "every weight of the model that config.json describes",
                         .remedy = "fetch the weights and config.json of one model"});
    }
    if (found->type == checkpoint::CheckpointTensor::Type::other) {
      throw core::Error({.what = "tensor " + name + " of " + checkpoint_.source + " cannot be used",
                         .found = "type " + found->type_name,
                         .expected = "F32, F16 or BF16",
                         .remedy = "save the model in one of these types"});
    }
    return *found;
  }

  /// Writes one stored matrix, transposed or not, and returns the address behind it.
  std::byte* write_matrix(const TensorName& tensor, bool transposed, kernels::WeightType type,
                          std::byte* target) const {
    std::vector<std::byte> room;
    const MatrixBytes source = matrix(tensor, room);
    if (transposed) {
      transpose_matrix(source, type, target);
    } else {
      copy_matrix(source, type, target);
    }
    const std::size_t bytes = source.rows * source.columns * kernels::element_bytes(type);
    if (type == kernels::WeightType::f16 && source.type != kernels::WeightType::f16) {
      require_within_f16(tensor, source, {target, bytes});
    }
    return target + bytes;
  }

  /// Refuses a number that became infinite in f16.
  void require_within_f16(const TensorName& name, const MatrixBytes& source,
                          std::span<const std::byte> written) const {
    if (!checkpoint::first_not_finite(checkpoint::CheckpointTensor::Type::f16, written)) return;
    std::vector<float> values(source.rows * source.columns);
    copy_matrix(source, kernels::WeightType::f32, std::as_writable_bytes(std::span(values)).data());
    const auto largest = std::ranges::max_element(values, {}, [](float x) { return std::abs(x); });
    const auto place = static_cast<std::size_t>(largest - values.begin());
    throw core::Error({.what = "tensor " + name.name + " of " + checkpoint_.source +
                               " does not fit the type f16 at (" +
                               std::to_string(place / source.columns) + ", " +
                               std::to_string(place % source.columns) + ")",
                       .found = std::to_string(*largest),
                       .expected = "-65504 to 65504",
                       .remedy = "give --dtype bf16 or f32"});
  }

  [[nodiscard]] std::vector<float> biases(const MatrixName& part) const {
    std::vector<float> all;
    for (const TensorName& tensor : tensors_of(part)) {
      if (tensor.shape.size() > 1) continue;
      const std::vector<float> some = numbers(tensor);
      all.insert(all.end(), some.begin(), some.end());
    }
    return all;
  }

  /// Returns a tensor of any rank in f32.
  [[nodiscard]] std::vector<float> numbers(const TensorName& name) const {
    std::vector<std::byte> room;
    const MatrixBytes source = matrix(name, room);
    std::vector<float> values(source.rows * source.columns);
    copy_matrix(source, kernels::WeightType::f32, reinterpret_cast<std::byte*>(values.data()));
    return values;
  }

  /// Returns the finite numbers of a tensor; `room` holds them if they are stored in another order.
  [[nodiscard]] MatrixBytes matrix(const TensorName& wanted, std::vector<std::byte>& room) const {
    const auto& [name, shape] = wanted;
    const checkpoint::CheckpointTensor& tensor = find(name);
    if (tensor.shape != shape) {
      const bool transposed = std::ranges::equal(tensor.shape, shape | std::views::reverse);
      throw core::Error(
          {.what = "tensor " + name + " of " + checkpoint_.source + " has another shape",
           .found = text_of(tensor.shape),
           .expected = text_of(shape) + " by config.json",
           .remedy = transposed ? "save its transpose: the model's own code stores this "
                                  "matrix in the other order than Hugging Face's"
                                : "fetch the weights and config.json of one model"});
    }
    const std::span<const std::byte> bytes =
        checkpoint::row_major_bytes(name + " of " + checkpoint_.source, tensor, room);
    checkpoint::require_finite(name, tensor, bytes, checkpoint_.source);
    return {.bytes = bytes,
            .type = weight_type(tensor.type),
            .rows = static_cast<std::size_t>(shape.front()),
            .columns = shape.size() > 1 ? static_cast<std::size_t>(shape[1]) : 1};
  }

  /// Makes a matrix (N, K) of its type, through f32 if its rows have scales. `write(type, target)`
  /// writes the numbers in a given type, row-major, to a given address.
  template <typename Write>
  [[nodiscard]] LinearWeights filled(const MatrixName& part, const Write& write) const {
    LinearWeights weights;
    weights.type = type_of(part);
    weights.inputs = part.inputs;
    weights.outputs = part.outputs();
    const auto count =
        static_cast<std::size_t>(weights.outputs) * static_cast<std::size_t>(weights.inputs);
    weights.weight =
        WeightBuffer(kernels::matrix_bytes(weights.type, weights.outputs, weights.inputs));
    if (weights.type == kernels::WeightType::int8) {
      write_rounded(count, write, weights);
    } else {
      write(weights.type, weights.weight.data());
    }
    kernels::pack_in_place(weights.type, weights.outputs, weights.inputs,
                           {weights.weight.data(), weights.weight.size()});
    return weights;
  }

  /// Writes the numbers in f32, then their rows in 8 bits.
  template <typename Write>
  static void write_rounded(std::size_t count, const Write& write, LinearWeights& weights) {
    std::vector<float> numbers(count);
    write(kernels::WeightType::f32, std::as_writable_bytes(std::span(numbers)).data());
    weights.scale.resize(static_cast<std::size_t>(weights.outputs));
    quantise_rows(numbers,
                  {.weights = {reinterpret_cast<std::int8_t*>(weights.weight.data()), count},
                   .scale = weights.scale});
  }

  const checkpoint::Checkpoint& checkpoint_;
  std::optional<kernels::WeightType> chosen_;  // for all matrices; empty: as they are stored
};

}  // namespace

kernels::Linear LinearWeights::view() const {
  return {.weight = weight.data(),
          .type = type,
          .scale = scale.empty() ? nullptr : scale.data(),
          .bias = bias.empty() ? nullptr : bias.data(),
          .inputs = inputs,
          .outputs = outputs};
}

DecoderView view_of(const ModelWeights& weights) {
  struct View {
    kernels::Linear operator()(const LinearWeights& part) const { return part.view(); }
    NormView operator()(const NormWeights& part) const {
      return {.scale = part.scale.data(),
              .bias = part.bias.data(),
              .width = static_cast<int>(part.scale.size()),
              .kind = part.kind};
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

kernels::WeightType main_type(const ModelWeights& weights) {
  struct Count {
    void operator()(const LinearWeights& part) {
      const auto count = static_cast<std::int64_t>(part.inputs) * part.outputs;
      numbers[static_cast<std::size_t>(part.type)] += count;
    }
    void operator()(const NormWeights&) {}
    void operator()(const std::vector<float>&) {}
    std::array<std::int64_t, core::enum_names<kernels::WeightType>.size()> numbers = {};
  };
  Count count;
  for_each_part(weights, count);
  const auto most = std::ranges::max_element(count.numbers) - count.numbers.begin();
  return static_cast<kernels::WeightType>(most);
}

ModelWeights load_weights(const ModelConfig& config, const checkpoint::Checkpoint& checkpoint,
                          checkpoint::WeightDtype dtype, const core::ProgressSink& progress) {
  WeightNames names = family_of(config.family).name_weights(config);
  const checkpoint::Checkpoint stored = unwrapped(checkpoint, names);
  if (config.tied_head) tie_head(stored, names);
  const WeightLoader loader(stored, dtype);
  double parts = 0;
  for_each_part(names, [&](const auto&) { ++parts; });
  double loaded = 0;
  return map_parts(names, [&](const auto& part) {
    if (progress) progress(++loaded / (parts + 1));
    return loader.load(part);
  });
}

}  // namespace sketchscope::model
