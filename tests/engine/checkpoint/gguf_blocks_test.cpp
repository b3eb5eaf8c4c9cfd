#include "engine/checkpoint/gguf_blocks.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <stdexcept>
#include <vector>

#include "engine/core/files.hpp"

namespace sketchscope::checkpoint {
namespace {

/// Blocks of each type and their numbers, as scripts/make_gguf_golden.py wrote them.
nlohmann::json golden_blocks() {
  return core::read_json_object(std::filesystem::path(SKETCHSCOPE_SOURCE_DIR) /
                                "tests/golden/gguf_blocks.json");
}

std::vector<std::byte> from_hex(const std::string& text) {
  std::vector<std::byte> bytes;
  for (std::size_t i = 0; i < text.size(); i += 2) {
    bytes.push_back(static_cast<std::byte>(std::stoi(text.substr(i, 2), nullptr, 16)));
  }
  return bytes;
}

class GgufBlocks : public ::testing::TestWithParam<GgufType> {
 protected:
  const GgufTypeInfo info_ = gguf_type_info(GetParam());
};

TEST_P(GgufBlocks, HaveTheNumbersOfTheGgufPackage) {
  const nlohmann::json golden = golden_blocks().at(std::string(info_.name));
  // One byte more in front, since blocks in a file lie at any address.
  std::vector<std::byte> bytes = from_hex("00" + golden.at("bytes").get<std::string>());
  const std::vector<float> expected = golden.at("numbers");
  std::vector<float> numbers(expected.size());
  dequantize(info_.type, std::span(bytes).subspan(1), numbers);
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_NEAR(numbers[i], expected[i], 1e-6F * std::abs(expected[i])) << "number " << i;
  }
}

TEST_P(GgufBlocks, AreReadOnlyWholeAndIntoRoomForAllNumbers) {
  const std::vector<std::byte> bytes(3 * info_.block_bytes);
  std::vector<float> numbers(3 * info_.block_numbers);
  EXPECT_NO_THROW(dequantize(info_.type, bytes, numbers));
  EXPECT_THROW(dequantize(info_.type, std::span(bytes).first(bytes.size() - 1), numbers),
               std::invalid_argument);
  EXPECT_THROW(dequantize(info_.type, bytes, std::span(numbers).first(numbers.size() - 1)),
               std::invalid_argument);
}

TEST_P(GgufBlocks, AreFoundByTheNumberOfTheirType) {
  EXPECT_EQ(gguf_type_info(info_.id).type, info_.type);
  EXPECT_NE(gguf_type_names().find(info_.name), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(EachType, GgufBlocks,
                         ::testing::Values(GgufType::f32, GgufType::f16, GgufType::bf16,
                                           GgufType::q8_0, GgufType::q4_0, GgufType::q4_1,
                                           GgufType::q5_0, GgufType::q5_1, GgufType::q4_k,
                                           GgufType::q5_k, GgufType::q6_k),
                         [](const auto& instance) {
                           return std::string(gguf_type_info(instance.param).name);
                         });

TEST(GgufTypes, ThatAreNotReadHaveANameWhereItIsKnown) {
  EXPECT_EQ(gguf_type_info(10).name, "Q2_K");
  EXPECT_EQ(gguf_type_info(10).type, GgufType::other);
  EXPECT_EQ(gguf_type_info(999).name, "");
  EXPECT_EQ(gguf_type_info(999).type, GgufType::other);
}

}  // namespace
}  // namespace sketchscope::checkpoint
