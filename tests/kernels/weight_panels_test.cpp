#include "kernels/weight_panels.hpp"

#include <cmath>
#include <random>
#include <utility>

#include "kernels/kernel_error.hpp"
#include "kernels/number_format.hpp"
#include "tests/kernels/kernel_test.hpp"
#include "tests/kernels/packed_layer.hpp"
#include "tests/kernels/random_blocks.hpp"

namespace sketchscope::kernels {
namespace {

TEST(WeightPanels, GiveBackTheNumbersOfEveryOutput) {
  for (const WeightType type : kBlockTypes) {
    for (const int outputs : {1, 15, 16, 37}) {
      constexpr int kWidth = 96;
      const RandomBlocks random(static_cast<unsigned>(outputs), type, kWidth, outputs);
      for (int n = 0; n < outputs; ++n) {
        std::vector<float> row(kWidth);
        read_weights(random.layer(), n, row);
        const auto expected = std::span(random.numbers()).subspan(std::size_t{kWidth} * n, kWidth);
        ASSERT_TRUE(all_equal(row, expected)) << "type " << static_cast<int>(type) << " row " << n;
      }
    }
  }
}

/// Random bytes that are finite numbers in every type: no exponent has all its bits set.
std::vector<std::byte> random_bytes(std::size_t count) {
  std::mt19937 random(17);
  std::vector<std::byte> bytes(count);
  for (std::byte& byte : bytes) byte = static_cast<std::byte>(random() & 0xBBU);
  return bytes;
}

TEST(WeightPanels, AreUnpackedToWhatWasPacked) {
  for (const WeightType type :
       {WeightType::f32, WeightType::f16, WeightType::bf16, WeightType::int8}) {
    for (const auto& [outputs, inputs] : {std::pair{1, 1}, {16, 32}, {35, 47}, {48, 130}}) {
      const auto stored = random_bytes(static_cast<std::size_t>(outputs) * row_bytes(type, inputs));
      const PackedLayer packed(
          {.weight = stored.data(), .type = type, .inputs = inputs, .outputs = outputs});
      EXPECT_EQ(row_major(packed.layer()), stored) << "type " << static_cast<int>(type);
    }
  }
}

TEST(WeightPanels, OfBlocksAreUnpackedToWhatWasPacked) {
  for (const WeightType type : kBlockTypes) {
    for (const int outputs : {1, 16, 35}) {
      const RandomBlocks random(5, type, 96, outputs);
      std::vector<std::byte> stored;
      for (int n = 0; n < outputs; ++n) {
        stored.insert(stored.end(), random.row(n), random.row(n) + row_bytes(type, 96));
      }
      EXPECT_EQ(row_major(random.layer()), stored) << "type " << static_cast<int>(type);
    }
  }
}

TEST(WeightPanels, GiveTheNumbersOfARowInEveryType) {
  constexpr int kWidth = 45;
  constexpr int kOutputs = 19;
  const auto read = [](WeightType type, const std::vector<std::byte>& stored) {
    const std::vector<float> scale(kOutputs, 0.5F);
    const PackedLayer packed({.weight = stored.data(),
                              .type = type,
                              .scale = scale.data(),
                              .inputs = kWidth,
                              .outputs = kOutputs});
    std::vector<float> row(kWidth);
    read_weights(packed.layer(), 17, row);
    return row;
  };
  const auto floats = random_values(3, kWidth * kOutputs);
  const auto expected = std::span(floats).subspan(17 * kWidth, kWidth);
  std::vector<std::byte> f32;
  std::vector<std::byte> f16;
  std::vector<std::byte> bf16;
  std::vector<std::byte> int8;
  const auto append = [](auto number, std::vector<std::byte>& bytes) {
    const auto more = std::as_bytes(std::span(&number, 1));
    bytes.insert(bytes.end(), more.begin(), more.end());
  };
  for (const float number : floats) {
    append(number, f32);
    append(f16_from_float(number), f16);
    append(bf16_from_float(number), bf16);
    append(static_cast<std::int8_t>(std::lround(100.0F * number)), int8);
  }
  EXPECT_TRUE(all_equal(read(WeightType::f32, f32), expected));
  EXPECT_TRUE(all_close(read(WeightType::f16, f16), expected, {.absolute = 5e-4}));
  EXPECT_TRUE(all_close(read(WeightType::bf16, bf16), expected, {.absolute = 4e-3}));
  std::vector<float> in_steps;
  for (const float number : expected) in_steps.push_back(0.5F * std::round(100.0F * number));
  EXPECT_TRUE(all_equal(read(WeightType::int8, int8), in_steps));
}

TEST(WeightPanels, TakeTheBytesOfTheBlocks) {
  EXPECT_EQ(panel_bytes(WeightType::q8_0, 64), 16U * 2 * 34);
  EXPECT_EQ(panel_bytes(WeightType::q4_0, 64), 16U * 2 * 18);
  EXPECT_EQ(panel_bytes(WeightType::q4_1, 64), 16U * 2 * 20);
  EXPECT_EQ(panel_count(0), 0U);
  EXPECT_EQ(panel_count(17), 2U);
}

TEST(WeightPanels, RefuseRowsThatAreNoWholeBlocks) {
  const std::vector<std::byte> stored(68);
  const std::byte* const row = stored.data();
  std::vector<std::byte> panel(panel_bytes(WeightType::q8_0, 64));
  EXPECT_THROW(pack_panel(WeightType::q8_0, 63, {&row, 1}, panel), KernelError);
  EXPECT_THROW(pack_panel(WeightType::q8_0, 32, {&row, 1}, panel), KernelError);
  EXPECT_NO_THROW(pack_panel(WeightType::q8_0, 64, {&row, 1}, panel));
}

}  // namespace
}  // namespace sketchscope::kernels
