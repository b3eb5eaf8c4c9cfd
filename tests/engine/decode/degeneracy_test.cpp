#include "engine/decode/degeneracy.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/core/random.hpp"
#include "engine/decode/session.hpp"
#include "tests/support/tiny_model.hpp"

namespace sketchscope::decode {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

using Settings = std::vector<std::pair<std::string, std::string>>;

settings::Knobs with(const Settings& settings) {
  settings::Knobs knobs;
  for (const auto& [knob, value] :
       Settings{{"max_cache_size", "16"}, {"recent_window", "4"}, {"sinks", "2"}}) {
    settings::set_knob(knobs, knob, value);
  }
  for (const auto& [knob, value] : settings) settings::set_knob(knobs, knob, value);
  return knobs;
}

/// Lanes fed the same tokens.
class Fed {
 public:
  explicit Fed(const std::vector<Settings>& lanes, int tokens = 50)
      : session_(support::make_tiny_model(), 1) {
    for (const Settings& settings : lanes) {
      ids_.push_back(session_.add_lane({.knobs = with(settings)}));
    }
    core::SplitMix64 random(3);
    for (int step = 0; step < tokens; ++step) {
      std::vector<LaneInput> inputs;
      const auto token = static_cast<int>(random.below(260));
      for (const LaneId id : ids_) inputs.push_back({.lane = id, .token = token});
      session_.step(inputs);
    }
  }
  [[nodiscard]] const Lane& lane(std::size_t index = 0) const { return session_.lane(ids_[index]); }
  [[nodiscard]] std::vector<std::string> warnings() const {
    return sketchscope::decode::warnings(degeneracy_of(lane()), lane().knobs());
  }

