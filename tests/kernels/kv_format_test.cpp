#include "kernels/kv_format.hpp"

#include <algorithm>
#include <cmath>

#include "kernels/kernel_error.hpp"
#include "tests/kernels/kernel_test.hpp"
#include "tests/kernels/reference/reference.hpp"

namespace sketchscope::kernels {
namespace {

constexpr KvFormat kFormats[] = {KvFormat::f32, KvFormat::f16, KvFormat::int8, KvFormat::int4};
constexpr std::byte kGuardByte{0xA5};

/// Encoded vectors with a gap of guard bytes after each.
struct Encoded {
  explicit Encoded(KvFormat format, int width, int count)
      : layout{.format = format,
               .width = width,
               .count = count,
               .stride = kv_vector_bytes(format, width) + 12},
        bytes(static_cast<std::size_t>(count) * layout.stride, kGuardByte) {}

  KvLayout layout;
  std::vector<std::byte> bytes;
};

std::vector<float> decoded(const Encoded& encoded) {
  std::vector<float> vectors(static_cast<std::size_t>(encoded.layout.width * encoded.layout.count));
  reference::decode_kv(encoded.layout, encoded.bytes, vectors);
  return vectors;
}

/// Values of every kind that a key may have: spread, equal, zero, tiny, huge, one outlier.
std::vector<float> test_vectors(int width) {
  std::vector<float> vectors =
      random_values(static_cast<unsigned>(width), 5UL * width, -3.0F, 3.0F);
  const auto fill = [&](float value) {
    vectors.insert(vectors.end(), static_cast<std::size_t>(width), value);
  };
  for (const float value : {0.0F, 1.5F, -2.0F, 1e-30F, 1e-6F, 70000.0F, -1e9F}) fill(value);
  fill(0.25F);
  vectors.back() = 1000.0F;
  return vectors;
}

class KvFormatOnEveryImplementation : public EveryImplementation {};

TEST_P(KvFormatOnEveryImplementation, WritesTheSameBytesAsTheReferenceAndNoneBetween) {
  for (const KvFormat format : kFormats) {
    for (const int width : {1, 2, 3, 8, 20, 30, 32, 34, 64, 65, 80, 96}) {
      if (format == KvFormat::int4 && width % 2 != 0) continue;
      SCOPED_TRACE(::testing::Message() << "format " << static_cast<int>(format) << ", " << width);
      const std::vector<float> vectors = test_vectors(width);
      const int count = static_cast<int>(vectors.size()) / width;
      Encoded expected(format, width, count);
      reference::encode_kv(expected.layout, vectors, expected.bytes);
      Encoded found(format, width, count);
      GetParam().encode_kv(found.layout, vectors, found.bytes);
      EXPECT_TRUE(found.bytes == expected.bytes);
      for (int i = 0; i < count; ++i) {
        const auto gap =
            found.bytes.begin() + static_cast<long>((i + 1) * found.layout.stride) - 12;
        EXPECT_TRUE(std::all_of(gap, gap + 12, [](std::byte b) { return b == kGuardByte; }));
      }
    }
  }
}

TEST_P(KvFormatOnEveryImplementation, ReadsBackWhatTheReferenceReads) {
  for (const KvFormat format : kFormats) {
    for (const int width : {2, 8, 30, 32, 34, 64, 80}) {
      const std::vector<float> vectors = test_vectors(width);
      Encoded encoded(format, width, static_cast<int>(vectors.size()) / width);
      reference::encode_kv(encoded.layout, vectors, encoded.bytes);
      Guarded found(vectors.size());
      GetParam().decode_kv(encoded.layout, encoded.bytes, found.values());
      // int4 rounds a product and a sum once or twice.
      const double rounding = format == KvFormat::int4 ? 1e-6 : 0.0;
      const std::vector<float> expected = decoded(encoded);
      std::vector<float> scales(expected.size(), 0.0F);
      for (std::size_t i = 0; i < scales.size(); ++i) {
        const auto row = vectors.begin() + static_cast<long>(i / width * width);
        const float largest = std::abs(*std::max_element(
            row, row + width, [](float a, float b) { return std::abs(a) < std::abs(b); }));
        scales[i] = std::min(largest, 65504.0F);
      }
      EXPECT_TRUE(all_close(found.values(), expected, scales, rounding))
          << static_cast<int>(format) << ", " << width;
      EXPECT_TRUE(found.guards_intact());
    }
  }
}

TEST_P(KvFormatOnEveryImplementation, RefusesWhatDoesNotFit) {
  std::vector<float> vectors(6);
  std::vector<std::byte> bytes(64);
  const auto refuses = [&](const KvLayout& layout) {
    EXPECT_THROW(GetParam().encode_kv(layout, vectors, bytes), KernelError);
    EXPECT_THROW(GetParam().decode_kv(layout, bytes, vectors), KernelError);
  };
  refuses({.format = KvFormat::int4, .width = 3, .count = 2, .stride = 16});
  refuses({.format = KvFormat::f32, .width = 4, .count = 2, .stride = 16});
  refuses({.format = KvFormat::f32, .width = 3, .count = 2, .stride = 8});
  refuses({.format = KvFormat::f32, .width = 3, .count = 2, .stride = 60});
}

INSTANTIATE_TEST_SUITE_P(Implementations, KvFormatOnEveryImplementation,
                         ::testing::ValuesIn(all_implementations()), name_of_implementation);

/// Largest error over a vector of random values, as a share of their largest magnitude.
double worst_error(KvFormat format, int width) {
  const std::vector<float> vectors = random_values(7, 100UL * width, -2.0F, 2.0F);
  Encoded encoded(format, width, 100);
  encode_kv(encoded.layout, vectors, encoded.bytes);
  std::vector<float> back(vectors.size());
  decode_kv(encoded.layout, encoded.bytes, back);
  double worst = 0;
  for (std::size_t i = 0; i < back.size(); ++i) {
    worst = std::max(worst, std::abs(static_cast<double>(back[i]) - vectors[i]) / 2.0);
  }
  return worst;
}

TEST(KvFormat, LosesNoMoreThanHalfAStepOfItsCodes) {
  EXPECT_EQ(worst_error(KvFormat::f32, 32), 0.0);
  EXPECT_LT(worst_error(KvFormat::f16, 32), 0x1p-11);
  EXPECT_LT(worst_error(KvFormat::int8, 32), 0.5 / 127 + 1e-6);
  // The step spans the group's range, up to twice its largest magnitude, in 15 parts; it and the
  // lowest value are halves.
  EXPECT_LT(worst_error(KvFormat::int4, 32), 1.0 / 15 + 0.005);
  EXPECT_GT(worst_error(KvFormat::int4, 32), worst_error(KvFormat::int8, 32));
  EXPECT_GT(worst_error(KvFormat::int8, 32), worst_error(KvFormat::f16, 32));
}

TEST(KvFormat, TakesTheBytesItsDescriptionSays) {
  EXPECT_EQ(kv_vector_bytes(KvFormat::f32, 64), 256U);
  EXPECT_EQ(kv_vector_bytes(KvFormat::f16, 64), 128U);
  EXPECT_EQ(kv_vector_bytes(KvFormat::int8, 64), 68U);
  EXPECT_EQ(kv_vector_bytes(KvFormat::int4, 64), 40U);
  EXPECT_EQ(kv_vector_bytes(KvFormat::f16, 5), 12U);
  EXPECT_EQ(kv_vector_bytes(KvFormat::int8, 5), 12U);
  EXPECT_EQ(kv_vector_bytes(KvFormat::int4, 6), 8U);
}

}  // namespace
}  // namespace sketchscope::kernels
