#include "kernels/layers.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "kernels/kernel_error.hpp"
#include "tests/kernels/kernel_test.hpp"
#include "tests/kernels/linear_properties.hpp"
#include "tests/kernels/random_layer.hpp"
#include "tests/kernels/reference/reference.hpp"

namespace sketchscope::kernels {
namespace {

/// How far an output may be from the reference: a millionth of Σ |w·x| + |b| for sums in floats;
/// int8 weights also meet inputs that are off by half a step of 1/32767 of their row's largest.
std::vector<float> tolerances(const RandomLayer& random, const Linear& layer,
                              std::span<const float> input, int rows) {
  constexpr double kSumError = 1e-6;
  const double input_error = layer.type == WeightType::int8 ? 0.5001 / 32767.0 : 0.0;
  const std::vector<float>& weights = random.numbers();
  const auto inputs = static_cast<std::size_t>(layer.inputs);
  std::vector<float> result;
  for (std::size_t row = 0; row < static_cast<std::size_t>(rows); ++row) {
    const auto x = input.subspan(row * inputs, inputs);
    double largest = 0.0;
    for (const float number : x) largest = std::max<double>(largest, std::abs(number));
    for (std::size_t n = 0; n < static_cast<std::size_t>(layer.outputs); ++n) {
      double products = layer.bias == nullptr ? 0.0 : std::abs(layer.bias[n]);
      double magnitude = 0.0;
      for (std::size_t k = 0; k < inputs; ++k) {
        products += std::abs(static_cast<double>(weights[n * inputs + k]) * x[k]);
        magnitude += std::abs(weights[n * inputs + k]);
      }
      result.push_back(
          static_cast<float>(kSumError * products + input_error * largest * magnitude));
    }
  }
  return result;
}

struct LinearShape {
  int inputs;
  int outputs;
  int rows;
};

class LinearOnEveryImplementation : public EveryImplementation {};

TEST_P(LinearOnEveryImplementation, MatchesTheReference) {
  ThreadPool pool(2);
  constexpr LinearShape kShapes[] = {{0, 3, 2},     {1, 1, 1},     {3, 5, 0},   {5, 0, 2},
                                     {17, 7, 1},    {16, 4, 3},    {31, 33, 4}, {768, 50, 8},
                                     {3072, 9, 21}, {515, 130, 13}};
  for (const auto type : kRowTypes) {
    for (const auto& [inputs, outputs, rows] : kShapes) {
      const RandomLayer random(7, type, inputs, outputs);
      const auto input = random_values(11, static_cast<std::size_t>(rows) * inputs);
      for (const Linear& layer : {random.layer(), random.without_bias()}) {
        SCOPED_TRACE(::testing::Message() << "K " << inputs << " N " << outputs << " B " << rows
                                          << " type " << static_cast<int>(type));
        const auto count = static_cast<std::size_t>(rows) * outputs;
        Guarded output(count);
        GetParam().linear(pool, layer, input, rows, output.values());
        std::vector<float> expected(count);
        reference::linear(layer, input, rows, expected);
        EXPECT_TRUE(
            all_close(output.values(), expected, tolerances(random, layer, input, rows), 1.0));
        EXPECT_TRUE(output.guards_intact());
      }
    }
  }
}

TEST_P(LinearOnEveryImplementation, GivesARowTheSameBitsWhateverTheOtherRowsAndTheThreads) {
  constexpr int kInputs = 517;
  constexpr int kOutputs = 131;
  constexpr int kRows = 33;
  for (const auto type : kRowTypes) {
    const RandomLayer random(3, type, kInputs, kOutputs);
    const auto input = random_values(5, static_cast<std::size_t>(kRows) * kInputs);
    std::vector<float> alone(static_cast<std::size_t>(kRows) * kOutputs);
    ThreadPool single(1);
    for (std::size_t row = 0; row < kRows; ++row) {
      GetParam().linear(single, random.layer(), std::span(input).subspan(row * kInputs, kInputs), 1,
                        std::span(alone).subspan(row * kOutputs, kOutputs));
    }
    // A GPU knows no threads of the pool, and works on rows in tiles of powers of two.
    const bool on_gpu = GetParam().name == "cuda";
    for (int threads = 1; threads <= (on_gpu ? 1 : 4); ++threads) {
      ThreadPool pool(threads);
      for (int rows = 1; rows <= kRows; ++rows) {
        if (on_gpu && !std::has_single_bit(static_cast<unsigned>(rows)) && rows != kRows) continue;
        SCOPED_TRACE(::testing::Message() << rows << " rows on " << threads << " threads");
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

TEST_P(LinearOnEveryImplementation, GivesARowTheSameBitsAmongMoreRowsThanTheCacheHolds) {
  constexpr int kInputs = 3077;
  constexpr int kOutputs = 6;
  constexpr int kRows = 150;
  ThreadPool pool(2);
  for (const auto type : kRowTypes) {
    const RandomLayer random(8, type, kInputs, kOutputs);
    const auto input = random_values(6, std::size_t{kRows} * kInputs);
    Guarded together(std::size_t{kRows} * kOutputs);
    GetParam().linear(pool, random.layer(), input, kRows, together.values());
    EXPECT_TRUE(together.guards_intact());
    for (std::size_t row = 0; row < kRows; row += 7) {
      std::vector<float> alone(kOutputs);
      GetParam().linear(pool, random.layer(), std::span(input).subspan(row * kInputs, kInputs), 1,
                        alone);
      ASSERT_TRUE(all_equal(together.values().subspan(row * kOutputs, kOutputs), alone))
          << "row " << row;
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

TEST_P(LinearOnEveryImplementation, RefusesInt8WeightsWithoutScales) {
  ThreadPool pool(1);
  const RandomLayer random(1, WeightType::int8, 8, 4);
  Linear layer = random.layer();
  layer.scale = nullptr;
  const std::vector<float> input(8);
  std::vector<float> output(4);
  EXPECT_THROW(GetParam().linear(pool, layer, input, 1, output), KernelError);
}

TEST_P(LinearOnEveryImplementation, SumsTheLargestInt8WeightsOverAnyLengthWithoutOverflow) {
  ThreadPool pool(2);
  constexpr int kInputs = 20011;
  const std::vector<std::int8_t> weights(kInputs, -127);
  const float scale = 0.5F;
  const Linear layer{.weight = weights.data(),
                     .type = WeightType::int8,
                     .scale = &scale,
                     .inputs = kInputs,
                     .outputs = 1};
  const std::vector<float> input(kInputs, 3.0F);
  float output = 0.0F;
  GetParam().linear(pool, layer, input, 1, {&output, 1});
  EXPECT_NEAR(output, -127.0 * 0.5 * 3.0 * kInputs, 1.0);
}

TEST_P(LinearOnEveryImplementation, KeepsARowThatIsNotFiniteFromTheOthers) {
  for (const auto type : kRowTypes) {
    expect_a_bad_row_to_harm_no_other(GetParam(), RandomLayer(9, type, 70, 5).layer());
  }
}

TEST_P(LinearOnEveryImplementation, GivesTheBiasForARowOfZeros) {
  for (const auto type : kRowTypes) {
    expect_the_bias_for_zeros(GetParam(), RandomLayer(2, type, 40, 7).layer());
  }
}

INSTANTIATE_TEST_SUITE_P(Implementations, LinearOnEveryImplementation,
                         ::testing::ValuesIn(all_implementations()), name_of_implementation);

}  // namespace
}  // namespace sketchscope::kernels
