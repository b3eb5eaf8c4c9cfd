#include "engine/model/tensor_lookup.hpp"

#include <algorithm>
#include <cstddef>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/checkpoint/tensor_names.hpp"
#include "engine/checkpoint/tensor_numbers.hpp"
#include "engine/model/number_conversion.hpp"
#include "kernels/weight_panels.hpp"

namespace sketchscope::model {
namespace {

/// Returns the name without the prefix of a model with a head.
std::string without_model(const std::string& name) {
  constexpr std::string_view kPrefix = "model.";
  return name.starts_with(kPrefix) ? name.substr(kPrefix.size()) : name;
}

/// Returns a tensor's numbers as `type` has them.
std::vector<std::byte> rounded(std::span<const std::byte> numbers, kernels::WeightType from,
                               kernels::WeightType type) {
  const std::size_t count = numbers.size() / kernels::element_bytes(from);
  std::vector<std::byte> all(count * kernels::element_bytes(type));
  copy_matrix({.bytes = numbers, .type = from, .rows = 1, .columns = count}, type, all.data());
  return all;
}

/// Whether two tensors that must have this shape hold different numbers. A copy that was saved in
/// a wider type holds the same, where rounding it says so.
bool differ(const checkpoint::CheckpointTensor& one, const checkpoint::CheckpointTensor& other,
            const TensorName& wanted) {
  constexpr auto kOther = checkpoint::CheckpointTensor::Type::other;
  if (one.shape != wanted.shape || other.shape != wanted.shape || one.type == kOther ||
      other.type == kOther) {
    return true;
  }
  std::vector<std::byte> room_of_one;
  std::vector<std::byte> room_of_other;
  const auto a = checkpoint::row_major_bytes(wanted.name, one, room_of_one);
  const auto b = checkpoint::row_major_bytes(wanted.name, other, room_of_other);
  if (one.type == other.type) return a.data() != b.data() && !std::ranges::equal(a, b);
  const kernels::WeightType type = weight_type(one.type);
  const kernels::WeightType other_type = weight_type(other.type);
  constexpr auto kWide = kernels::WeightType::f32;
  const kernels::WeightType common = type == kWide         ? other_type
                                     : other_type == kWide ? type
                                                           : kWide;
  return rounded(a, type, common) != rounded(b, other_type, common);
}

}  // namespace

const checkpoint::CheckpointTensor* find_tensor(const checkpoint::Checkpoint& checkpoint,
                                                const std::string& name) {
  auto found = checkpoint.tensors.find(name);
  if (found == checkpoint.tensors.end()) found = checkpoint.tensors.find(without_model(name));
  return found == checkpoint.tensors.end() ? nullptr : &found->second;
}

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

}  // namespace sketchscope::model
