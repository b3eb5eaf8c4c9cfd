// The read `pages` held against plain loops: which pages each query head reads, and its answer.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "engine/core/error.hpp"
#include "engine/core/random.hpp"
#include "engine/decode/phases.hpp"

namespace sketchscope::decode {
namespace {

constexpr int kPagedWidth = 6;
constexpr int kPagedHeads = 4;
constexpr int kPagedKvHeads = 2;
constexpr int kPagedLayer = 2;  // the first that is not read whole

const model::ModelConfig kPagedModel{.layers = 3,
                                     .heads = kPagedHeads,
                                     .kv_heads = kPagedKvHeads,
                                     .width = kPagedHeads * kPagedWidth,
                                     .head_width = kPagedWidth,
                                     .inner_width = 4,
                                     .vocabulary = 300,
                                     .positions = 200};

/// One layer of a lane, fed random queries, keys and values.
class PagedLayer {
 public:
  explicit PagedLayer(const settings::Knobs& knobs)
      : knobs_(knobs), lane_(kPagedModel, std::make_shared<cache::PagePools>(), {.knobs = knobs}) {}

  void step(int position, int layer = kPagedLayer) {
    keys_[position] = vector(kPagedKvHeads);
    values_[position] = vector(kPagedKvHeads);
    const std::vector<float> query = vector(kPagedHeads);
    LaneState& lane = lane_.state();
    const Placement placement =
        place_token(lane, layer, {.token = position, .position = position}, workspace_);
    const StoredToken stored = store_token(
        lane, placement, {.key = keys_.at(position), .value = values_.at(position)}, workspace_);
    const SlotSelection selection = select_slots(lane, stored, query, workspace_);
    std::vector<float> output(query.size());
    reads_.begin();
    reads_.ask(lane, stored, selection, {.query = query, .output = output}, workspace_);
    const LayerAttention attention = reads_.run(pool_).front();
    for (int head = 0; head < kPagedHeads; ++head) {
      compare(head, layer, query, selection.slots[static_cast<std::size_t>(head)], output);
    }
    update_lane(lane, merge_tail(lane, attention, workspace_), workspace_);
  }

  [[nodiscard]] int narrowed() const { return narrowed_; }
  [[nodiscard]] const Lane& lane() const { return lane_; }
  void apply(const settings::Knobs& knobs) {
    lane_.apply(knobs);
    knobs_ = knobs;
  }

 private:
  std::vector<float> vector(int heads) {
    std::vector<float> numbers(static_cast<std::size_t>(heads * kPagedWidth));
    for (float& number : numbers) number = static_cast<float>(3 * random_.uniform() - 1.5);
    return numbers;
  }

  [[nodiscard]] TableView table_of(int head, int layer) const {
    const LayerView view = lane_.layer(layer);
    return view.table(view.table_count() == 1 ? 0 : head / (kPagedHeads / kPagedKvHeads));
  }

  [[nodiscard]] double product(int head, const std::vector<float>& query, int position) const {
    double sum = 0;
    for (int d = 0; d < kPagedWidth; ++d)
      sum += query[at(head, d)] * keys_.at(position)[key_at(head, d)];
    return sum;
  }
  static std::size_t at(int head, int d) {
    return static_cast<std::size_t>(head * kPagedWidth + d);
  }
  static std::size_t key_at(int head, int d) { return at(head / (kPagedHeads / kPagedKvHeads), d); }

  [[nodiscard]] double bound(int head, const std::vector<float>& query,
                             const std::vector<int>& positions) const {
    double sum = 0;
    for (int d = 0; d < kPagedWidth; ++d) {
      double most = -1e9;
      for (const int position : positions) {
        most = std::max(most, double{query[at(head, d)]} * keys_.at(position)[key_at(head, d)]);
      }
      sum += most;
    }
    return sum;
  }

  // The slots that a query head should read; all of them as an empty list.
  [[nodiscard]] std::vector<int> wanted(int head, int layer,
                                        const std::vector<float>& query) const {
    const auto positions = table_of(head, layer).positions();
    std::vector<std::vector<int>> pages;
    for (std::size_t slot = 0; slot < positions.size(); ++slot) {
      if (slot % 16 == 0) pages.emplace_back();
      pages.back().push_back(positions[slot]);
    }
    std::vector<std::pair<double, int>> order;
    for (int page = 0; page < std::ssize(pages); ++page) {
      order.push_back({-bound(head, query, pages[static_cast<std::size_t>(page)]), page});
    }
    std::ranges::sort(order);
    const int most = std::max(3, knobs_.read_k / 16);
    if (layer < 2 || most >= std::ssize(order)) return {};
    std::set<int> read;
    for (int i = 0; i < most; ++i) read.insert(order[static_cast<std::size_t>(i)].second);
    const auto newest = std::ranges::max_element(positions) - positions.begin();
    read.insert(static_cast<int>(newest) / 16);
    std::vector<int> slots;
    for (int slot = 0; slot < std::ssize(positions); ++slot) {
      if (read.contains(slot / 16)) slots.push_back(slot);
    }
    return slots.size() == positions.size() ? std::vector<int>() : slots;
  }

