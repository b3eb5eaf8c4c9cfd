#include "engine/decode/decisions.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "engine/core/random.hpp"
#include "engine/decode/degeneracy.hpp"
#include "engine/decode/session.hpp"
#include "tests/support/tiny_model.hpp"

namespace sketchscope::decode {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

settings::Knobs deciding_knobs() {
  return {.max_cache_size = 12, .sinks = 2, .recent_window = 4, .sketch_width = 24};
}

/// A lane that was fed random tokens, with the positions that its tables lost.
class FedLane {
 public:
  FedLane(const settings::Knobs& knobs, int tokens) : session_(support::make_tiny_model(), 1) {
    lane_ = session_.add_lane({.knobs = knobs});
    core::SplitMix64 random(3);
    for (int position = 0; position < tokens; ++position) {
      session_.step(std::vector<LaneInput>{{lane_, static_cast<int>(random.below(250))}});
      for (const record::EvictionRecord& eviction : lane().take_evictions()) {
        evictions_.push_back(eviction);
      }
    }
  }

  [[nodiscard]] Lane& lane() { return session_.lane(lane_); }
  [[nodiscard]] Decisions decided() { return lane().decisions(); }
  [[nodiscard]] std::vector<std::string> idle() {
    return idle_warnings(degeneracy_of(lane()), lane().knobs());
  }

  // How often an older position that is no sink stayed while another left, by the log alone.
  [[nodiscard]] std::int64_t unlike_window() const {
    std::map<std::pair<int, int>, std::set<int>> gone;
    std::int64_t count = 0;
    for (std::size_t at = 0; at < evictions_.size(); ++at) {
      const record::EvictionRecord& eviction = evictions_[at];
      std::set<int>& of_table = gone[{eviction.layer, eviction.head.value_or(0)}];
      int oldest = 2;  // the first that is no sink
      while (of_table.contains(oldest)) ++oldest;
      count += !eviction.degenerate && eviction.position != oldest ? 1 : 0;
      of_table.insert(eviction.position);
    }
    return count;
  }
  [[nodiscard]] std::int64_t evictions() const {
    return static_cast<std::int64_t>(evictions_.size());
  }

