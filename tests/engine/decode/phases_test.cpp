// The phases of one layer's step, called one after the other.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "engine/core/random.hpp"
#include "engine/decode/lane.hpp"
#include "engine/decode/phases.hpp"
#include "tests/support/random_knobs.hpp"

namespace sketchscope::decode {
namespace {

constexpr int kPhaseSteps = 40;
constexpr model::ModelConfig kPhaseModel{.layers = 1,
                                         .heads = 4,
                                         .kv_heads = 2,
                                         .width = 32,
                                         .head_width = 8,
                                         .inner_width = 4,
                                         .vocabulary = 300,
                                         .positions = kPhaseSteps};

/// One layer of a lane under random queries, keys and values.
class PhasedLayer {
 public:
  PhasedLayer(std::uint64_t seed, const settings::Knobs& knobs)
      : lane_(kPhaseModel, std::make_shared<cache::PagePools>(), {.knobs = knobs}), random_(seed) {}

  [[nodiscard]] Placement place(int position) {
    return place_token(lane_.state(), 0, {.token = position % 7, .position = position}, workspace_);
  }
  StoredToken store(const Placement& placement) {
    const std::vector<float> key = vector(kPhaseModel.kv_width());
    return store_token(lane_.state(), placement,
                       {.key = key, .value = vector(kPhaseModel.kv_width())}, workspace_);
  }
  /// By table; all slots where the read takes all.
  std::vector<std::vector<int>> select(const Placement& placement) {
    const SlotSelection selection = plan_slots(lane_.state(), placement, workspace_);
    return {selection.slots.begin(), selection.slots.end()};
  }
  void finish(const Placement& placement, const StoredToken& stored) {
    const std::vector<float> query = vector(kPhaseModel.query_width());
    std::vector<float> output(query.size());
    reads_.begin();
    reads_.ask(lane_.state(), stored, plan_slots(lane_.state(), placement, workspace_),
               {.query = query, .output = output}, workspace_);
    const LayerAttention attention = reads_.run(pool_).front();
    update_lane(lane_.state(), merge_tail(lane_.state(), attention, workspace_), workspace_);
  }
  [[nodiscard]] const LayerCache& cache() { return lane_.state().layer(0); }

 private:
  std::vector<float> vector(int count) {
    std::vector<float> numbers(static_cast<std::size_t>(count));
    for (float& number : numbers) number = static_cast<float>(3 * random_.uniform() - 1.5);
    return numbers;
  }

  Lane lane_;
  core::SplitMix64 random_;
  kernels::ThreadPool pool_{1};
  LaneWorkspace workspace_;
  LayerReads reads_;
};

TEST(PlanSlots, TakesTheSameSlotsBeforeAndAfterTheIncomingKeyIsKnown) {
  int narrowed = 0;
  core::SplitMix64 random(23);
  for (std::uint64_t seed = 0; seed < 120; ++seed) {
    settings::Knobs knobs = support::random_knobs(random);
    // A GPU refuses these: their scores of all slots depend on the incoming key.
    if (knobs.policy->make()->reads_vectors()) continue;
    knobs.read = "topk";
    knobs.read_k = 1 + static_cast<int>(random.below(6));
    knobs.recent_window = static_cast<int>(random.below(4));
    knobs.target = settings::TargetKind::none;
    SCOPED_TRACE(support::describe(knobs));
    PhasedLayer layer(seed, knobs);
    for (int position = 0; position < kPhaseSteps; ++position) {
      const Placement placement = layer.place(position);
      const auto before = layer.select(placement);
      const StoredToken stored = layer.store(placement);
      ASSERT_EQ(layer.select(placement), before) << "position " << position;
      layer.finish(placement, stored);
      narrowed += before.front().empty() ? 0 : 1;
    }
  }
  EXPECT_GT(narrowed, 0) << "no read ever left a slot out";
}

TEST(PlanSlots, TakesAsManySlotsAsTheReadAsksForAndTheIncomingOneInAnyCase) {
  for (const policy::PolicyKind& policy : policy::policy_kinds()) {
    if (policy.make()->reads_vectors()) continue;
    settings::Knobs knobs{.max_cache_size = 14, .sinks = 0, .recent_window = 0};
    knobs.policy = policy;
    knobs.read = "topk";
    knobs.read_k = 5;
    PhasedLayer layer(3, knobs);
    for (int position = 0; position < kPhaseSteps; ++position) {
      const Placement placement = layer.place(position);
      const auto selected = layer.select(placement);
      for (std::size_t table = 0; table < selected.size(); ++table) {
        if (selected[table].empty()) continue;
        EXPECT_THAT(selected[table], ::testing::Contains(layer.cache().tables[table].newest_slot));
        EXPECT_THAT(selected[table], ::testing::SizeIs(::testing::AnyOf(5, 6))) << policy.name;
      }
      layer.finish(placement, layer.store(placement));
    }
  }
}

}  // namespace
}  // namespace sketchscope::decode