  void compare(int head, int layer, const std::vector<float>& query, const std::vector<int>& read,
               const std::vector<float>& output) {
    ASSERT_EQ(read, wanted(head, layer, query)) << "head " << head;
    narrowed_ += read.empty() ? 0 : 1;
    const auto positions = table_of(head, layer).positions();
    std::vector<double> answer(kPagedWidth);
    double sum = 0;
    for (int slot = 0; slot < std::ssize(positions); ++slot) {
      if (!read.empty() && !std::ranges::binary_search(read, slot)) continue;
      const int position = positions[static_cast<std::size_t>(slot)];
      const double weight =
          std::exp(kPagedModel.attention_scale(layer) * product(head, query, position));
      sum += weight;
      for (int d = 0; d < kPagedWidth; ++d) {
        answer[static_cast<std::size_t>(d)] += weight * values_.at(position)[key_at(head, d)];
      }
    }
    for (int d = 0; d < kPagedWidth; ++d) {
      ASSERT_NEAR(output[at(head, d)], answer[static_cast<std::size_t>(d)] / sum, 1e-4);
    }
  }

  settings::Knobs knobs_;
  Lane lane_;
  core::SplitMix64 random_{5};
  kernels::ThreadPool pool_{1};
  LaneWorkspace workspace_;
  LayerReads reads_;
  std::map<int, std::vector<float>> keys_;
  std::map<int, std::vector<float>> values_;
  int narrowed_ = 0;
};

settings::Knobs pages_knobs(const char* policy, settings::Granularity granularity) {
  return {.policy = policy,
          .max_cache_size = 100,
          .sinks = 2,
          .recent_window = 4,
          .granularity = granularity,
          .read = "pages",
          .read_k = 64};
}

TEST(PagesRead, TakesThePagesOfLargestBoundForEachQueryHead) {
  for (const char* policy : {"full", "heavy-hitter", "random"}) {
    for (const int batch : {1, 16}) {
      for (const auto granularity : {settings::Granularity::layer, settings::Granularity::head}) {
        settings::Knobs knobs = pages_knobs(policy, granularity);
        knobs.evict_batch = batch;
        PagedLayer layer(knobs);
        for (int position = 0; position < 200; ++position) {
          layer.step(position);
          if (HasFatalFailure()) return;
        }
        EXPECT_GT(layer.narrowed(), 0);
      }
    }
  }
}

TEST(PagesRead, TakesTheFirstTwoLayersWhole) {
  for (const int of_layer : {0, 1}) {
    PagedLayer layer(pages_knobs("full", settings::Granularity::layer));
    for (int position = 0; position < 200; ++position) layer.step(position, of_layer);
    EXPECT_EQ(layer.narrowed(), 0);
  }
}

TEST(PagesRead, TakesThreePagesHoweverFewAreAskedFor) {
  settings::Knobs knobs = pages_knobs("full", settings::Granularity::head);
  knobs.read_k = 1;
  PagedLayer layer(knobs);
  for (int position = 0; position < 90; ++position) layer.step(position);
  EXPECT_GT(layer.narrowed(), 0);
}

TEST(PagesRead, KeepsTwoVectorsAPageInTheLedger) {
  PagedLayer layer(pages_knobs("full", settings::Granularity::layer));
  for (int position = 0; position < 33; ++position) layer.step(position);
  EXPECT_EQ(layer.lane().statistics_bytes(), 3U * 2 * kPagedKvHeads * kPagedWidth * 4);
}

TEST(PagesRead, KnowsThePagesThatWereStoredBeforeItWasChosen) {
  settings::Knobs knobs = pages_knobs("full", settings::Granularity::layer);
  PagedLayer layer(knobs);
  for (int position = 0; position < 120; ++position) layer.step(position);
  const std::size_t bytes = layer.lane().statistics_bytes();
  knobs.read = "full";
  layer.apply(knobs);
  EXPECT_EQ(layer.lane().statistics_bytes(), 0U);
  knobs.read = "pages";
  layer.apply(knobs);
  EXPECT_EQ(layer.lane().statistics_bytes(), bytes);
  for (int position = 120; position < 140; ++position) layer.step(position);
}

TEST(PagesRead, IsRefusedWhereKeysAreRotatedWhileTheyAreRead) {
  settings::Knobs knobs = pages_knobs("window", settings::Granularity::layer);
  knobs.positions = settings::Positions::cache;
  EXPECT_THROW(settings::check_knobs(knobs), core::UsageError);
}

}  // namespace
}  // namespace sketchscope::decode
