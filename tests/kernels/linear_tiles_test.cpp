// The tiles of a GPU's linear layers: whatever a tile takes beside it, a row has the bits of a warp
// that sums it alone.
#include <cmath>
#include <cstring>

#include "kernels/cuda/launch.hpp"
#include "kernels/number_format.hpp"
#include "tests/kernels/device_operations.hpp"
#include "tests/kernels/kernel_test.hpp"
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

TEST_P(LinearTiles, GiveARowTheBitsOfAWarpThatSumsItAlone) {
  constexpr std::size_t kInputs = 197;
  constexpr std::size_t kOutputs = 43;  // in no tile's measure
  constexpr std::size_t kMostRows = 144;
  const auto input = random_values(5, kMostRows * kInputs);
  for (const auto type : kRowTypes) {
    const RandomLayer random(3, type, kInputs, kOutputs);
    std::vector<float> expected;
    for (std::size_t row = 0; row < kMostRows; ++row) {
      for (std::size_t n = 0; n < kOutputs; ++n) {
        expected.push_back(
            summed_by_a_warp(random.layer(), n, std::span(input).subspan(row * kInputs, kInputs)));
      }
    }
    for (const int outputs_of_tile : {1, 4, 8}) {
      for (const std::size_t rows : {1, 7, 8, 9, 33, 144}) {
        SCOPED_TRACE(::testing::Message() << rows << " rows in tiles of " << outputs_of_tile
                                          << ", type " << static_cast<int>(type));
        Guarded found(rows * kOutputs);
        cuda::linear(random.layer(), std::span(input).first(rows * kInputs), static_cast<int>(rows),
                     found.values(), outputs_of_tile);
        EXPECT_TRUE(all_equal(found.values(), std::span(expected).first(found.values().size())));
        EXPECT_TRUE(found.guards_intact());
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Implementations, LinearTiles, ::testing::ValuesIn(on_a_gpu()),
                         name_of_implementation);

}  // namespace
}  // namespace sketchscope::kernels
