#include "engine/model/families/rope_options.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace sketchscope::model {
namespace {

using ::testing::DoubleNear;
using ::testing::Pointwise;

/// Returns the positions of heads of 16 numbers in a context of 1,024 under yarn by a factor of 4
/// from 64 positions, with these options too.
RotaryPositions yarn(const nlohmann::json& options) {
  nlohmann::json scaling = {
      {"rope_type", "yarn"}, {"factor", 4.0}, {"original_max_position_embeddings", 64}};
  scaling.update(options);
  ModelConfig config;
  config.head_width = 16;
  config.positions = 1024;
  return read_rotary(ConfigOptions("config.json", {{"rope_scaling", scaling}}), config, 10000);
}

constexpr double kMagnitude = 1.138629436111989;

// The numbers are those of transformers 4.57.1, _compute_yarn_parameters.
TEST(RopeOptions, OfYarnAreAbsentWhereTheyAreZero) {
  for (const auto& zeros : {nlohmann::json{{"mscale", 0}, {"mscale_all_dim", 0.0}},
                            nlohmann::json{{"beta_fast", 0}, {"beta_slow", 0}}}) {
    const RotaryPositions rotary = yarn(zeros);
    EXPECT_NEAR(rotary.magnitude, kMagnitude, 1e-12) << zeros;
    EXPECT_THAT(rotary.frequencies,
                Pointwise(DoubleNear(1e-7), {1.0, 0.2371708, 0.05, 0.007905695, 0.0025,
                                             0.0007905695, 0.00025, 7.905695e-05}))
        << zeros;
  }
}

TEST(RopeOptions, OfYarnAreNotTruncatedWhereThatIsNull) {
  const RotaryPositions rotary = yarn({{"truncate", nullptr}});
  EXPECT_THAT(rotary.frequencies,
              Pointwise(DoubleNear(1e-7), {1.0, 0.1985835, 0.02559525, 0.007905695, 0.0025,
                                           0.0007905695, 0.00025, 7.905695e-05}));
}

}  // namespace
}  // namespace sketchscope::model
