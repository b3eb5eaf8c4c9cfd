// Slot tables that store keys and values in a smaller format.
#include <gtest/gtest.h>

#include <deque>

#include "engine/cache/slot_table.hpp"
#include "engine/core/error.hpp"
#include "engine/core/random.hpp"
#include "tests/kernels/reference/reference.hpp"

namespace sketchscope::cache {
namespace {

constexpr int kHeads = 3;
constexpr int kWidth = 34;  // one group of int4 and a rest
constexpr std::size_t kVector = std::size_t{kHeads} * kWidth;

std::shared_ptr<PagePool> make_pool(kernels::KvFormat format) {
  return std::make_shared<PagePool>(
      PageShape{.heads = kHeads, .head_width = kWidth, .format = format});
}

std::vector<float> random_vector(core::SplitMix64& random) {
  std::vector<float> vector(kVector);
  for (float& x : vector) x = static_cast<float>(8.0 * random.uniform() - 4.0);
  return vector;
}

/// Returns a vector (H, D) after encoding and decoding by the reference.
std::vector<float> after_storing(kernels::KvFormat format, const std::vector<float>& vector) {
  const kernels::KvLayout layout{.format = format,
                                 .width = kWidth,
                                 .count = kHeads,
                                 .stride = kernels::kv_vector_bytes(format, kWidth)};
  std::vector<std::byte> encoded(kHeads * layout.stride);
  kernels::reference::encode_kv(layout, vector, encoded);
  std::vector<float> back(kVector);
  kernels::reference::decode_kv(layout, encoded, back);
  return back;
}

void expect_near(const std::vector<float>& found, const std::vector<float>& expected) {
  for (std::size_t i = 0; i < found.size(); ++i) ASSERT_NEAR(found[i], expected[i], 4e-6F);
}

struct ExpectedSlot {
  int position;
  std::vector<float> key;
  std::vector<float> value;
};

void expect_holds(const SlotTable& table, const std::vector<ExpectedSlot>& expected) {
  ASSERT_EQ(table.stored(), static_cast<int>(expected.size()));
  std::vector<float> found(kVector);
  for (int slot = 0; slot < table.stored(); ++slot) {
    const ExpectedSlot& wanted = expected[static_cast<std::size_t>(slot)];
    ASSERT_EQ(table.positions()[static_cast<std::size_t>(slot)], wanted.position);
    table.read_key(slot, found);
    expect_near(found, wanted.key);
    table.read_value(slot, found);
    expect_near(found, wanted.value);
  }
}

class EveryFormat : public ::testing::TestWithParam<kernels::KvFormat> {
 protected:
  /// Stores random vectors in `slot`, or in a new one, of a table and of its plain counterpart.
  void put(SlotTable& table, std::vector<ExpectedSlot>& expected, int position, int slot) {
    const std::vector<float> key = random_vector(random_);
    const std::vector<float> value = random_vector(random_);
    const SlotTable::Entry entry{.position = position, .key = key, .value = value};
    const ExpectedSlot stored{position, after_storing(GetParam(), key),
                              after_storing(GetParam(), value)};
    if (slot < table.stored()) {
      table.replace(slot, entry);
      expected[static_cast<std::size_t>(slot)] = stored;
    } else {
      table.append(entry);
      expected.push_back(stored);
    }
  }

  core::SplitMix64 random_{17};
};

TEST_P(EveryFormat, KeepsForksApartWhateverIsStoredReplacedAndKept) {
  struct Lane {
    SlotTable table;
    std::vector<ExpectedSlot> expected;
  };
  const auto pool = make_pool(GetParam());
  std::deque<Lane> lanes;
  lanes.push_back({SlotTable(pool), {}});
  for (int turn = 0; turn < 150; ++turn) {
    Lane& lane = lanes[random_.below(lanes.size())];
    const auto stored = static_cast<std::uint64_t>(lane.table.stored());
    put(lane.table, lane.expected, turn, static_cast<int>(random_.below(2 * stored + 1)));
    if (turn % 25 == 0) lanes.push_back(lane);
    if (turn % 40 == 39) {
      std::vector<int> slots;
      for (int slot = 0; slot < lane.table.stored(); slot += 2) slots.push_back(slot);
      std::vector<ExpectedSlot> kept;
      for (const int from : lane.table.keep(slots)) {
        kept.push_back(lane.expected[static_cast<std::size_t>(from)]);
      }
      lane.expected = kept;
    }
  }
  for (const Lane& lane : lanes) expect_holds(lane.table, lane.expected);
}

TEST_P(EveryFormat, CountsTheBytesOfItsOwnFormat) {
  const auto pool = make_pool(GetParam());
  SlotTable table(pool);
  std::vector<ExpectedSlot> expected;
  for (int position = 0; position < 17; ++position) put(table, expected, position, position);
  const std::size_t slot_bytes = 2UL * kHeads * kernels::kv_vector_bytes(GetParam(), kWidth);
  EXPECT_EQ(table.stored_bytes(), 17 * slot_bytes);
  EXPECT_EQ(table.page_ids().size() * pool->page_bytes(), 32 * slot_bytes);
}

TEST_P(EveryFormat, TakesOverWhatATableOfAnotherFormatHolds) {
  for (const kernels::KvFormat from : {kernels::KvFormat::f32, kernels::KvFormat::f16,
                                       kernels::KvFormat::int8, kernels::KvFormat::int4}) {
    SlotTable table(make_pool(from));
    std::vector<ExpectedSlot> expected;
    for (int position = 0; position < 20; ++position) {
      const std::vector<float> key = random_vector(random_);
      const std::vector<float> value = random_vector(random_);
      table.append({.position = 3 * position, .token = position, .key = key, .value = value});
      expected.push_back({3 * position, after_storing(GetParam(), after_storing(from, key)),
                          after_storing(GetParam(), after_storing(from, value))});
    }
    const auto pool = make_pool(GetParam());
    const SlotTable other = table.encoded_in(pool);
    expect_holds(other, expected);
    EXPECT_TRUE(std::ranges::equal(other.tokens(), table.tokens()));
    EXPECT_EQ(other.format(), GetParam());
    EXPECT_EQ(pool->pages_in_use(), 2U);
  }
}

INSTANTIATE_TEST_SUITE_P(Formats, EveryFormat,
                         ::testing::Values(kernels::KvFormat::f32, kernels::KvFormat::f16,
                                           kernels::KvFormat::int8, kernels::KvFormat::int4));

TEST(PagePool, RefusesInt4WithAnOddHeadWidth) {
  EXPECT_THROW(PagePool({.heads = 1, .head_width = 5, .format = kernels::KvFormat::int4}),
               core::UsageError);
  EXPECT_NO_THROW(PagePool({.heads = 1, .head_width = 6, .format = kernels::KvFormat::int4}));
}

}  // namespace
}  // namespace sketchscope::cache
