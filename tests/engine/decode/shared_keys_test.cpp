// What a lane counts and stores where several query heads share a key/value head.
#include <gtest/gtest.h>

#include "engine/core/random.hpp"
#include "engine/settings/byte_budget.hpp"
#include "tests/support/fed_layer.hpp"
#include "tests/support/random_knobs.hpp"

namespace sketchscope::decode {
namespace {

constexpr int kQueryHeads = 6;
constexpr int kKvHeads = 3;
constexpr int kHeadWidth = 8;
constexpr int kFed = 40;

constexpr model::ModelConfig kShared{.layers = 1,
                                     .heads = kQueryHeads,
                                     .kv_heads = kKvHeads,
                                     .width = 20,  // heads need not be parts of it
                                     .head_width = kHeadWidth,
                                     .inner_width = 4,
                                     .vocabulary = 300,
                                     .positions = kFed};

/// A layer that is fed random queries, keys and values.
class RandomFeed {
 public:
  RandomFeed(std::uint64_t seed, const settings::Knobs& knobs)
      : random_(seed), fed_(kShared, {.knobs = knobs, .audit = true, .keep_attention = true}) {}

  void step() {
    const auto query = vector(kQueryHeads), key = vector(kKvHeads), value = vector(kKvHeads);
    fed_.step(position_++, query, key, value);
  }
  [[nodiscard]] Lane& lane() { return fed_.lane(); }
  [[nodiscard]] LayerView layer() { return fed_.lane().layer(0); }

 private:
  std::vector<float> vector(int heads) {
    std::vector<float> numbers(static_cast<std::size_t>(heads * kHeadWidth));
    for (float& number : numbers) number = static_cast<float>(3 * random_.uniform() - 1.5);
    return numbers;
  }

  core::SplitMix64 random_;
  int position_ = 0;
  support::FedLayer fed_;
};

settings::Knobs counting_knobs(settings::Granularity granularity) {
  settings::Knobs knobs{.policy = "sketch", .max_cache_size = 12, .sinks = 2, .recent_window = 3};
  knobs.granularity = granularity;
  knobs.sketch = "exact";
  knobs.sketch_key = sketch::SketchKey::head_position;
  return knobs;
}

TEST(SharedKeys, CountTheMassOfAllQueryHeadsThatReadThem) {
  for (const settings::Granularity granularity :
       {settings::Granularity::layer, settings::Granularity::head}) {
    RandomFeed feed(5, counting_knobs(granularity));
    std::vector<double> by_item(kKvHeads * kFed);
    for (int step = 0; step < kFed; ++step) {
      feed.step();
      const LayerView layer = feed.layer();
      ASSERT_EQ(layer.table_count(), granularity == settings::Granularity::head ? kKvHeads : 1);
      const Attended& attended = layer.attended();
      const auto stored = static_cast<std::size_t>(layer.stored());
      for (int head = 0; head < kQueryHeads; ++head) {
        const int kv_head = head / (kQueryHeads / kKvHeads);
        const auto table = static_cast<std::size_t>(layer.table_count() > 1 ? kv_head : 0);
        for (std::size_t slot = 0; slot < stored; ++slot) {
          const int position = attended.positions[table * stored + slot];
          by_item[static_cast<std::size_t>(kv_head * kFed + position)] +=
              attended.mass[static_cast<std::size_t>(head) * stored + slot];
        }
      }
      for (std::size_t item = 0; item < by_item.size(); ++item) {
        ASSERT_NEAR(layer.sketch()->estimate(static_cast<std::uint32_t>(item)), by_item[item], 1e-4)
            << core::name_of(granularity) << ", item " << item;
      }
      for (const TableView& table : layer.tables()) {
        const sketch::HeadRange heads = table.kv_heads();
        for (int position = 0; position < kFed; ++position) {
          double expected = 0;
          for (int head = heads.first; head < heads.first + heads.count; ++head) {
            expected += by_item[static_cast<std::size_t>(head * kFed + position)];
          }
          ASSERT_NEAR(table.exact_mass()[static_cast<std::size_t>(position)], expected, 1e-4);
        }
      }
    }
  }
}

TEST(SharedKeys, AreStoredOnceAndCountedInTheFormulaOfBytes) {
  core::SplitMix64 random(9);
  int full_tables = 0;
  for (int round = 0; round < 40; ++round) {
    settings::Knobs knobs = support::random_knobs(random);
    knobs.budget = settings::BudgetKind::equal;
    knobs.evict_batch = 1;  // so that tables stay full
    const bool exact = knobs.sketch.name() == "exact";
    if (!knobs.policy->evicts || knobs.max_cache_size > kFed || exact) continue;
    ++full_tables;
    SCOPED_TRACE(support::describe(knobs));
    RandomFeed feed(static_cast<std::uint64_t>(round), knobs);
    for (int step = 0; step < kFed; ++step) feed.step();
    const Lane& lane = feed.lane();
    const std::size_t taken =
        lane.kv_bytes() + lane.sketch_bytes() + lane.statistics_bytes() + lane.tail_bytes();
    EXPECT_EQ(taken, settings::lane_bytes(kShared, knobs).at(knobs.max_cache_size));
  }
  EXPECT_GT(full_tables, 5);
}

TEST(SharedKeys, ChooseVictimsByKeyValueHead) {
  settings::Knobs knobs = counting_knobs(settings::Granularity::head);
  for (const std::string policy : {"sketch", "heavy-hitter", "caote", "key-norm", "tova"}) {
    knobs.policy = policy;
    RandomFeed feed(7, knobs);
    for (int step = 0; step < kFed; ++step) feed.step();
    std::vector<int> evictions(kKvHeads);
    for (const record::EvictionRecord& eviction : feed.lane().take_evictions()) {
      ASSERT_TRUE(eviction.head && *eviction.head < kKvHeads) << policy;
      ++evictions[static_cast<std::size_t>(*eviction.head)];
    }
    for (const int of_head : evictions) EXPECT_EQ(of_head, kFed - knobs.max_cache_size) << policy;
  }
}

}  // namespace
}  // namespace sketchscope::decode
