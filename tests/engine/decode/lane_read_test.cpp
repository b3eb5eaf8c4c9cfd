// Every read and stored format held against a second, independent implementation.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "engine/core/error.hpp"
#include "engine/core/random.hpp"
#include "engine/decode/session.hpp"
#include "engine/schedule/record_builder.hpp"
#include "tests/support/fed_layer.hpp"
#include "tests/support/random_knobs.hpp"
#include "tests/support/reference_read.hpp"
#include "tests/support/tiny_model.hpp"

namespace sketchscope::decode {
namespace {

using support::ReferenceRead;

constexpr int kWidth = 34;  // one group of int4 and a rest
constexpr int kSteps = 60;

model::ModelConfig config_of(const ReferenceRead::Heads& heads) {
  return {.layers = 1,
          .heads = heads.query,
          .kv_heads = heads.kv,
          .width = heads.query * kWidth,
          .head_width = kWidth,
          .inner_width = 4,
          .vocabulary = 300,
          .positions = kSteps};
}

/// One layer of a lane that is fed random queries, keys and values, and its reference.
class FedLane {
 public:
  explicit FedLane(const settings::Knobs& knobs, const ReferenceRead::Heads& heads = {3, 3})
      : knobs_(knobs), heads_(heads), fed_(config_of(heads), {.knobs = knobs, .audit = true}) {
    const double scale = config_of(heads).attention_scale(0);
    for (const TableView& table : fed_.tables()) {
      const ReferenceRead::Heads of_table{table.query_heads().count, table.kv_heads().count};
      references_.emplace_back(knobs, of_table, kWidth, scale);
    }
    counted_.resize(references_.size());
  }

  void change(const settings::Knobs& knobs) {
    fed_.lane().apply(knobs);
    tell_evictions();
    if (knobs.kv != knobs_.kv) {
      for (ReferenceRead& reference : references_) reference.encode_as(knobs.kv);
    }
    knobs_ = knobs;
  }

  void step(int position) {
    const std::vector<float> query = random_vector(heads_.query, 1.5);
    const std::vector<float> key = random_vector(heads_.kv, 1.0);
    const std::vector<float> value = random_vector(heads_.kv, 1.0);
    const std::vector<std::map<int, double>> scores = fed_.scores_with(position, key, value);
    const std::vector<float> output = fed_.step(position, query, key, value);
    tell_evictions();
    const std::vector<TableView> tables = fed_.tables();
    for (std::size_t i = 0; i < tables.size(); ++i) {
      references_[i].store(position, part(key, tables[i].kv_heads()),
                           part(value, tables[i].kv_heads()));
      const std::set<int> read = references_[i].chosen(scores[i]);
      compare(i, tables[i], query, output, read);
    }
  }

  [[nodiscard]] TableView table() const { return fed_.tables().front(); }
  /// How often the answer of the lane differed visibly from the full attention.
  [[nodiscard]] int steps_that_lost() const { return steps_that_lost_; }

 private:
  std::vector<float> random_vector(int heads, double reach) {
    std::vector<float> vector(static_cast<std::size_t>(heads * kWidth));
    for (float& x : vector) x = static_cast<float>(reach * (2 * random_.uniform() - 1));
    return vector;
  }

  void tell_evictions() {
    for (const record::EvictionRecord& eviction : fed_.lane().take_evictions()) {
      references_[static_cast<std::size_t>(eviction.head.value_or(0))].evict(eviction.position,
                                                                             eviction.score);
    }
  }

  static std::span<const float> part(std::span<const float> all, const sketch::HeadRange& heads) {
    return all.subspan(static_cast<std::size_t>(heads.first * kWidth),
                       static_cast<std::size_t>(heads.count * kWidth));
  }

  /// Returns the exact share of all mass so far that evicted positions have received.
  double historic_share(std::size_t group) const {
    double all = 0;
    double stored = 0;
    const std::set<int> positions = references_[group].stored();
    for (const auto& [position, mass] : counted_[group]) {
      all += mass;
      if (positions.contains(position)) stored += mass;
    }
    return all > 0 ? 1 - stored / all : 0;
  }

  void compare(std::size_t index, const TableView& table, std::span<const float> query,
               std::span<const float> output, const std::set<int>& read) {
    const auto expected =
        references_[index].answer(part(query, table.query_heads()), read, historic_share(index));
    const auto found = part(output, table.query_heads());
    for (std::size_t d = 0; d < found.size(); ++d) {
      ASSERT_NEAR(found[d], expected.output[d], 1e-4) << "group " << index << ", number " << d;
    }
    ASSERT_NEAR(table.divergence().retained_mass(), expected.retained_mass, 1e-5);
    ASSERT_NEAR(table.divergence().attention_kl(), expected.attention_kl, 2e-5);
    ASSERT_NEAR(table.divergence().attention_tv(), expected.attention_tv, 1e-5);
    ASSERT_NEAR(table.divergence().output_error(), expected.output_error, 1e-4);
    if (expected.output_error > 1e-3) ++steps_that_lost_;
    for (const auto& [position, by_head] : expected.mass) {
      for (const double mass : by_head) counted_[index][position] += mass;
    }
    // Slots that were not read gained nothing.
    const auto counted = table.exact_mass();
    for (int position = 0; position < kSteps; ++position) {
      ASSERT_NEAR(counted[static_cast<std::size_t>(position)], counted_[index][position], 1e-3);
    }
  }

