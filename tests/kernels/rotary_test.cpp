#include "kernels/rotary.hpp"

#include <cmath>

#include "kernels/kernel_error.hpp"
#include "tests/kernels/kernel_test.hpp"
#include "tests/kernels/reference/reference.hpp"

namespace sketchscope::kernels {
namespace {

struct OwnedRotation {
  std::vector<float> cosine;
  std::vector<float> sine;
};

OwnedRotation rotation_by(const std::vector<float>& angles) {
  OwnedRotation rotation;
  for (const float angle : angles) {
    rotation.cosine.push_back(std::cos(angle));
    rotation.sine.push_back(std::sin(angle));
  }
  return rotation;
}

class RotaryOnEveryImplementation : public EveryImplementation {
 protected:
  static void rotate(const OwnedRotation& rotation, int width, std::span<float> vectors) {
    GetParam().rotate({.cosine = rotation.cosine, .sine = rotation.sine}, width, vectors);
  }
};

TEST_P(RotaryOnEveryImplementation, MatchesTheReference) {
  for (const int width : {1, 2, 6, 8, 10, 30, 64, 128}) {
    for (const int pairs : {0, 1, width / 4, width / 2}) {
      if (2 * pairs > width) continue;
      for (const int heads : {0, 1, 5}) {
        SCOPED_TRACE(::testing::Message() << heads << " x " << width << ", pairs " << pairs);
        const OwnedRotation rotation =
            rotation_by(random_values(4, static_cast<std::size_t>(pairs), -3.0F, 3.0F));
        const auto input = random_values(3, static_cast<std::size_t>(heads * width));
        Guarded found(input.size());
        std::ranges::copy(input, found.values().begin());
        rotate(rotation, width, found.values());
        auto expected = input;
        reference::rotate({.cosine = rotation.cosine, .sine = rotation.sine}, width, expected);
        EXPECT_TRUE(all_close(found.values(), expected, {.absolute = 2e-7}));
        EXPECT_TRUE(found.guards_intact());
      }
    }
  }
}

TEST_P(RotaryOnEveryImplementation, PairsANumberWithTheOneHalfTheRotatedWidthAfterIt) {
  std::vector<float> vector = {1, 2, 3, 4, 5};
  rotate({.cosine = {0, 1}, .sine = {1, 0}}, 5, vector);
  EXPECT_EQ(vector, (std::vector<float>{-3, 2, 1, 4, 5}));
}

TEST_P(RotaryOnEveryImplementation, MakesADotProductDependOnTheDistanceAlone) {
  const auto dot_at = [&](float query_position, float key_position) {
    std::vector<float> query = random_values(1, 16), key = random_values(2, 16);
    const auto angles = [](float position) {
      std::vector<float> all;
      for (int i = 0; i < 8; ++i) all.push_back(position * std::pow(0.3F, static_cast<float>(i)));
      return all;
    };
    rotate(rotation_by(angles(query_position)), 16, query);
    rotate(rotation_by(angles(key_position)), 16, key);
    float dot = 0;
    for (std::size_t i = 0; i < 16; ++i) dot += query[i] * key[i];
    return dot;
  };
  EXPECT_NEAR(dot_at(9, 4), dot_at(25, 20), 1e-5);
  EXPECT_GT(std::abs(dot_at(9, 4) - dot_at(9, 5)), 1e-2);
}

TEST_P(RotaryOnEveryImplementation, RefusesSizesThatDoNotFit) {
  std::vector<float> vectors(12);
  EXPECT_THROW(rotate(rotation_by({1, 2}), 3, vectors), KernelError);
  EXPECT_THROW(rotate(rotation_by({1, 2}), 5, vectors), KernelError);
  EXPECT_THROW(rotate({.cosine = {1, 1}, .sine = {0}}, 4, vectors), KernelError);
}

INSTANTIATE_TEST_SUITE_P(Implementations, RotaryOnEveryImplementation,
                         ::testing::ValuesIn(all_implementations()), name_of_implementation);

}  // namespace
}  // namespace sketchscope::kernels
