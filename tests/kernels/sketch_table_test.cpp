#include "kernels/eviction.hpp"

#include <numeric>
#include <random>

#include "kernels/kernel_error.hpp"
#include "tests/kernels/kernel_test.hpp"
#include "tests/kernels/reference/reference.hpp"

namespace sketchscope::kernels {
namespace {

std::vector<SketchHash> random_hashes(unsigned seed, int count) {
  std::mt19937 generator(seed);
  std::uniform_int_distribution<std::uint64_t> below(0, SketchHash::kPrime - 1);
  std::vector<SketchHash> hashes(static_cast<std::size_t>(count));
  for (SketchHash& hash : hashes) hash = {.a = below(generator), .b = below(generator)};
  return hashes;
}

/// Distinct ids of all magnitudes, in ascending order.
std::vector<std::uint32_t> ids_of(std::size_t count) {
  std::vector<std::uint32_t> ids(count);
  for (std::size_t i = 0; i < count; ++i) ids[i] = static_cast<std::uint32_t>(i * i + i);
  for (std::size_t i = 0; i < count / 8; ++i) {
    ids[count - 1 - i] = 0xFFFFFFFFU - static_cast<std::uint32_t>(i);
  }
  return ids;
}

struct Shape {
  int depth;
  std::uint32_t width;
  std::size_t items;
};

constexpr Shape kShapes[] = {{1, 1, 0},       {1, 1, 1},     {1, 7, 5},       {2, 1, 9},
                             {3, 64, 63},     {4, 512, 64},  {4, 512, 257},   {5, 1000, 65},
                             {6, 65536, 300}, {64, 33, 100}, {2, 70001, 3000}};

constexpr SketchInput kInputs[] = {SketchInput::plain, SketchInput::mixed};

/// A table with what a test needs of it.
struct Table {
  explicit Table(const Shape& shape, SketchInput input = SketchInput::plain)
      : buckets(random_hashes(1, shape.depth)),
        signs(random_hashes(2, shape.depth)),
        cells(random_values(3, static_cast<std::size_t>(shape.depth) * shape.width, 0.0F, 9.0F)),
        rows{.buckets = buckets, .signs = signs, .width = shape.width, .input = input} {}

