#include "kernels/linear.hpp"

#include <cmath>

#include "kernels/kernel_error.hpp"
#include "kernels/number_format.hpp"
#include "tests/kernels/kernel_test.hpp"

namespace sketchscope {
namespace {

/// A layer with random weights, and the memory that they lie in.
class RandomLayer {
 public:
  RandomLayer(unsigned seed, WeightType type, int inputs, int outputs)
      : bias_(random_values(seed + 1, static_cast<std::size_t>(outputs))) {
    const auto values = random_values(seed, static_cast<std::size_t>(inputs) * outputs);
    if (type == WeightType::f32) {
      weights_ = values;
    } else {
      for (const float value : values) {
        narrow_weights_.push_back(type == WeightType::f16 ? f16_from_float(value)
                                                          : bf16_from_float(value));
      }
    }
    layer_ = {.weight = type == WeightType::f32 ? static_cast<const void*>(weights_.data())
                                                : narrow_weights_.data(),
              .type = type,
              .bias = bias_.data(),
              .inputs = inputs,
              .outputs = outputs};
  }
  RandomLayer(const RandomLayer&) = delete;
  RandomLayer& operator=(const RandomLayer&) = delete;

  [[nodiscard]] const Linear& layer() const { return layer_; }
  [[nodiscard]] Linear without_bias() const {
    Linear layer = layer_;
    layer.bias = nullptr;
    return layer;
  }

 private:
  std::vector<float> weights_;
  std::vector<std::uint16_t> narrow_weights_;
  std::vector<float> bias_;
  Linear layer_;
};

/// Σ |w·x| + |b| of every output: what rounding errors are measured against.
std::vector<float> magnitudes(const Linear& layer, std::span<const float> input, int rows) {
  std::vector<float> result;
  const auto weight_at = [&](std::size_t i) {
    switch (layer.type) {
      case WeightType::f16:
        return to_float(static_cast<const Half*>(layer.weight)[i]);
      case WeightType::bf16:
        return to_float(static_cast<const Brain*>(layer.weight)[i]);
      case WeightType::f32:
        break;
    }
    return static_cast<const float*>(layer.weight)[i];
  };
  const auto inputs = static_cast<std::size_t>(layer.inputs);
  for (std::size_t row = 0; row < static_cast<std::size_t>(rows); ++row) {
    for (std::size_t n = 0; n < static_cast<std::size_t>(layer.outputs); ++n) {
      double sum = layer.bias == nullptr ? 0.0 : std::abs(layer.bias[n]);
      for (std::size_t k = 0; k < inputs; ++k) {
        sum += std::abs(weight_at(n * inputs + k) * input[row * inputs + k]);
      }
      result.push_back(static_cast<float>(sum));
    }
  }
  return result;
}

struct Shape {
  int inputs;
  int outputs;
  int rows;
};

class LinearOnEveryImplementation : public EveryImplementation {};

TEST_P(LinearOnEveryImplementation, MatchesTheReference) {
  ThreadPool pool(2);
  constexpr Shape kShapes[] = {{0, 3, 2},     {1, 1, 1},     {3, 5, 0},   {5, 0, 2},
                               {17, 7, 1},    {16, 4, 3},    {31, 33, 4}, {768, 50, 8},
                               {3072, 9, 21}, {515, 130, 13}};
  for (const auto type : {WeightType::f32, WeightType::f16, WeightType::bf16}) {
    for (const auto& [inputs, outputs, rows] : kShapes) {
      const RandomLayer random(7, type, inputs, outputs);
      const auto input = random_values(11, static_cast<std::size_t>(rows) * inputs);
      for (const Linear& layer : {random.layer(), random.without_bias()}) {
        SCOPED_TRACE(testing::Message() << "K " << inputs << " N " << outputs << " B " << rows
                                        << " type " << static_cast<int>(type));
        const auto count = static_cast<std::size_t>(rows) * outputs;
        Guarded output(count);
        GetParam().linear(pool, layer, input, rows, output.values());
        std::vector<float> expected(count);
        reference::linear(layer, input, rows, expected);
        EXPECT_TRUE(all_close(output.values(), expected, magnitudes(layer, input, rows), 1e-6));
        EXPECT_TRUE(output.guards_intact());
      }
    }
  }
}

TEST_P(LinearOnEveryImplementation, GivesARowTheSameBitsWhateverTheOtherRowsAndTheThreads) {
  constexpr int kInputs = 517;
  constexpr int kOutputs = 131;
  constexpr int kRows = 33;
  for (const auto type : {WeightType::f32, WeightType::f16, WeightType::bf16}) {
    const RandomLayer random(3, type, kInputs, kOutputs);
    const auto input = random_values(5, static_cast<std::size_t>(kRows) * kInputs);
    std::vector<float> alone(static_cast<std::size_t>(kRows) * kOutputs);
    ThreadPool single(1);
    for (std::size_t row = 0; row < kRows; ++row) {
      GetParam().linear(single, random.layer(), std::span(input).subspan(row * kInputs, kInputs), 1,
                        std::span(alone).subspan(row * kOutputs, kOutputs));
    }
    for (int threads = 1; threads <= 4; ++threads) {
      ThreadPool pool(threads);
      for (int rows = 1; rows <= kRows; ++rows) {
        SCOPED_TRACE(testing::Message() << rows << " rows on " << threads << " threads");
        const auto count = static_cast<std::size_t>(rows) * kOutputs;
        std::vector<float> together(count);
        GetParam().linear(pool, random.layer(),
                          std::span(input).first(static_cast<std::size_t>(rows) * kInputs), rows,
                          together);
        ASSERT_TRUE(all_equal(together, std::span(alone).first(count)));
      }
    }
  }
}

TEST_P(LinearOnEveryImplementation, RefusesAnInputThatIsNotRowsTimesInputs) {
  ThreadPool pool(1);
  const RandomLayer random(1, WeightType::f32, 8, 4);
  const std::vector<float> input(15);
  std::vector<float> output(8);
  EXPECT_THROW(GetParam().linear(pool, random.layer(), input, 2, output), KernelError);
}

INSTANTIATE_TEST_SUITE_P(Implementations, LinearOnEveryImplementation,
                         testing::ValuesIn(all_implementations()), name_of_implementation);

}  // namespace
}  // namespace sketchscope
