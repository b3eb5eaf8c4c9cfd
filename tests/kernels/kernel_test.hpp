#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <functional>
#include <ostream>
#include <span>
#include <string>
#include <vector>

#include "kernels/attention.hpp"
#include "kernels/eviction.hpp"
#include "kernels/kv_format.hpp"
#include "kernels/layers.hpp"
#include "kernels/prompt_attention.hpp"
#include "kernels/rotary.hpp"

namespace sketchscope::kernels {

/// An implementation of the operations. Every test body runs on all of them, and compares them with
/// the reference.
struct Implementation {
  std::string name;

  /// Takes row-major weights, or blocks in panels.
  std::function<void(ThreadPool&, const Linear&, std::span<const float>, int, std::span<float>)>
      linear;
  std::function<void(std::span<const float>, std::span<const float>, std::span<const float>, float,
                     std::span<float>)>
      layer_norm;
  std::function<void(std::span<const float>, std::span<const float>, float, std::span<float>)>
      rms_norm;
  std::function<void(const Rotation&, int, std::span<float>)> rotate;
  std::function<void(Activation, std::span<float>)> activate;
  std::function<void(Activation, int, std::span<const float>, std::span<float>)> gate;
  std::function<void(const DecodeAttention&, const AttentionResult&)> decode_attention;
  std::function<void(const KvLayout&, std::span<const float>, std::span<std::byte>)> encode_kv;
  std::function<void(const KvLayout&, std::span<const std::byte>, std::span<float>)> decode_kv;
  std::function<void(const PromptAttention&, int, std::span<float>, std::span<float>)>
      prompt_attention;
  /// Takes all heads at once.
  std::function<void(const PromptAttention&, std::span<float>, std::span<float>)> prompt_heads;
  std::function<double(std::span<const float>, std::span<float>)> softmax;
  std::function<void(const SketchRows&, SketchQuery, std::span<const float>,
                     std::span<const std::uint32_t>, std::span<float>)>
      query_sketch;
  std::function<void(const SketchRows&, SketchUpdate, std::span<const SketchItem>, std::span<float>,
                     std::span<float>)>
      update_sketch;
  std::function<LowestSlots(std::span<const int>, std::span<const float>, PositionRange)>
      lowest_slots;
};

std::ostream& operator<<(std::ostream& out, const Implementation& implementation);

/// Returns the implementations that this machine can run: its instruction sets, and a GPU if
/// available.
[[nodiscard]] std::vector<Implementation> all_implementations();

/// Base of the test suites that run on every implementation.
class EveryImplementation : public ::testing::TestWithParam<Implementation> {};

[[nodiscard]] std::string name_of_implementation(
    const ::testing::TestParamInfo<Implementation>& info);

/// Evenly distributed values in [low, high), the same for the same seed.
[[nodiscard]] std::vector<float> random_values(unsigned seed, std::size_t count, float low = -1.0F,
                                               float high = 1.0F);

/// An output buffer between guard values that an operation must not change.
class Guarded {
 public:
  explicit Guarded(std::size_t count);
  [[nodiscard]] std::span<float> values();
  [[nodiscard]] bool guards_intact() const;

 private:
  std::vector<float> storage_;
};

/// |found − expected| <= absolute + relative · |expected|.
struct Tolerance {
  double absolute = 0.0;
  double relative = 0.0;
};

/// Fails with the first index out of tolerance and both values.
[[nodiscard]] ::testing::AssertionResult all_close(std::span<const float> found,
                                                   std::span<const float> expected,
                                                   Tolerance tolerance);

/// Compares with the absolute tolerance of element i multiplied by scales[i].
[[nodiscard]] ::testing::AssertionResult all_close(std::span<const float> found,
                                                   std::span<const float> expected,
                                                   std::span<const float> scales, double factor);

/// Compares bit for bit.
[[nodiscard]] ::testing::AssertionResult all_equal(std::span<const float> found,
                                                   std::span<const float> expected);

}  // namespace sketchscope::kernels
