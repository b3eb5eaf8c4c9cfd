#include "kernels/weight_panels.hpp"

#include <cmath>

#include "kernels/kernel_error.hpp"
#include "tests/kernels/kernel_test.hpp"
#include "tests/kernels/random_blocks.hpp"

namespace sketchscope::kernels {
namespace {

TEST(WeightPanels, GiveBackTheNumbersOfEveryOutput) {
  for (const WeightType type : kBlockTypes) {
    for (const int outputs : {1, 15, 16, 37}) {
      constexpr int kInputs = 96;
      const RandomBlocks random(static_cast<unsigned>(outputs), type, kInputs, outputs);
      for (int n = 0; n < outputs; ++n) {
        std::vector<float> row(kInputs);
        read_panel_row(type, random.panels().data(), n, row);
        const auto expected =
            std::span(random.numbers()).subspan(std::size_t{kInputs} * n, kInputs);
        ASSERT_TRUE(all_equal(row, expected)) << "type " << static_cast<int>(type) << " row " << n;
      }
    }
  }
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
  EXPECT_THROW(pack_panel(WeightType::int8, 64, {&row, 1}, panel), KernelError);
  EXPECT_THROW(pack_panel(WeightType::q8_0, 32, {&row, 1}, panel), KernelError);
  EXPECT_NO_THROW(pack_panel(WeightType::q8_0, 64, {&row, 1}, panel));
}

}  // namespace
}  // namespace sketchscope::kernels
