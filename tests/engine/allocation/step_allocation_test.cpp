// A binary of its own: it counts what the whole program allocates.
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <new>
#include <string>

#include "engine/decode/session.hpp"
#include "engine/read/read.hpp"
#include "engine/read/tail_summary.hpp"
#include "tests/support/random_knobs.hpp"
#include "tests/support/rotary_model.hpp"
#include "tests/support/tiny_model.hpp"

namespace {

std::atomic<long> allocations{0};

void* counted(std::size_t bytes, std::size_t alignment) {
  ++allocations;
  const std::size_t whole = (bytes + alignment - 1) / alignment * alignment;
  if (void* memory = std::aligned_alloc(alignment, whole > 0 ? whole : alignment)) return memory;
  throw std::bad_alloc();
}

}  // namespace

void* operator new(std::size_t bytes) {
  return counted(bytes, alignof(std::max_align_t));
}
void* operator new(std::size_t bytes, std::align_val_t alignment) {
  return counted(bytes, static_cast<std::size_t>(alignment));
}
// Inlined into a caller, free() would look to g++ as if it released what another function
// allocated.
[[gnu::noinline]] void operator delete(void* memory) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::align_val_t) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
  std::free(memory);
}

namespace sketchscope::allocation {
namespace {

constexpr int kWarmUp = 24;
constexpr int kCounted = 36;

/// Steps of three lanes, two of which share pages; counts what the passes allocate, once memory was
/// taken for them.
long allocations_of(const settings::Knobs& knobs, bool audit,
                    const std::shared_ptr<const model::Model>& model = support::make_tiny_model()) {
  decode::Session session(model, 2);
  const auto vocabulary = static_cast<std::uint64_t>(model->config().vocabulary);
  const decode::LaneId first = session.add_lane({.knobs = knobs, .audit = audit});
  const decode::LaneId other = session.add_lane({.knobs = knobs});
  core::SplitMix64 random(1);
  std::vector<decode::LaneInput> inputs{{.lane = first}, {.lane = other}};
  const auto draw_tokens = [&] {
    for (decode::LaneInput& input : inputs)
      input.token = static_cast<int>(random.below(vocabulary));
  };
  for (int step = 0; step < kWarmUp; ++step) {
    if (step == kWarmUp / 2) inputs.push_back({.lane = session.fork(first)});
    draw_tokens();
    session.step(inputs);
  }

  long found = 0;
  for (int step = 0; step < kCounted; ++step) {
    draw_tokens();
    for (const decode::LaneInput& input : inputs) session.lane(input.lane).take_evictions();
    session.prepare(inputs);
    const long before = allocations;
    session.step(inputs);
    found += allocations - before;
  }
  return found;
}

settings::Knobs small_knobs() {
  return {.max_cache_size = 12, .sinks = 2, .recent_window = 3, .sketch_width = 16, .read_k = 5};
}

void expect_none(const settings::Knobs& knobs) {
  for (const bool audit : {false, true}) {
    EXPECT_EQ(allocations_of(knobs, audit), 0)
        << (audit ? "with" : "without") << " audit, " << support::describe(knobs);
  }
}

TEST(Allocations, AreCounted) {
  const long before = allocations;
  const std::vector<int> one(1);
  EXPECT_EQ(allocations - before, 1);
}

TEST(AStep, AllocatesNothingUnderAnyPolicy) {
  for (const policy::PolicyKind& kind : policy::policy_kinds()) {
    for (const settings::Granularity granularity :
         {settings::Granularity::layer, settings::Granularity::head}) {
      settings::Knobs knobs = small_knobs();
      knobs.policy = kind;
      knobs.granularity = granularity;
      expect_none(knobs);
    }
  }
}

TEST(AStep, AllocatesNothingWithPositionsOfTheCache) {
  for (const settings::Granularity granularity :
       {settings::Granularity::layer, settings::Granularity::head}) {
    settings::Knobs knobs = small_knobs();
    knobs.positions = settings::Positions::cache;
    knobs.granularity = granularity;
    for (const bool audit : {false, true}) {
      EXPECT_EQ(allocations_of(knobs, audit, support::rotary_model(2)), 0) << audit;
    }
  }
}

TEST(AStep, AllocatesNothingWithAnyRead) {
  for (const read::ReadKind& read : read::read_kinds()) {
    for (const read::AggregateKind& aggregate : read::aggregate_kinds()) {
      settings::Knobs knobs = small_knobs();
      knobs.read = read;
      knobs.aggregate = aggregate;
      expect_none(knobs);
    }
  }
}

TEST(AStep, AllocatesNothingWithAnyStoredFormat) {
  for (const kernels::KvFormat kv : {kernels::KvFormat::f32, kernels::KvFormat::f16,
                                     kernels::KvFormat::int8, kernels::KvFormat::int4}) {
    for (const std::string policy : {"full", "sketch"}) {
      settings::Knobs knobs = small_knobs();
      knobs.policy = policy;
      knobs.kv = kv;
      expect_none(knobs);
    }
  }
}

TEST(AStep, AllocatesNothingWithAnyTableOfCounters) {
  for (const sketch::SketchKind& kind : sketch::sketch_kinds()) {
    // A plain accumulator by id grows with the ids.
    if (!kind.has_table) continue;
    for (const auto& [key, name] : core::enum_names<sketch::SketchKey>) {
      settings::Knobs knobs = small_knobs();
      knobs.sketch = kind;
      knobs.sketch_key = key;
      expect_none(knobs);
    }
  }
}

TEST(AStep, AllocatesNothingWherePositionsLeaveInBatches) {
  for (const std::string policy : {"heavy-hitter", "snapkv", "r-kv"}) {
    for (const settings::Granularity granularity :
         {settings::Granularity::layer, settings::Granularity::head}) {
      settings::Knobs knobs = small_knobs();
      knobs.policy = policy;
      knobs.max_cache_size = 20;
      knobs.observation_window = 4;
      knobs.evict_batch = 5;
      knobs.granularity = granularity;
      expect_none(knobs);
    }
  }
}

TEST(AStep, AllocatesNothingWhereHeadsShareTheirSlots) {
  for (const int batch : {1, 3}) {
    settings::Knobs knobs = small_knobs();
    knobs.policy = "key-norm";
    knobs.max_cache_size = 20;
    knobs.granularity = settings::Granularity::head;
    knobs.budget = settings::BudgetKind::heads;
    knobs.evict_batch = batch;
    expect_none(knobs);
  }
}

TEST(AStep, AllocatesNothingWhereAllIsProtected) {
  settings::Knobs knobs = small_knobs();
  knobs.recent_window = 12;
  expect_none(knobs);
}

TEST(Prepare, TakesTheMemoryThatAGrowingLaneAsksFor) {
  decode::Session session(support::make_tiny_model(), 1);
  const std::vector<decode::LaneInput> inputs{
      {.lane = session.add_lane({.knobs = {.policy = "full"}})}};
  long taken = 0;
  for (int step = 0; step < 40; ++step) {
    const long before = allocations;
    session.prepare(inputs);
    if (step > 0) taken += allocations - before;
    session.step(inputs);
  }
  EXPECT_GT(taken, 0);
}

}  // namespace
}  // namespace sketchscope::allocation