  std::vector<SketchHash> buckets;
  std::vector<SketchHash> signs;
  std::vector<float> cells;
  SketchRows rows;
};

class SketchTableOnEveryImplementation : public EveryImplementation {};

TEST_P(SketchTableOnEveryImplementation, EstimatesToTheBitAsTheReferenceDoes) {
  for (const SketchInput input : kInputs) {
    for (const Shape& shape : kShapes) {
      const Table table(shape, input);
      const auto ids = ids_of(shape.items);
      for (const auto query : {SketchQuery::min, SketchQuery::signed_median, SketchQuery::mean}) {
        SCOPED_TRACE(::testing::Message() << shape.items << " items in " << shape.depth << " × "
                                          << shape.width << ", query " << static_cast<int>(query));
        Guarded found(shape.items);
        GetParam().query_sketch(table.rows, query, table.cells, ids, found.values());
        std::vector<float> expected(shape.items);
        reference::query_sketch(table.rows, query, table.cells, ids, expected);
        EXPECT_TRUE(all_equal(found.values(), expected));
        EXPECT_TRUE(found.guards_intact());
      }
    }
  }
}

TEST_P(SketchTableOnEveryImplementation, EntersABatchToTheBitAsTheReferenceDoes) {
  for (const SketchInput input : kInputs) {
    for (const Shape& shape : kShapes) {
      const Table table(shape, input);
      const auto ids = ids_of(shape.items);
      const auto masses = random_values(4, shape.items, 0.0F, 1.0F);
      std::vector<SketchItem> items(shape.items);
      for (std::size_t i = 0; i < items.size(); ++i) items[i] = {.id = ids[i], .mass = masses[i]};
      for (const auto update :
           {SketchUpdate::add, SketchUpdate::add_signed, SketchUpdate::conservative}) {
        SCOPED_TRACE(::testing::Message()
                     << shape.items << " items into " << shape.depth << " × " << shape.width
                     << ", update " << static_cast<int>(update));
        Guarded cells(table.cells.size());
        std::ranges::copy(table.cells, cells.values().begin());
        Guarded room(shape.items);
        GetParam().update_sketch(table.rows, update, items, cells.values(), room.values());
        std::vector<float> expected = table.cells;
        std::vector<float> unused(shape.items);
        reference::update_sketch(table.rows, update, items, expected, unused);
        EXPECT_TRUE(all_equal(cells.values(), expected));
        EXPECT_TRUE(cells.guards_intact());
        EXPECT_TRUE(room.guards_intact());
      }
    }
  }
}

TEST_P(SketchTableOnEveryImplementation, MixesItemsByTheFirstOutputOfSplitMix64) {
  // The outputs of SplitMix64 started at 0, 1, 2, 1023 and 50256, modulo 2^31 − 1.
  const std::vector<std::uint32_t> ids = {0, 1, 2, 1023, 50256};
  const std::vector<std::uint32_t> inputs = {1063198245, 722909340, 1262994060, 1262789475,
                                             1483214557};
  constexpr SketchHash kSame{.a = 1, .b = 0};
  constexpr std::uint32_t kWidth = 4099;
  std::vector<float> cells(kWidth);
  std::iota(cells.begin(), cells.end(), 0.0F);
  std::vector<float> found(ids.size());
  GetParam().query_sketch({.buckets = {&kSame, 1}, .width = kWidth, .input = SketchInput::mixed},
                          SketchQuery::min, cells, ids, found);
  for (std::size_t i = 0; i < ids.size(); ++i) {
    EXPECT_EQ(found[i], static_cast<float>(inputs[i] % kWidth)) << ids[i];
  }
}

TEST_P(SketchTableOnEveryImplementation, FindsTheCellOfEveryWidthThatARemainderNames) {
  constexpr auto kPrime = static_cast<std::uint32_t>(SketchHash::kPrime);
  constexpr SketchHash kSame{.a = 1, .b = 0};
  for (const std::uint32_t width : {1U, 2U, 3U, 5U, 127U, 128U, 129U, 511U, 65535U, 65537U}) {
    std::vector<float> cells(width);
    std::iota(cells.begin(), cells.end(), 0.0F);
    std::vector<std::uint32_t> ids;
    for (const std::uint32_t multiple : {0U, 1U, 2U, 3000U, (kPrime - 1) / width}) {
      for (const std::uint32_t beside : {0U, 1U, width - 1, width / 2}) {
        ids.push_back((multiple * width + beside) % kPrime);
      }
    }
    ids.insert(ids.end(), {kPrime - 1, kPrime, 0xFFFFFFFFU});
    std::vector<float> found(ids.size());
    GetParam().query_sketch({.buckets = {&kSame, 1}, .width = width}, SketchQuery::min, cells, ids,
                            found);
    for (std::size_t i = 0; i < ids.size(); ++i) {
      EXPECT_EQ(found[i], static_cast<float>(ids[i] % kPrime % width))
          << ids[i] << " mod " << width;
    }
  }
}

TEST_P(SketchTableOnEveryImplementation, RefusesSizesThatDoNotFit) {
  Table table({.depth = 2, .width = 8, .items = 0});
  std::vector<float> three(3);
  const std::vector<std::uint32_t> ids(2);
  const auto query = [&](const SketchRows& rows, SketchQuery how) {
    GetParam().query_sketch(rows, how, table.cells, ids, std::span(three).first(2));
  };
  EXPECT_NO_THROW(query(table.rows, SketchQuery::signed_median));
  EXPECT_THROW(query({}, SketchQuery::min), KernelError);
  EXPECT_THROW(query({.buckets = table.buckets, .width = 9}, SketchQuery::mean), KernelError);
  EXPECT_THROW(query({.buckets = table.buckets, .width = 8}, SketchQuery::signed_median),
               KernelError);
  EXPECT_THROW(GetParam().query_sketch(table.rows, SketchQuery::min, table.cells, ids, three),
               KernelError);
  EXPECT_THROW(
      GetParam().update_sketch(table.rows, SketchUpdate::conservative, {}, table.cells, three),
      KernelError);
}

INSTANTIATE_TEST_SUITE_P(Implementations, SketchTableOnEveryImplementation,
                         ::testing::ValuesIn(all_implementations()), name_of_implementation);

}  // namespace
}  // namespace sketchscope::kernels
