#include "engine/record/record_fields.hpp"

#include <gmock/gmock.h>

#include <numeric>

#include "engine/core/random.hpp"

namespace sketchscope::record {
namespace {

using ::testing::Optional;

/// Layers whose figures are measured in half of all steps.
std::vector<LayerRecord> random_layers(std::uint64_t seed, int count) {
  core::SplitMix64 random(seed);
  std::vector<LayerRecord> layers(static_cast<std::size_t>(count));
  for (LayerRecord& layer : layers) {
    if (random.below(2) == 0) continue;
    layer.retained_mass = random.uniform();
    layer.attention_kl = random.uniform();
    layer.regret = random.uniform();
    layer.capacity = static_cast<int>(random.below(100));
  }
  return layers;
}

TEST(FieldTotals, AreMeansOverWhatWasMeasured) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    FieldTotals<LayerRecord> totals;
    std::vector<double> masses;
    for (const LayerRecord& layer : random_layers(seed, 20)) {
      totals.add(layer);
      if (layer.retained_mass) masses.push_back(*layer.retained_mass);
    }
    const double sum = std::accumulate(masses.begin(), masses.end(), 0.0);
    const auto mean = totals.figure<&LayerRecord::retained_mass>();
    EXPECT_EQ(mean.has_value(), !masses.empty());
    EXPECT_EQ(totals.figure<&LayerRecord::regret>(), std::nullopt) << "no lane has ended";
    if (!mean) continue;
    EXPECT_DOUBLE_EQ(*mean, sum / static_cast<double>(masses.size())) << "seed " << seed;
  }
}

TEST(FieldTotals, MergeIntoThoseOfAllRows) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    FieldTotals<LayerRecord> parts, part, whole;
    const auto layers = random_layers(seed, 30);
    for (std::size_t at = 0; at < layers.size(); ++at) {
      (at < layers.size() / 3 ? parts : part).add(layers[at]);
      whole.add(layers[at]);
    }
    parts.merge(part);
    std::vector<std::optional<double>> of_whole;
    whole.for_each([&](const auto&, std::optional<double> value) { of_whole.push_back(value); });
    auto expected = of_whole.begin();
    parts.for_each([&](const auto& field, std::optional<double> value) {
      ASSERT_EQ(value.has_value(), expected->has_value()) << field.name;
      EXPECT_NEAR(value.value_or(0), expected->value_or(0), 1e-12) << field.name;
      ++expected;
    });
  }
}

TEST(FieldTotals, SumWhatLanesEndWith) {
  FieldTotals<LayerRecord> totals;
  totals.add<&LayerRecord::regret>(2);
  totals.add<&LayerRecord::regret>(5);
  EXPECT_THAT(totals.figure<&LayerRecord::regret>(), Optional(7.0));
}

}  // namespace
}  // namespace sketchscope::record
