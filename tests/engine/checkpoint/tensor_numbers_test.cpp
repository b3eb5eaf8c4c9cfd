#include "engine/checkpoint/tensor_numbers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <limits>

#include "engine/core/error.hpp"

namespace sketchscope::checkpoint {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// A view of the numbers 0, 1, 2, … stored in 16 bits.
struct CountingTensor {
  CountingTensor(std::vector<std::int64_t> shape, std::vector<std::int64_t> strides)
      : stored(64),
        tensor{.type = CheckpointTensor::Type::f16,
               .type_name = "F16",
               .shape = shape,
               .strides = strides} {
    for (std::size_t i = 0; i < stored.size(); ++i) stored[i] = static_cast<std::uint16_t>(i);
    tensor.bytes = std::as_bytes(std::span(stored));
  }

  [[nodiscard]] std::vector<int> row_major() const {
    std::vector<std::byte> room;
    const auto bytes = row_major_bytes("t", tensor, room);
    std::vector<int> numbers;
    for (std::size_t i = 0; i < bytes.size(); i += 2) {
      std::uint16_t number = 0;
      std::memcpy(&number, bytes.data() + i, 2);
      numbers.push_back(number);
    }
    return numbers;
  }

  std::vector<std::uint16_t> stored;
  CheckpointTensor tensor;
};

TEST(TensorNumbers, AreReadAlongEveryAxis) {
  EXPECT_THAT(CountingTensor({2, 3}, {}).row_major(), ElementsAre(0, 1, 2, 3, 4, 5));
  EXPECT_THAT(CountingTensor({2, 3}, {1, 2}).row_major(), ElementsAre(0, 2, 4, 1, 3, 5));
  EXPECT_THAT(CountingTensor({2, 2, 2}, {1, 10, 20}).row_major(),
              ElementsAre(0, 20, 10, 30, 1, 21, 11, 31));
  EXPECT_THAT(CountingTensor({2, 1, 3}, {3, 99, 1}).row_major(), ElementsAre(0, 1, 2, 3, 4, 5));
  EXPECT_THAT(CountingTensor({2, 3}, {0, 0}).row_major(), ElementsAre(0, 0, 0, 0, 0, 0));
  EXPECT_THAT(CountingTensor({4}, {21}).row_major(), ElementsAre(0, 21, 42, 63));
  EXPECT_THAT(CountingTensor({0, 3}, {5, 7}).row_major(), ElementsAre());
}

TEST(TensorNumbers, AreRefusedWhereTheStoredOnesDoNotReach) {
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  for (const CountingTensor& short_one :
       {CountingTensor({65}, {}), CountingTensor({5}, {16}), CountingTensor({2, 2}, {32, 32}),
        CountingTensor({3, 2}, {kMost, 1}), CountingTensor({kMost, kMost}, {0, 0}),
        CountingTensor({kMost, 4}, {})}) {
    try {
      (void)short_one.row_major();
      ADD_FAILURE() << "was read";
    } catch (const core::Error& error) {
      EXPECT_THAT(error.what(), HasSubstr("tensor t is cut short"));
    }
  }
}

TEST(TensorNumbers, AreFoundWhereTheyAreNotFinite) {
  for (const std::size_t place : {0U, 1U, 4095U, 4096U, 9999U}) {
    std::vector<float> numbers(10000, std::numeric_limits<float>::max());
    numbers[place] = std::numeric_limits<float>::infinity();
    EXPECT_EQ(first_not_finite(CheckpointTensor::Type::f32, std::as_bytes(std::span(numbers))),
              place);
    std::vector<std::uint16_t> halves(10000, 0x7BFF);
    halves[place] = 0xFE00;
    EXPECT_EQ(first_not_finite(CheckpointTensor::Type::f16, std::as_bytes(std::span(halves))),
              place);
    EXPECT_EQ(first_not_finite(CheckpointTensor::Type::bf16, std::as_bytes(std::span(halves))),
              std::nullopt);
  }
}

}  // namespace
}  // namespace sketchscope::checkpoint