  settings::Knobs knobs_;
  ReferenceRead::Heads heads_;
  support::FedLayer fed_;
  core::SplitMix64 random_{11};
  std::vector<ReferenceRead> references_;
  std::vector<std::map<int, double>> counted_;  // by group and position
  int steps_that_lost_ = 0;
};

/// An exact sketch, so that the reference may count by itself.
settings::Knobs base_knobs() {
  settings::Knobs knobs;
  knobs.max_cache_size = 24;
  knobs.sinks = 2;
  knobs.recent_window = 6;
  knobs.sketch = "exact";
  knobs.read_k = 7;
  knobs.clusters = 4;
  return knobs;
}

struct ReadCase {
  read::ReadChoice read;
  read::AggregateChoice aggregate;
};

std::vector<ReadCase> all_reads() {
  std::vector<ReadCase> cases;
  for (const read::ReadKind& read : read::read_kinds()) {
    if (!read.reads_tail) {
      cases.push_back({read, "centroid"});
      continue;
    }
    for (const read::AggregateKind& aggregate : read::aggregate_kinds())
      cases.push_back({read, aggregate});
  }
  return cases;
}

TEST(EveryRead, AnswersAsTheReferenceDoesInEveryFormatUnderEveryPolicy) {
  for (const auto& [read, aggregate] : all_reads()) {
    for (const kernels::KvFormat kv : {kernels::KvFormat::f32, kernels::KvFormat::f16,
                                       kernels::KvFormat::int8, kernels::KvFormat::int4}) {
      for (const policy::PolicyKind& policy : policy::policy_kinds()) {
        for (const settings::Granularity granularity :
             {settings::Granularity::layer, settings::Granularity::head}) {
          settings::Knobs knobs = base_knobs();
          knobs.read = read;
          knobs.aggregate = aggregate;
          knobs.kv = kv;
          knobs.policy = policy;
          knobs.granularity = granularity;
          if (granularity == settings::Granularity::head)
            knobs.sketch_key = sketch::SketchKey::head_position;
          if (aggregate->needs_sketch && !policy.uses_sketch) continue;
          // Another table than the reference's would serve all heads of a layer.
          if (aggregate->needs_sketch && granularity == settings::Granularity::head) continue;
          SCOPED_TRACE(support::describe(knobs));
          FedLane fed(knobs);
          for (int position = 0; position < kSteps; ++position) {
            fed.step(position);
            if (HasFatalFailure()) return;
          }
          if (!policy.evicts) continue;
          EXPECT_GT(fed.steps_that_lost(), kSteps / 2);
        }
      }
    }
  }
}

TEST(EveryRead, AnswersAsTheReferenceDoesWhereQueryHeadsShareKeys) {
  for (const auto& [read, aggregate] : all_reads()) {
    for (const policy::PolicyKind& policy : policy::policy_kinds()) {
      for (const settings::Granularity granularity :
           {settings::Granularity::layer, settings::Granularity::head}) {
        for (const int kv_heads : {1, 2}) {
          settings::Knobs knobs = base_knobs();
          knobs.read = read;
          knobs.aggregate = aggregate;
          knobs.kv = kernels::KvFormat::int8;
          knobs.policy = policy;
          knobs.granularity = granularity;
          if (aggregate->needs_sketch && !policy.uses_sketch) continue;
          // Another table than the reference's would serve all heads of a layer.
          if (aggregate->needs_sketch && granularity == settings::Granularity::head) continue;
          SCOPED_TRACE(support::describe(knobs) + ", " + std::to_string(kv_heads) +
                       " key/value heads");
          FedLane fed(knobs, {.query = 4, .kv = kv_heads});
          for (int position = 0; position < kSteps; ++position) {
            fed.step(position);
            if (HasFatalFailure()) return;
          }
          if (!policy.evicts) continue;
          EXPECT_GT(fed.steps_that_lost(), kSteps / 2);
        }
      }
    }
  }
}

TEST(EveryFormat, IsTakenOverByWhatIsStoredWhenItChangesLive) {
  for (const auto& [read, aggregate] : all_reads()) {
    for (const policy::PolicyChoice policy :
         {policy::PolicyChoice("sketch"), policy::PolicyChoice("full")}) {
      settings::Knobs knobs = base_knobs();
      knobs.policy = policy;
      knobs.read = read;
      knobs.aggregate = aggregate;
      SCOPED_TRACE(support::describe(knobs));
      FedLane fed(knobs);
      using enum kernels::KvFormat;
      const std::vector<kernels::KvFormat> formats{f32, int8, f16, f32, int4, f32};
      for (int position = 0; position < kSteps; ++position) {
        if (position % 10 == 0) {
          knobs.kv = formats[static_cast<std::size_t>(position / 10)];
          fed.change(knobs);
          ASSERT_EQ(fed.table().format(), knobs.kv);
        }
        fed.step(position);
        if (HasFatalFailure()) return;
      }
    }
  }
}

TEST(TopK, IsTheFullReadWhereItTakesAllThatIsStored) {
  settings::Knobs knobs = base_knobs();
  knobs.read_k = 24;
  knobs.read = "topk";
  FedLane top(knobs);
  for (int position = 0; position < kSteps; ++position) top.step(position);
  knobs.read = "full";
  FedLane full(knobs);
  for (int position = 0; position < kSteps; ++position) full.step(position);
  const auto positions = [](const FedLane& fed) {
    const std::span<const int> of_slots = fed.table().positions();
    return std::vector<int>(of_slots.begin(), of_slots.end());
  };
  EXPECT_EQ(positions(top), positions(full));
}

TEST(TailSummary, IsCountedAndForksWithItsLane) {
  for (const read::AggregateKind& aggregate : read::aggregate_kinds()) {
    settings::Knobs knobs = base_knobs();
    knobs.read = "aggregate";
    knobs.aggregate = aggregate;
    Session session(support::make_tiny_model(), 1);
    const LaneId lane = session.add_lane({.knobs = knobs});
    const auto feed = [&](LaneId fed, int token) {
      session.step(std::vector<LaneInput>{{.lane = fed, .token = token}});
    };
    for (int token = 0; token < 40; ++token) feed(lane, token);
    EXPECT_GT(session.lane(lane).tail_bytes(), 0U) << aggregate.name;
    const LaneId fork = session.fork(lane);
    for (int token = 0; token < 10; ++token) feed(lane, 100 + token);
    for (int token = 0; token < 10; ++token) feed(fork, 100 + token);
    EXPECT_THAT(
        std::vector<float>(session.lane(fork).logits().begin(), session.lane(fork).logits().end()),
        ::testing::ElementsAreArray(session.lane(lane).logits()))
        << aggregate.name;
  }
}

TEST(Knobs, RefuseAnAggregateThatNeedsASketchWithoutOne) {
  settings::Knobs knobs = base_knobs();
  knobs.read = "aggregate";
  knobs.aggregate = "mass";
  EXPECT_NO_THROW(settings::check_knobs(knobs));
  knobs.policy = "window";
  EXPECT_THROW(settings::check_knobs(knobs), core::UsageError);
  knobs.aggregate = "centroid";
  EXPECT_NO_THROW(settings::check_knobs(knobs));
  knobs.aggregate = "mass";
  knobs.policy = "full";  // nothing ever leaves
  EXPECT_NO_THROW(settings::check_knobs(knobs));
}

TEST(Knobs, RefuseInt4WhereHeadsHaveAnOddWidth) {
  support::TinyModelOptions options;
  options.config.width = 14;
  options.config.head_width = 7;  // of two heads
  Session session(support::make_tiny_model(options), 1);
  settings::Knobs knobs = base_knobs();
  knobs.kv = kernels::KvFormat::int4;
  EXPECT_THROW(session.add_lane({.knobs = knobs}), core::UsageError);
  knobs.kv = kernels::KvFormat::int8;
  const LaneId lane = session.add_lane({.knobs = knobs});
  session.step(std::vector<LaneInput>{{.lane = lane, .token = 1}});
  knobs.kv = kernels::KvFormat::int4;
  EXPECT_THROW(session.lane(lane).apply(knobs), core::UsageError);
  session.step(std::vector<LaneInput>{{.lane = lane, .token = 2}});
  EXPECT_EQ(session.lane(lane).knobs().kv, kernels::KvFormat::int8);
}

TEST(Twin, HoldsTheFullCacheWhateverTheLaneReadsAndStores) {
  settings::Knobs knobs = base_knobs();
  knobs.read = "aggregate";
  knobs.kv = kernels::KvFormat::int4;
  Session session(support::make_tiny_model(), 1);
  const schedule::LanePair pair = schedule::add_pair(session, {.knobs = knobs}, true);
  EXPECT_EQ(session.lane(*pair.twin).knobs().policy.name(), "full");
  EXPECT_EQ(session.lane(*pair.twin).knobs().read.name(), "full");
  EXPECT_EQ(session.lane(*pair.twin).knobs().kv, kernels::KvFormat::f32);
}

}  // namespace
}  // namespace sketchscope::decode
