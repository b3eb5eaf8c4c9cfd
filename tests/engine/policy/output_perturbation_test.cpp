#include "engine/policy/output_perturbation.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "engine/core/random.hpp"

namespace sketchscope::policy {
namespace {

constexpr int kPerturbedHeads = 3;
constexpr int kWidth = 4;
constexpr int kSlots = 9;

/// A table, one query's probabilities over it, and the output.
struct Read {
  explicit Read(std::uint64_t seed)
      : table(std::make_shared<cache::PagePool>(
            cache::PageShape{.heads = kPerturbedHeads, .head_width = kWidth})) {
    core::SplitMix64 random(seed);
    const auto draw = [&] { return static_cast<float>(2 * random.uniform() - 1); };
    for (int slot = 0; slot < kSlots; ++slot) {
      std::vector<float> key(kPerturbedHeads * kWidth);
      std::vector<float> value(key.size());
      for (float& number : value) number = draw();
      table.append({.position = slot, .token = slot, .key = key, .value = value});
      values.push_back(value);
    }
    for (int head = 0; head < kPerturbedHeads; ++head) {
      std::vector<double> weight(kSlots);
      double sum = 0;
      for (double& each : weight) sum += each = std::exp(3.0 * draw());
      for (const double each : weight) mass.push_back(static_cast<float>(each / sum));
    }
    for (const double number : output_without(-1)) output.push_back(static_cast<float>(number));
  }

  // (H, D), the probabilities of all slots but one spread over the rest.
  [[nodiscard]] std::vector<double> output_without(int dropped) const {
    std::vector<double> mixed(kPerturbedHeads * kWidth);
    for (int head = 0; head < kPerturbedHeads; ++head) {
      double left = 0;
      for (int slot = 0; slot < kSlots; ++slot) {
        if (slot != dropped) left += mass[static_cast<std::size_t>(head * kSlots + slot)];
      }
      for (int slot = 0; slot < kSlots; ++slot) {
        if (slot == dropped) continue;
        for (int d = head * kWidth; d < (head + 1) * kWidth; ++d) {
          mixed[static_cast<std::size_t>(d)] +=
              mass[static_cast<std::size_t>(head * kSlots + slot)] / left *
              values[static_cast<std::size_t>(slot)][static_cast<std::size_t>(d)];
        }
      }
    }
    return mixed;
  }

  [[nodiscard]] cache::MassView view() const {
    return {.data = mass.data(), .heads = kPerturbedHeads, .slots = kSlots, .stride = kSlots};
  }

  cache::SlotTable table;
  std::vector<std::vector<float>> values;
  std::vector<float> mass;    // (H, S)
  std::vector<float> output;  // (H, D)
};

TEST(OutputPerturbation, IsHowFarTheOutputMovesWhenASlotAloneIsDropped) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const Read read(seed);
    std::vector<float> perturbation(kSlots);
    std::vector<float> value(read.output.size());
    output_perturbation(read.table, read.view(), read.output, value, perturbation);
    for (int slot = 0; slot < kSlots; ++slot) {
      const std::vector<double> without = read.output_without(slot);
      double moved = 0;
      for (int head = 0; head < kPerturbedHeads; ++head) {
        double square = 0;
        for (int d = head * kWidth; d < (head + 1) * kWidth; ++d) {
          square += std::pow(
              without[static_cast<std::size_t>(d)] - read.output[static_cast<std::size_t>(d)], 2);
        }
        moved += std::sqrt(square);
      }
      ASSERT_NEAR(perturbation[static_cast<std::size_t>(slot)], moved, 1e-4 * (1 + moved))
          << "seed " << seed << " slot " << slot;
    }
  }
}

TEST(OutputPerturbation, IsNoneWhereASlotHasAllTheMass) {
  Read read(1);
  std::ranges::fill(read.mass, 0.0F);
  for (int head = 0; head < kPerturbedHeads; ++head)
    read.mass[static_cast<std::size_t>(head * kSlots)] = 1;
  std::vector<float> perturbation(kSlots, 9.0F);
  std::vector<float> value(read.output.size());
  output_perturbation(read.table, read.view(), read.output, value, perturbation);
  EXPECT_EQ(perturbation, std::vector<float>(kSlots, 0.0F));
}

TEST(KeyNorm, SumsTheNormsOfTheHeads) {
  const std::vector<float> key = {3, 4, 0, -2};
  EXPECT_FLOAT_EQ(sum_of_norms(key, 2), 7);
  EXPECT_FLOAT_EQ(sum_of_norms(key, 1), std::sqrt(29.0F));
}

}  // namespace
}  // namespace sketchscope::policy
