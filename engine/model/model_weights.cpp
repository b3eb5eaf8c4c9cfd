#include "engine/model/model_weights.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <ranges>
#include <utility>

#include "engine/checkpoint/tensor_names.hpp"
#include "engine/checkpoint/tensor_numbers.hpp"
#include "engine/core/error.hpp"
#include "engine/model/families/family.hpp"
#include "engine/model/int8_rows.hpp"
#include "engine/model/number_conversion.hpp"
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

/// Returns the name without the prefix of a model with a head.
std::string without_model(const std::string& name) {
  constexpr std::string_view kPrefix = "model.";
  return name.starts_with(kPrefix) ? name.substr(kPrefix.size()) : name;
}

/// Returns the tensor of this name, which may lack the prefix of a model with a head, or null.
const checkpoint::CheckpointTensor* find_tensor(const checkpoint::Checkpoint& checkpoint,
                                                const std::string& name) {
  auto found = checkpoint.tensors.find(name);
  if (found == checkpoint.tensors.end()) found = checkpoint.tensors.find(without_model(name));
  return found == checkpoint.tensors.end() ? nullptr : &found->second;
}

/// Takes off the name of the attribute under which another module holds the model.
checkpoint::Checkpoint unwrapped(const checkpoint::Checkpoint& checkpoint,
                                 const WeightNames& names) {
  const std::string tokens = weight_of(names.tokens);
  checkpoint::Checkpoint plain = checkpoint;
  for (const std::string& anchor : {tokens, weight_of(names.head()), without_model(tokens)}) {
    if (find_tensor(plain, tokens) != nullptr) break;
    plain = checkpoint::without_wrapper(std::move(plain), anchor);
  }
  return plain;
}

/// Whether two tensors that must have this shape hold different numbers.
bool differ(const checkpoint::CheckpointTensor& one, const checkpoint::CheckpointTensor& other,
            const TensorName& wanted) {
  if (one.type != other.type || one.shape != wanted.shape || other.shape != wanted.shape ||
      one.type == checkpoint::CheckpointTensor::Type::other) {
    return true;
  }
  std::vector<std::byte> room_of_one;
  std::vector<std::byte> room_of_other;
  const auto a = checkpoint::row_major_bytes(wanted.name, one, room_of_one);
  const auto b = checkpoint::row_major_bytes(wanted.name, other, room_of_other);
  return a.data() != b.data() && !std::ranges::equal(a, b);
}

/// Turns the names that a family gives into those of this checkpoint where the configuration ties
/// the head: the head's own name goes, unless it stands for other numbers than the embedding's, and
/// replaces the embedding's where that is not there.
void tie_head(const checkpoint::Checkpoint& checkpoint, WeightNames& names) {
  const checkpoint::CheckpointTensor* const tokens =
      find_tensor(checkpoint, weight_of(names.tokens));
  const checkpoint::CheckpointTensor* const head =
      find_tensor(checkpoint, weight_of(*names.own_head));
  if (tokens == nullptr && head != nullptr) names.tokens = *names.own_head;
  const bool differs = tokens != nullptr && head != nullptr &&
                       differ(*tokens, *head, tensors_of(names.tokens).front());
  if (!differs) names.own_head.reset();
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
  /// `whole` names the matrix whose stored type all matrices get with WeightDtype::as_stored.
  WeightLoader(const checkpoint::Checkpoint& checkpoint, checkpoint::WeightDtype dtype,
               const MatrixName& whole)
      : checkpoint_(checkpoint), type_(chosen_type(dtype, whole)) {}

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
    return filled(part.outputs(), part.inputs, write);
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

  [[nodiscard]] kernels::WeightType chosen_type(checkpoint::WeightDtype dtype,
                                                const MatrixName& whole) const {
    if (const auto chosen = weight_type(dtype)) return *chosen;
    return weight_type(find(weight_of(whole)).type);
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

  /// Makes a matrix (N, K) of the chosen type, through f32 if its rows have scales. `write(type,
  /// target)` writes the numbers in a given type, row-major, to a given address.
  template <typename Write>
  [[nodiscard]] LinearWeights filled(int outputs, int inputs, const Write& write) const {
    const std::size_t count = static_cast<std::size_t>(outputs) * static_cast<std::size_t>(inputs);
    LinearWeights weights;
    weights.type = type_;
    weights.inputs = inputs;
    weights.outputs = outputs;
    weights.weight = WeightBuffer(kernels::matrix_bytes(type_, outputs, inputs));
    if (type_ == kernels::WeightType::int8) {
      write_rounded(count, write, weights);
    } else {
      write(type_, weights.weight.data());
    }
    kernels::pack_in_place(type_, outputs, inputs, {weights.weight.data(), weights.weight.size()});
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
  kernels::WeightType type_;
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
  // The embedding decides the type, as the largest matrix of most models.
  const WeightLoader loader(stored, dtype, names.tokens);
  double parts = 0;
  for_each_part(names, [&](const auto&) { ++parts; });
  double loaded = 0;
  return map_parts(names, [&](const auto& part) {
    if (progress) progress(++loaded / (parts + 1));
    return loader.load(part);
  });
}

}  // namespace sketchscope::model
