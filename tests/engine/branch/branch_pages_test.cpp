#include <gmock/gmock.h>

#include <map>
#include <set>

#include "engine/branch/branch_run.hpp"
#include "tests/engine/branch/branch_fixture.hpp"
#include "tests/support/random_knobs.hpp"

namespace sketchscope::branch {
namespace {

using support::finish;
using support::model_of_context;
using support::options_for_a_test;
using support::random_tokens;
using ::testing::SizeIs;

/// The slots that live lanes store in one layer.
struct LayerStorage {
  std::size_t pages = 0;         // distinct ones
  std::size_t filled_slots = 0;  // in them, each page once
};
LayerStorage storage_of(const BranchRun& run, int layer) {
  std::map<cache::PagePool::PageId, std::size_t> filled;
  for (const decode::LaneId lane : run.live_lanes()) {
    for (const decode::TableView& table : run.session().lane(lane).layer(layer).tables()) {
      auto left = static_cast<std::size_t>(table.stored());
      for (const cache::PagePool::PageId page : table.page_ids()) {
        const std::size_t slots = std::min<std::size_t>(left, kernels::kSlotsPerPage);
        filled[page] = std::max(filled[page], slots);
        left -= slots;
      }
    }
  }
  LayerStorage storage{.pages = filled.size()};
  for (const auto& [page, slots] : filled) storage.filled_slots += slots;
  return storage;
}

std::size_t pages_for(std::size_t slots) {
  return (slots + kernels::kSlotsPerPage - 1) / kernels::kSlotsPerPage;
}

/// Distinct tokens that live lanes were fed, counted as prefixes.
std::size_t distinct_fed_tokens(const BranchRun& run) {
  std::set<std::vector<int>> prefixes;
  for (const decode::LaneId lane : run.live_lanes()) {
    const std::span<const int> fed = run.session().lane(lane).tokens();
    for (std::size_t length = 1; length <= fed.size(); ++length) {
      prefixes.insert({fed.begin(), fed.begin() + static_cast<std::ptrdiff_t>(length)});
    }
  }
  return prefixes.size();
}

TEST(BranchPages, StoresNoMoreThanTheDistinctTokensAndAPageForEachLivePathAtEveryStep) {
  const auto model = model_of_context(128);
  core::SplitMix64 random(11);
  for (int trial = 0; trial < 40; ++trial) {
    BranchOptions options = options_for_a_test();
    options.prompt = random_tokens(random.next(), 1 + static_cast<int>(random.below(60)));
    options.max_new_tokens = 1 + static_cast<int>(random.below(40));
    options.knobs.seed = random.next();
    options.knobs.threshold = random.uniform();
    options.knobs.branch_factor = 1 + static_cast<int>(random.below(5));
    options.knobs.max_paths = 1 + static_cast<int>(random.below(12));
    BranchRun run(model, options);
    while (!run.finished()) {
      run.step();
      const std::size_t live = run.live_lanes().size();
      const std::size_t nodes = distinct_fed_tokens(run);
      for (int layer = 0; layer < 2; ++layer) {
        const LayerStorage storage = storage_of(run, layer);
        ASSERT_LE(storage.filled_slots, nodes + kernels::kSlotsPerPage * live)
            << support::describe(options.knobs);
        // A path's last page may be nearly empty beside one that it copied.
        ASSERT_LE(storage.pages * kernels::kSlotsPerPage,
                  nodes + 2 * kernels::kSlotsPerPage * live);
      }
    }
    EXPECT_EQ(run.session().pools().pages_in_use(), 0U);
  }
}

TEST(BranchPages, StoresNoMoreThanTheCapacitiesOfItsLivePathsUnderAnyPolicy) {
  const auto model = model_of_context(128);
  core::SplitMix64 random(12);
  int evicting_runs = 0;
  for (int trial = 0; trial < 60; ++trial) {
    BranchOptions options = options_for_a_test();
    options.knobs = support::random_knobs(random);
    options.knobs.temperature = 0.5 + random.uniform();
    options.knobs.max_cache_size = options.knobs.sinks + 1 + static_cast<int>(random.below(40));
    options.max_new_tokens = 30;
    BranchRun run(model, options);
    while (!run.finished()) {
      run.step();
      if (!options.knobs.policy->evicts) continue;
      const auto capacity = static_cast<std::size_t>(options.knobs.max_cache_size);
      const std::size_t tables = options.knobs.granularity == settings::Granularity::head ? 2 : 1;
      const std::size_t paths = tables * run.live_lanes().size();
      std::size_t pages = 0;
      for (int layer = 0; layer < 2; ++layer) {
        const std::size_t of_layer = storage_of(run, layer).pages;
        pages += of_layer;
        if (options.knobs.budget != settings::BudgetKind::equal) continue;
        ASSERT_LE(of_layer, pages_for(capacity) * paths) << support::describe(options.knobs);
      }
      // Shared out otherwise, the layers' capacities sum up to the same, each in pages of its own.
      const std::size_t begun = options.knobs.budget == settings::BudgetKind::heads ? 2 : 1;
      ASSERT_LE(pages, (pages_for(2 * capacity) + begun) * paths)
          << support::describe(options.knobs);
    }
    evicting_runs += run.meter().evictions() > 0 ? 1 : 0;
    EXPECT_EQ(run.session().pools().pages_in_use(), 0U);
  }
  EXPECT_GT(evicting_runs, 20);
}

TEST(BranchPages, OfTwentyPathsOverALongPromptStoresAQuarterOfWhatCopiesDo) {
  const auto model = model_of_context(256);
  const auto peak_of = [&](ForkPages pages) {
    BranchOptions options{.knobs = {.policy = "full",
                                    .temperature = 1,
                                    .threshold = 0,
                                    .branch_factor = 20,
                                    .max_paths = 20},
                          .prompt = random_tokens(2, 200),
                          .max_new_tokens = 30,
                          .stop_at_end_of_text = false};
    BranchRun run(model, options, pages);
    run.step();  // all twenty paths begin here; from here on none branches again
    options.knobs.branch_factor = 1;
    run.set_knobs(options.knobs);
    finish(run);
    EXPECT_THAT(run.paths_by_probability(), SizeIs(20));
    EXPECT_EQ(run.meter().cost().tree_nodes, 200U + 20 * 29);
    return run.meter().cost();
  };
  const BranchCost shared = peak_of(ForkPages::share);
  const BranchCost copied = peak_of(ForkPages::copy);
  EXPECT_GE(static_cast<double>(copied.kv_bytes_peak) / static_cast<double>(shared.kv_bytes_peak),
            3.9);
  EXPECT_EQ(shared.kv_pages_peak, 2U * 72);   // 12 whole pages, then 3 for each path, in each layer
  EXPECT_EQ(copied.kv_pages_peak, 2U * 300);  // 15 for each path
}

}  // namespace
}  // namespace sketchscope::branch