 private:
  Session session_;
  LaneId lane_ = 0;
  std::vector<record::EvictionRecord> evictions_;
};

TEST(Decisions, CountVictimsThatWindowWouldHaveKept) {
  for (const char* policy : {"window", "tova", "heavy-hitter", "random", "sketch"}) {
    for (const settings::Granularity granularity :
         {settings::Granularity::layer, settings::Granularity::head}) {
      settings::Knobs knobs = deciding_knobs();
      knobs.policy = policy;
      knobs.granularity = granularity;
      FedLane fed(knobs, 50);
      const Decisions decided = fed.decided();
      EXPECT_EQ(decided.victims, fed.evictions()) << policy;
      EXPECT_EQ(decided.unlike_window, fed.unlike_window()) << policy;
      EXPECT_EQ(decided.unlike_window == 0, policy == std::string("window"));
      EXPECT_THAT(fed.idle(), IsEmpty()) << policy;
    }
  }
}

TEST(Decisions, LeaveOutVictimsWithoutAChoice) {
  settings::Knobs knobs = deciding_knobs();
  knobs.policy = "tova";
  knobs.recent_window = 40;
  FedLane fed(knobs, 30);
  EXPECT_EQ(fed.decided().victims, 0);
  EXPECT_GT(fed.evictions(), 0);
  EXPECT_THAT(fed.idle(), Contains(HasSubstr("policy tova decided nothing")));
}

TEST(Decisions, SayWhereNothingHadToLeave) {
  FedLane fed(deciding_knobs(), 12);
  EXPECT_THAT(fed.idle(), Contains(HasSubstr("policy sketch decided nothing: no table")));
  FedLane full({.policy = "full"}, 12);
  EXPECT_THAT(full.idle(), IsEmpty());
}

TEST(Decisions, SayWhereAFormulaIsWindow) {
  settings::Knobs knobs = deciding_knobs();
  knobs.policy = "formula";
  knobs.formula = "-age";
  FedLane fed(knobs, 20);
  EXPECT_THAT(fed.idle(), Contains(HasSubstr("is the one that window would evict")));
}

TEST(Decisions, CountScoresThatAreNoNumbers) {
  settings::Knobs knobs = deciding_knobs();
  knobs.policy = "formula";
  knobs.formula = "where(pos < 8, log(0), where(pos < 12, 0/0, mass))";
  FedLane fed(knobs, 40);
  EXPECT_EQ(fed.decided().without_number, 2 * 10) << "positions 2 to 11 of each layer";
  EXPECT_THAT(fed.idle(), Contains(HasSubstr("20 of 56 victims had no number")));
}

TEST(Decisions, CountReadsThatSkipped) {
  settings::Knobs knobs = deciding_knobs();
  knobs.read = "topk";
  knobs.read_k = 3;
  FedLane fed(knobs, 40);
  // 3 of highest score, 2 sinks and 4 recent ones: every table of at least 10 slots skips some.
  EXPECT_EQ(fed.decided().reads, 2 * 40);
  EXPECT_GE(fed.decided().reads_skipping, 2 * 30);
  EXPECT_LT(fed.decided().reads_skipping, 2 * 38);
  EXPECT_THAT(fed.idle(), IsEmpty());

  knobs.read_k = 12;
  FedLane all(knobs, 40);
  EXPECT_EQ(all.decided().reads_skipping, 0);
  EXPECT_THAT(all.idle(), Contains(HasSubstr("read topk decided nothing: none of 80 reads")));
}

TEST(Decisions, CountReadsOfASummary) {
  settings::Knobs knobs = deciding_knobs();
  knobs.read = "aggregate";
  knobs.aggregate = "centroid";
  FedLane fed(knobs, 20);
  EXPECT_EQ(fed.decided().reads_of_summary, 2 * 8) << "from the first victim on";
  FedLane none(knobs, 12);
  EXPECT_THAT(none.idle(), Contains(HasSubstr("did the summary take a share")));
}

TEST(Decisions, CountSlotsThatLostDigits) {
  settings::Knobs knobs = deciding_knobs();
  for (const kernels::KvFormat format :
       {kernels::KvFormat::f16, kernels::KvFormat::int8, kernels::KvFormat::int4}) {
    knobs.kv = format;
    FedLane fed(knobs, 20);
    EXPECT_EQ(fed.decided().slots, 2 * 20);
    EXPECT_EQ(fed.decided().slots_rounded, 2 * 20);
  }
  knobs.kv = kernels::KvFormat::f32;
  EXPECT_EQ(FedLane(knobs, 20).decided().slots_rounded, 0);
}

TEST(Decisions, SayWhereABudgetGivesEveryLayerTheSame) {
  settings::Knobs knobs = deciding_knobs();
  knobs.budget = settings::BudgetKind::pyramid;
  FedLane fed(knobs, 40);
  EXPECT_EQ(fed.decided().tables, 2);
  EXPECT_EQ(fed.decided().tables_resized, 2);
  knobs.recent_window = 10;  // with the sinks all slots are protected, and none is left to share
  FedLane alike(knobs, 40);
  EXPECT_THAT(alike.idle(), Contains(HasSubstr("budget pyramid decided nothing")));
}

TEST(Decisions, AddUp) {
  Decisions sum;
  core::SplitMix64 random(1);
  std::vector<std::int64_t> expected;
  for (const NamedCount& named : decision_counts()) {
    Decisions one, other;
    one.*named.count = static_cast<std::int64_t>(random.below(100));
    other.*named.count = static_cast<std::int64_t>(random.below(100));
    sum += one;
    sum += other;
    expected.push_back(one.*named.count + other.*named.count);
  }
  std::size_t at = 0;
  for (const NamedCount& named : decision_counts()) {
    EXPECT_EQ(sum.*named.count, expected[at++]) << named.name;
  }
}

}  // namespace
}  // namespace sketchscope::decode
