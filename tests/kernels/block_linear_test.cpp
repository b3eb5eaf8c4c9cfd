#include <algorithm>
#include <bit>
#include <cmath>

#include "kernels/kernel_error.hpp"
#include "kernels/layers.hpp"
#include "kernels/number_format.hpp"
#include "kernels/weight_panels.hpp"
#include "tests/kernels/kernel_test.hpp"
#include "tests/kernels/linear_properties.hpp"
#include "tests/kernels/random_blocks.hpp"
#include "tests/kernels/reference/reference.hpp"

namespace sketchscope::kernels {
namespace {

/// How far an output may be from the reference: a millionth of Σ |w·x| + |b| for sums in floats,
/// and half a step of 1/32767 of a block's largest input for each weight of the block. The steps of
/// 4-bit weights are those of their codes, which lie at most 16 scales from zero.
std::vector<float> tolerances(const RandomBlocks& random, std::span<const float> input, int rows) {
  constexpr double kSumError = 1e-6;
  constexpr double kInputError = 0.5001 / 32767.0;
  constexpr double kLargestStep = 0.16;  // 16 scales of at most 0.01
  const auto inputs = static_cast<std::size_t>(random.layer().inputs);
  std::vector<float> result;
  for (std::size_t row = 0; row < static_cast<std::size_t>(rows); ++row) {
    const auto x = input.subspan(row * inputs, inputs);
    for (std::size_t n = 0; n < static_cast<std::size_t>(random.layer().outputs); ++n) {
      double products = std::abs(random.bias()[n]);
      double error = 0.0;
      for (std::size_t first = 0; first < inputs; first += 32) {
        double largest = 0.0;
        double magnitude = 0.0;
        for (std::size_t k = first; k < first + 32; ++k) {
          const double weight = std::abs(random.numbers()[n * inputs + k]);
          largest = std::max<double>(largest, std::abs(x[k]));
          magnitude +=
              std::max(weight, random.layer().type == WeightType::q8_0 ? 0.0 : kLargestStep);
          products += (weight + kLargestStep) * std::abs(x[k]);
        }
        error += kInputError * largest * magnitude;
      }
      result.push_back(static_cast<float>(kSumError * products + error));
    }
  }
  return result;
}

class LinearInBlocks : public EveryImplementation {};

struct BlockShape {
  int inputs;
  int outputs;
  int rows;
};

TEST_P(LinearInBlocks, MatchesTheReference) {
  ThreadPool pool(2);
  constexpr BlockShape kShapes[] = {{0, 3, 2},    {32, 1, 1},    {96, 5, 0},    {32, 0, 2},
                                    {64, 16, 1},  {96, 17, 3},   {32, 33, 4},   {576, 50, 5},
                                    {768, 15, 8}, {1536, 9, 21}, {544, 130, 13}};
  for (const auto type : kBlockTypes) {
    for (const auto& [inputs, outputs, rows] : kShapes) {
      const RandomBlocks random(7, type, inputs, outputs);
      const auto input = random_values(11, static_cast<std::size_t>(rows) * inputs);
      Linear plain = random.layer();
      plain.bias = nullptr;
      for (const Linear& layer : {random.layer(), plain}) {
        SCOPED_TRACE(::testing::Message() << "K " << inputs << " N " << outputs << " B " << rows
                                          << " type " << static_cast<int>(type));
        const auto count = static_cast<std::size_t>(rows) * outputs;
        Guarded output(count);
        GetParam().linear(pool, layer, input, rows, output.values());
        std::vector<float> expected(count);
        Linear floats = random.in_floats();
        floats.bias = layer.bias;
        reference::linear(floats, input, rows, expected);
        EXPECT_TRUE(all_close(output.values(), expected, tolerances(random, input, rows), 1.0));
        EXPECT_TRUE(output.guards_intact());
      }
    }
  }
}

TEST_P(LinearInBlocks, GivesARowTheSameBitsWhateverTheOtherRowsAndTheThreads) {
  constexpr int kInputs = 544;
  constexpr int kOutputs = 131;
  constexpr int kRows = 33;
  for (const auto type : kBlockTypes) {
    const RandomBlocks random(3, type, kInputs, kOutputs);
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

TEST_P(LinearInBlocks, GivesARowTheSameBitsAmongMoreRowsThanTheCacheHolds) {
  constexpr int kInputs = 3072;
  constexpr int kOutputs = 18;
  constexpr int kRows = 150;
  ThreadPool pool(2);
  for (const auto type : kBlockTypes) {
    const RandomBlocks random(8, type, kInputs, kOutputs);
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

TEST_P(LinearInBlocks, KeepsTheDigitsOfSmallInputsBesideALargeOneOfAnotherBlock) {
  ThreadPool pool(1);
  for (const auto type : kBlockTypes) {
    const RandomBlocks random(12, type, 64, 16);
    auto input = random_values(4, 64);
    std::fill(input.begin(), input.begin() + 32, 0.0F);
    std::vector<float> small(16);
    GetParam().linear(pool, random.layer(), input, 1, small);
    input[3] = 1e6F;
    std::vector<float> both(16);
    GetParam().linear(pool, random.layer(), input, 1, both);
    for (int n = 0; n < 16; ++n) {
      const double large =
          1e6 * static_cast<double>(random.numbers()[static_cast<std::size_t>(n) * 64 + 3]);
      EXPECT_NEAR(both[n] - large, small[n], 1e-6 * std::abs(large) + 0.6) << "output " << n;
    }
  }
}

TEST_P(LinearInBlocks, SumsTheLargestCodesWithoutOverflow) {
  ThreadPool pool(2);
  constexpr int kInputs = 20000;
  constexpr int kCodes = 32;
  std::vector<std::byte> row;
  const std::uint16_t scale = f16_from_float(0.5F);
  for (int block = 0; block < kInputs / kCodes; ++block) {
    row.push_back(static_cast<std::byte>(scale & 255U));
    row.push_back(static_cast<std::byte>(scale >> 8));
    row.insert(row.end(), kCodes, std::byte{0x80});  // −128
  }
  std::vector<std::byte> panel(panel_bytes(WeightType::q8_0, kInputs));
  const std::byte* const start = row.data();
  pack_panel(WeightType::q8_0, kInputs, {&start, 1}, panel);
  const Linear layer{
      .weight = panel.data(), .type = WeightType::q8_0, .inputs = kInputs, .outputs = 1};
  const std::vector<float> input(kInputs, 3.0F);
  float output = 0.0F;
  GetParam().linear(pool, layer, input, 1, {&output, 1});
  EXPECT_NEAR(output, -128.0 * 0.5 * 3.0 * kInputs, 4.0);
}

TEST_P(LinearInBlocks, KeepsARowThatIsNotFiniteFromTheOthers) {
  for (const auto type : kBlockTypes) {
    expect_a_bad_row_to_harm_no_other(GetParam(), RandomBlocks(9, type, 96, 5).layer());
  }
}

TEST_P(LinearInBlocks, GivesTheBiasForARowOfZeros) {
  for (const auto type : kBlockTypes) {
    expect_the_bias_for_zeros(GetParam(), RandomBlocks(2, type, 64, 7).layer());
  }
}

TEST_P(LinearInBlocks, RefusesInputsThatAreNoWholeBlocks) {
  ThreadPool pool(1);
  const RandomBlocks random(1, WeightType::q4_0, 64, 4);
  Linear layer = random.layer();
  layer.inputs = 40;
  const std::vector<float> input(40);
  std::vector<float> output(4);
  EXPECT_THROW(GetParam().linear(pool, layer, input, 1, output), KernelError);
}

INSTANTIATE_TEST_SUITE_P(Implementations, LinearInBlocks,
                         ::testing::ValuesIn(all_implementations()), name_of_implementation);

}  // namespace
}  // namespace sketchscope::kernels
