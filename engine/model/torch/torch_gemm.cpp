#include "engine/model/torch/torch_gemm.hpp"

#include <ATen/core/Tensor.h>
#include <ATen/ops/addmm.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/mm.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <stdexcept>
#include <vector>

#include "kernels/weight_panels.hpp"

namespace sketchscope::model {
namespace {

at::ScalarType scalar_type(kernels::WeightType type) {
  switch (type) {
    case kernels::WeightType::f32:
      return at::kFloat;
    case kernels::WeightType::f16:
      return at::kHalf;
    case kernels::WeightType::bf16:
      return at::kBFloat16;
    case kernels::WeightType::int8:
      return at::kChar;
    case kernels::WeightType::q8_0:
    case kernels::WeightType::q4_0:
    case kernels::WeightType::q4_1:
      break;
  }
  throw std::invalid_argument("TorchGemm: weights in blocks");
}

/// Returns a tensor over memory that it does not own and only reads.
at::Tensor view_of(const void* data, at::IntArrayRef shape, at::ScalarType type) {
  return at::from_blob(const_cast<void*>(data), shape, at::TensorOptions().dtype(type));
}

}  // namespace

void TorchGemm::multiply(const kernels::Linear& layer, std::span<const float> input, int rows,
                         std::span<float> output) const {
  const c10::InferenceMode no_gradients;
  const std::vector<std::byte> numbers = kernels::row_major(layer);
  at::Tensor weight =
      view_of(numbers.data(), {layer.outputs, layer.inputs}, scalar_type(layer.type))
          .to(at::kFloat);
  if (layer.type == kernels::WeightType::int8)
    weight *= view_of(layer.scale, {layer.outputs, 1}, at::kFloat);
  // The input is copied because LibTorch's memory is aligned and ours need not be: the order of a
  // library's sums may depend on alignment.
  at::Tensor aligned_input = at::empty({rows, layer.inputs}, at::kFloat);
  std::ranges::copy(input, aligned_input.mutable_data_ptr<float>());
  const at::Tensor product =
      layer.bias == nullptr
          ? at::mm(aligned_input, weight.t())
          : at::addmm(view_of(layer.bias, {layer.outputs}, at::kFloat), aligned_input, weight.t());
  std::copy_n(product.const_data_ptr<float>(), output.size(), output.data());
}

}  // namespace sketchscope::model