 private:
  Session session_;
  std::vector<LaneId> ids_;
};

std::vector<std::string> warnings_of(const Settings& settings) {
  return Fed(std::vector<Settings>{settings}).warnings();
}

TEST(Degeneracy, IsNoneWhereThePolicyChooses) {
  for (const Settings& settings :
       std::vector<Settings>{{{"policy", "heavy-hitter"}},
                             {{"policy", "heavy-hitter"}, {"granularity", "head"}},
                             {{"policy", "sketch"}},
                             {{"sketch_key", "head-position"}, {"granularity", "head"}},
                             {{"sketch_key", "key-lsh"}, {"lsh_bits", "24"}},
                             {{"policy", "full"}},
                             {{"policy", "window"}}}) {
    EXPECT_THAT(warnings_of(settings), IsEmpty()) << settings.front().second;
  }
}

TEST(Degeneracy, SaysWhereProtectionFillsTheCapacity) {
  EXPECT_THAT(warnings_of({{"policy", "heavy-hitter"}, {"recent_window", "15"}}),
              ElementsAre(HasSubstr("the policy has no choice")));
  EXPECT_THAT(warnings_of({{"policy", "heavy-hitter"}, {"recent_window", "13"}}), IsEmpty());
}

TEST(Degeneracy, SaysWhereAPolicyKeepsWhatTheWindowWould) {
  // One slot is free: whatever the scores, the position that just left the recent window goes.
  EXPECT_THAT(warnings_of({{"policy", "tova"}, {"recent_window", "14"}}),
              ElementsAre(HasSubstr("policy tova kept what window would keep")));
}

TEST(Degeneracy, SaysWhereHeadsHoldTheSame) {
  EXPECT_THAT(warnings_of({{"policy", "sketch"}, {"granularity", "head"}}),
              ElementsAre(HasSubstr("sketch_key head-position tells heads apart")));
  EXPECT_THAT(warnings_of({{"policy", "window"}, {"granularity", "head"}}),
              ElementsAre(HasSubstr("granularity head changes nothing")));
}

TEST(Degeneracy, SaysWhereKeysCollideBeforeTheyAreCounted) {
  EXPECT_THAT(warnings_of({{"sketch_key", "key-lsh"}, {"lsh_bits", "2"}}),
              ElementsAre(HasSubstr("raise lsh_bits")));
}

TEST(Degeneracy, IsNotFoundInALaneThatWasFedNothing) {
  EXPECT_THAT(Fed({Settings{}}, 0).warnings(), IsEmpty());
}

TEST(Degeneracy, IsNotFoundBeforeAnythingLeft) {
  const Fed fed(std::vector<Settings>{{{"policy", "tova"}, {"recent_window", "14"}}}, 12);
  EXPECT_EQ(degeneracy_of(fed.lane()).tables, 0);
}

TEST(TablesAlike, CountsTablesWithTheSamePositions) {
  const Fed fed(std::vector<Settings>{{{"policy", "heavy-hitter"}},
                                      {{"policy", "sketch"}, {"sketch", "exact"}},
                                      {{"policy", "window"}},
                                      {{"policy", "window"}, {"granularity", "head"}}});
  const TablesAlike same = tables_alike(fed.lane(0), fed.lane(1));
  EXPECT_EQ(same.compared, 2);
  EXPECT_EQ(same.alike, 2) << "exact counters of positions are what heavy-hitter counts";
  EXPECT_EQ(tables_alike(fed.lane(0), fed.lane(2)).alike, 0);
  EXPECT_EQ(tables_alike(fed.lane(2), fed.lane(3)).alike, 4) << "a table for each of two heads";
}

TEST(ComparisonWarnings, NameTwoPoliciesThatHoldTheSameOnceTablesTurnedOver) {
  const std::vector<Settings> lanes = {{{"policy", "heavy-hitter"}},
                                       {{"policy", "sketch"}, {"sketch", "exact"}},
                                       {{"policy", "sketch"}, {"sketch_width", "2"}},
                                       {{"policy", "heavy-hitter"}}};
  const Fed fed(lanes);
  EXPECT_THAT(comparison_warnings(fed.lane(0), fed.lane(1)),
              ElementsAre(HasSubstr("heavy-hitter and sketch hold the same positions")));
  EXPECT_THAT(comparison_warnings(fed.lane(0), fed.lane(2)), IsEmpty());
  EXPECT_THAT(comparison_warnings(fed.lane(0), fed.lane(3)), IsEmpty()) << "one policy";
  const Fed young(lanes, 18);
  EXPECT_THAT(comparison_warnings(young.lane(0), young.lane(1)), IsEmpty());
}

/// Returns the positions below `fed` that no head of any layer stores, by a look at all tables.
int gone_from_all_tables(const Lane& lane, int fed) {
  int gone = 0;
  for (int position = 0; position < fed; ++position) {
    bool stored = false;
    for (const LayerView& layer : lane.layers()) {
      for (const TableView& table : layer.tables()) {
        for (const int other : table.positions()) stored = stored || other == position;
      }
    }
    gone += stored ? 0 : 1;
  }
  return gone;
}

TEST(GlobalEviction, CountsThePositionsThatNoHeadOfAnyLayerStores) {
  for (const std::string policy : {"heavy-hitter", "random", "full"}) {
    for (const std::string granularity : {"layer", "head"}) {
      const Fed fed({{{"policy", policy}, {"granularity", granularity}}});
      const int gone = gone_from_all_tables(fed.lane(), 50);
      EXPECT_DOUBLE_EQ(global_eviction_ratio(fed.lane()), gone / 50.0);
      EXPECT_EQ(gone == 0, policy == "full") << policy << " " << granularity;
    }
  }
}

TEST(GlobalEviction, CountsAPositionOnceWhereEachLayerCutsTheWholePrompt) {
  core::SplitMix64 random(4);
  std::vector<int> prompt;
  for (int i = 0; i < 40; ++i) prompt.push_back(static_cast<int>(random.below(260)));
  for (const std::string policy : {"window", "heavy-hitter", "random", "full"}) {
    for (const std::string granularity : {"layer", "head"}) {
      Session session(support::make_tiny_model(), 1);
      const LaneId id =
          session.add_lane({.knobs = with({{"policy", policy}, {"granularity", granularity}})});
      session.prefill(id, prompt);
      for (int fed = 40; fed < 60; ++fed) {
        const int gone = gone_from_all_tables(session.lane(id), fed);
        ASSERT_DOUBLE_EQ(global_eviction_ratio(session.lane(id)), gone / static_cast<double>(fed))
            << policy << " by " << granularity << " after " << fed << " tokens";
        const LaneInput input{.lane = id, .token = static_cast<int>(random.below(260))};
        session.step({&input, 1});
      }
    }
  }
}

}  // namespace
}  // namespace sketchscope::decode
