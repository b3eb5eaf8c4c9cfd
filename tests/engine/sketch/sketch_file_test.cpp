#include "engine/sketch/sketch_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <string>
#include <tuple>

#include "engine/core/error.hpp"
#include "tests/engine/sketch/random_stream.hpp"

namespace sketchscope {
namespace {

class EverySavedSketch : public ::testing::TestWithParam<SketchKind> {
 protected:
  [[nodiscard]] static std::unique_ptr<Sketch> filled() {
    SplitMix64 random(1);
    auto sketch = GetParam().make(kShape);
    for (int step = 0; step < 10; ++step) sketch->update(random_batch(random, 90, 60));
    return sketch;
  }
  [[nodiscard]] static std::unique_ptr<Sketch> load(std::span<const std::byte> bytes) {
    return load_sketch(bytes, GetParam().name, kShape);
  }

  static constexpr SketchShape kShape{.width = 12, .depth = 3, .seed = 9};
};

TEST_P(EverySavedSketch, ComesBackAsItWasAndGoesOnAlike) {
  for (const bool empty : {true, false}) {
    const auto sketch = empty ? GetParam().make(kShape) : filled();
    if (empty) sketch->mark_approximate();
    const auto loaded = load(save_sketch(*sketch));
    EXPECT_EQ(loaded->kind(), sketch->kind());
    EXPECT_EQ(loaded->shape(), sketch->shape());
    EXPECT_EQ(loaded->approximate(), empty);
    SplitMix64 random(2);
    const Batch next = random_batch(random, 90, 60);
    for (const auto& each : {sketch.get(), loaded.get()}) each->update(next);
    EXPECT_EQ(loaded->total_mass(), sketch->total_mass());
    for (std::uint32_t id = 0; id < 120; ++id) {
      ASSERT_EQ(loaded->estimate(id), sketch->estimate(id));
    }
    EXPECT_EQ(save_sketch(*loaded), save_sketch(*sketch));
  }
}

TEST_P(EverySavedSketch, IsRefusedUnderAnotherKindShapeOrSeed) {
  const auto bytes = save_sketch(*filled());
  for (const SketchShape& other : {SketchShape{.width = 13, .depth = 3, .seed = 9},
                                   SketchShape{.width = 12, .depth = 4, .seed = 9},
                                   SketchShape{.width = 12, .depth = 3, .seed = 8}}) {
    EXPECT_THROW(load_sketch(bytes, GetParam().name, other), UsageError);
  }
  for (const SketchKind& kind : sketch_kinds()) {
    if (kind.name == GetParam().name) continue;
    EXPECT_THROW(load_sketch(bytes, kind.name, kShape), UsageError);
  }
}

TEST_P(EverySavedSketch, IsRefusedWhereItEndsEarlyOrGoesOn) {
  const auto bytes = save_sketch(*filled());
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    EXPECT_THROW(load(std::span(bytes).first(length)), Error) << length << " of " << bytes.size();
  }
  auto longer = bytes;
  longer.push_back(std::byte{0});
  EXPECT_THROW(load(longer), Error);
}

TEST_P(EverySavedSketch, SurvivesAnyOneDamagedByte) {
  const auto bytes = save_sketch(*filled());
  int refused = 0;
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    auto damaged = bytes;
    damaged[at] ^= std::byte{0xFF};
    try {
      std::ignore = load(damaged);
    } catch (const Error&) {
      ++refused;
    }
  }
  EXPECT_GE(refused, 30) << "all of the header but N and the mark of approximation";
}

TEST_P(EverySavedSketch, IsRefusedWithACounterThatIsNoNumber) {
  auto bytes = save_sketch(*filled());
  const float infinity = std::numeric_limits<float>::infinity();
  std::copy_n(reinterpret_cast<const std::byte*>(&infinity), sizeof infinity,
              bytes.end() - sizeof infinity);
  EXPECT_THROW(load(bytes), Error);
}

INSTANTIATE_TEST_SUITE_P(Registered, EverySavedSketch,
                         ::testing::ValuesIn(sketch_kinds().begin(), sketch_kinds().end()),
                         [](const auto& kind) {
                           std::string name(kind.param.name);
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

}  // namespace
}  // namespace sketchscope
