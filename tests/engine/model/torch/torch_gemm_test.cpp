#include "engine/model/torch/torch_gemm.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "engine/core/random.hpp"
#include "kernels/number_format.hpp"
#include "tests/kernels/packed_layer.hpp"
#include "tests/kernels/reference/reference.hpp"

namespace sketchscope::model {
namespace {

struct Shape {
  int rows;
  int inputs;
  int outputs;
};

/// A random layer with its numbers in all types, and an input.
class RandomLayer {
 public:
  RandomLayer(std::uint64_t seed, Shape shape) : shape_(shape), random_(seed) {
    const auto [rows, inputs, outputs] = shape;
    fill(f32_, static_cast<std::size_t>(inputs) * static_cast<std::size_t>(outputs));
    fill(bias_, static_cast<std::size_t>(outputs));
    fill(input, static_cast<std::size_t>(inputs) * static_cast<std::size_t>(rows));
    for (const float value : f32_) {
      f16_.push_back(kernels::f16_from_float(value));
      bf16_.push_back(kernels::bf16_from_float(value));
      int8_.push_back(static_cast<std::int8_t>(std::lround(127.0F * value)));
    }
    for (int n = 0; n < outputs; ++n) scale_.push_back(static_cast<float>(n + 1) / 1000.0F);
  }

  [[nodiscard]] kernels::Linear as(kernels::WeightType type, bool with_bias) const {
    const void* const weight =
        type == kernels::WeightType::f32    ? static_cast<const void*>(f32_.data())
        : type == kernels::WeightType::f16  ? static_cast<const void*>(f16_.data())
        : type == kernels::WeightType::bf16 ? static_cast<const void*>(bf16_.data())
                                            : static_cast<const void*>(int8_.data());
    return {.weight = weight,
            .type = type,
            .scale = type == kernels::WeightType::int8 ? scale_.data() : nullptr,
            .bias = with_bias ? bias_.data() : nullptr,
            .inputs = shape_.inputs,
            .outputs = shape_.outputs};
  }

  [[nodiscard]] std::size_t output_size() const {
    return static_cast<std::size_t>(shape_.rows) * static_cast<std::size_t>(shape_.outputs);
  }

  std::vector<float> input;

 private:
  void fill(std::vector<float>& values, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      values.push_back(static_cast<float>(2.0 * random_.uniform() - 1.0));
    }
  }

  Shape shape_;
  core::SplitMix64 random_;
  std::vector<float> f32_;
  std::vector<float> bias_;
  std::vector<std::uint16_t> f16_;
  std::vector<std::uint16_t> bf16_;
  std::vector<std::int8_t> int8_;
  std::vector<float> scale_;
};

TEST(TorchGemm, AgreesWithTheReferenceInEveryWeightType) {
  for (const Shape shape :
       {Shape{1, 1, 1}, Shape{2, 7, 3}, Shape{5, 48, 144}, Shape{33, 130, 17}}) {
    const RandomLayer layer(7, shape);
    for (const kernels::WeightType type : {kernels::WeightType::f32, kernels::WeightType::f16,
                                           kernels::WeightType::bf16, kernels::WeightType::int8}) {
      for (const bool with_bias : {false, true}) {
        std::vector<float> expected(layer.output_size());
        std::vector<float> actual(layer.output_size());
        kernels::reference::linear(layer.as(type, with_bias), layer.input, shape.rows, expected);
        const kernels::PackedLayer packed(layer.as(type, with_bias));
        TorchGemm().multiply(packed.layer(), layer.input, shape.rows, actual);
        for (std::size_t i = 0; i < expected.size(); ++i) {
          ASSERT_NEAR(actual[i], expected[i], 1e-5 * (1 + shape.inputs)) << "at " << i;
        }
      }
    }
  }
}

TEST(TorchGemm, GivesTheSameBitsWhereverTheInputLies) {
  const Shape shape = {65, 192, 576};
  const RandomLayer layer(11, shape);
  std::vector<float> expected(layer.output_size());
  const kernels::PackedLayer packed(layer.as(kernels::WeightType::f32, true));
  TorchGemm().multiply(packed.layer(), layer.input, shape.rows, expected);
  for (std::size_t shift = 1; shift < 16; ++shift) {
    std::vector<float> memory(shift);
    memory.insert(memory.end(), layer.input.begin(), layer.input.end());
    std::vector<float> actual(layer.output_size());
    TorchGemm().multiply(packed.layer(), std::span(memory).subspan(shift), shape.rows, actual);
    ASSERT_EQ(actual, expected) << "shifted by " << shift;
  }
}

}  // namespace
}  // namespace sketchscope::model
