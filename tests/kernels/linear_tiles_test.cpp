// The tiles of a GPU's linear layers: whatever a tile takes beside it, a row has the bits of a warp
// that sums it alone.
#include <cmath>
#include <cstring>

#include "kernels/cuda/launch.hpp"
#include "kernels/number_format.hpp"
#include "tests/kernels/device_operations.hpp"
#include "tests/kernels/kernel_test.hpp"
#include "tests/kernels/random_blocks.hpp"
#include "tests/kernels/random_layer.hpp"

namespace sketchscope::kernels {
namespace {

std::vector<Implementation> on_a_gpu() {
  std::vector<Implementation> sets = all_implementations();
  std::erase_if(sets, [](const Implementation& set) { return set.name != "cuda"; });
  return sets;
}

template <class T>
T element(const Linear& layer, std::size_t index) {
  T value;
  std::memcpy(&value, static_cast<const std::byte*>(layer.weight) + index * sizeof(T), sizeof(T));
  return value;
}

/// Weight `index` of the row-major layer, without the scale of its row.
float weight_number(const Linear& layer, std::size_t index) {
  switch (layer.type) {
    case WeightType::f16:
      return to_float(element<Half>(layer, index));
    case WeightType::bf16:
      return to_float(element<Bfloat16>(layer, index));
    case WeightType::int8:
      return element<std::int8_t>(layer, index);
    default:
      return element<float>(layer, index);
  }
}

/// One output as a warp sums it: 32 sums of every 32nd product, then theirs, halves upon halves.
float summed_by_a_warp(const Linear& layer, std::size_t output, std::span<const float> input) {
  float sums[32] = {};
  for (std::size_t k = 0; k < input.size(); ++k) {
    const float weight = weight_number(layer, output * input.size() + k);
    sums[k % 32] = std::fma(weight, input[k], sums[k % 32]);
  }
  for (int half = 16; half > 0; half /= 2) {
    for (int thread = 0; thread < half; ++thread) sums[thread] += sums[thread + half];
  }
  const volatile float scaled = layer.scale == nullptr ? sums[0] : sums[0] * layer.scale[output];
  return layer.bias == nullptr ? scaled : scaled + layer.bias[output];
}

class LinearTiles : public ::testing::TestWithParam<Implementation> {};

TEST(TilesOfLinearLayers, TakeAsManyOutputsAsLeaveWorkToEveryWarp) {
  EXPECT_EQ(cuda::outputs_per_tile(50257, 7), 1) << "rows that do not fill a tile";
  EXPECT_EQ(cuda::outputs_per_tile(131, 144), 1);
  EXPECT_EQ(cuda::outputs_per_tile(768, 144), 4);
  EXPECT_EQ(cuda::outputs_per_tile(3072, 144), 8);
  EXPECT_EQ(cuda::outputs_per_tile(768, 512), 8);
}

/// Expects the bits of `numbers`, which holds the same weights in floats or codes as `layer`.
void expect_the_bits_of_a_warp(const Linear& layer, const Linear& numbers) {
  constexpr std::size_t kMostRows = 144;
  const auto inputs = static_cast<std::size_t>(layer.inputs);
  const auto outputs = static_cast<std::size_t>(layer.outputs);
  const auto input = random_values(5, kMostRows * inputs);
  std::vector<float> expected;
  for (std::size_t row = 0; row < kMostRows; ++row) {
    for (std::size_t n = 0; n < outputs; ++n) {
      expected.push_back(
          summed_by_a_warp(numbers, n, std::span(input).subspan(row * inputs, inputs)));
    }
  }
  for (const int outputs_of_tile : {1, 4, 8}) {
    for (const std::size_t rows : {1, 7, 8, 9, 33, 144}) {
      SCOPED_TRACE(::testing::Message() << rows << " rows in tiles of " << outputs_of_tile
                                        << ", type " << static_cast<int>(layer.type));
      Guarded found(rows * outputs);
      cuda::linear(layer, std::span(input).first(rows * inputs), static_cast<int>(rows),
                   found.values(), outputs_of_tile);
      EXPECT_TRUE(all_equal(found.values(), std::span(expected).first(found.values().size())));
      EXPECT_TRUE(found.guards_intact());
    }
  }
}

// 43 outputs are in no tile's measure.
TEST_P(LinearTiles, GiveARowTheBitsOfAWarpThatSumsItAlone) {
  for (const auto type : kRowTypes) {
    const RandomLayer random(3, type, 197, 43);
    expect_the_bits_of_a_warp(random.layer(), random.layer());
  }
}

TEST_P(LinearTiles, OfWeightsInBlocksGiveARowTheBitsOfTheirNumbers) {
  for (const auto type : kBlockTypes) {
    const RandomBlocks random(3, type, 160, 43);
    expect_the_bits_of_a_warp(random.layer(), random.in_floats());
  }
}

// Without a GPU there are none.
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(LinearTiles);
INSTANTIATE_TEST_SUITE_P(Implementations, LinearTiles, ::testing::ValuesIn(on_a_gpu()),
                         name_of_implementation);

}  // namespace
}  // namespace sketchscope::kernels
