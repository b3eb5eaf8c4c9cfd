// The policy `formula` beside the policies that it can write.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <tuple>

#include "engine/core/error.hpp"
#include "engine/core/random.hpp"
#include "engine/decode/lane_state.hpp"
#include "engine/decode/session.hpp"
#include "tests/support/tiny_model.hpp"

namespace sketchscope::decode {
namespace {

struct Twin {
  std::string policy;
  std::string formula;
};

using Left = std::tuple<int, int, int>;  // layer, head, position

std::vector<Left> left_of(Lane& lane) {
  std::vector<Left> left;
  for (const record::EvictionRecord& eviction : lane.take_evictions()) {
    left.emplace_back(eviction.layer, eviction.head.value_or(-1), eviction.position);
  }
  return left;
}

settings::Knobs formula_knobs(settings::Granularity granularity) {
  return {.max_cache_size = 12,
          .sinks = 2,
          .recent_window = 4,
          .granularity = granularity,
          .sketch_width = 24};
}

std::vector<int> random_tokens(std::uint64_t seed, std::size_t count) {
  core::SplitMix64 random(seed);
  std::vector<int> tokens(count);
  for (int& token : tokens) token = static_cast<int>(random.below(250));
  return tokens;
}

class FormulaTwin
    : public ::testing::TestWithParam<std::tuple<Twin, settings::Granularity, std::string>> {
 protected:
  // A lane by the policy and one by its formula.
  void add_lanes(Session& session, int prompt) {
    const auto& [twin, granularity, read] = GetParam();
    settings::Knobs knobs = formula_knobs(granularity);
    knobs.read = read;
    knobs.read_k = 6;
    knobs.policy = twin.policy;
    by_policy_ = session.add_lane({.knobs = knobs});
    knobs.policy = "formula";
    knobs.formula = twin.formula;
    by_formula_ = session.add_lane({.knobs = knobs});
    if (prompt == 0) return;
    const std::vector<int> tokens = random_tokens(9, static_cast<std::size_t>(prompt));
    session.prefill(std::vector<LaneId>{by_policy_, by_formula_}, tokens);
  }

  // Feeds both the same tokens and returns how many positions left.
  std::size_t expect_same_victims(Session& session, std::uint64_t seed) const {
    std::size_t victims = 0;
    const auto compare = [&] {
      const std::vector<Left> expected = left_of(session.lane(by_policy_));
      EXPECT_EQ(left_of(session.lane(by_formula_)), expected);
      victims += expected.size();
    };
    compare();
    for (const int token : random_tokens(seed, 40)) {
      session.step(std::vector<LaneInput>{{by_policy_, token}, {by_formula_, token}});
      compare();
      if (HasFailure()) break;
    }
    return victims;
  }

  LaneId by_policy_ = 0, by_formula_ = 0;
};

TEST_P(FormulaTwin, ChoosesTheVictimsOfItsPolicy) {
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    for (const int prompt : {0, 20}) {
      Session session(support::make_tiny_model({.seed = seed}), 1);
      add_lanes(session, prompt);
      EXPECT_GT(expect_same_victims(session, seed), 50U) << "seed " << seed;
    }
  }
}

std::string twin_name(const ::testing::TestParamInfo<FormulaTwin::ParamType>& info) {
  const auto& [twin, granularity, read] = info.param;
  std::string name =
      twin.policy + "_as_" + twin.formula + "_by_" + core::name_of(granularity) + "_read_" + read;
  std::ranges::replace_if(
      name, [](unsigned char letter) { return std::isalnum(letter) == 0; }, '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(
    Policies, FormulaTwin,
    ::testing::Combine(::testing::Values(Twin{"window", "pos"}, Twin{"heavy-hitter", "mass"},
                                         Twin{"tova", "last"},
                                         Twin{"age-normalized", "mass/queries"},
                                         Twin{"key-norm", "-norm_k"}, Twin{"sketch", "estimate"},
                                         Twin{"caote", "damage"}, Twin{"key-diff", "keydiff"},
                                         Twin{"expected-attention", "expected * norm_v"},
                                         Twin{"heavy-hitter", "exp(rank(mass)/n) * 2"}),
                       ::testing::Values(settings::Granularity::layer, settings::Granularity::head),
                       ::testing::Values("full", "topk")),
    twin_name);

// The names are compared with what the lane's own views say.
TEST(FormulaPolicy, KnowsTheTableThatItScores) {
  settings::Knobs knobs = formula_knobs(settings::Granularity::head);
  knobs.policy = "formula";
  knobs.max_cache_size = 24;  // nothing leaves, so every formula scores the same positions
  Session session(support::make_tiny_model(), 1);
  const auto scores = [&](const std::string& formula) {
    settings::Knobs other = knobs;
    other.formula = formula;
    const LaneId lane = session.add_lane({.knobs = other});
    for (const int token : random_tokens(4, 20)) {
      session.step(std::vector<LaneInput>{{lane, token}});
    }
    return session.lane(lane).layer(1).table(1).scores();
  };
  const std::vector<float> positions = scores("pos");
  EXPECT_THAT(positions, ::testing::Contains(19));
  std::vector<float> ages, slots;
  for (const float position : positions) {
    ages.push_back(19 - position);
    slots.push_back(static_cast<float>(slots.size()));
  }
  EXPECT_EQ(scores("age"), ages);
  EXPECT_EQ(scores("queries - 1"), ages) << "a query for every token that came after it";
  EXPECT_EQ(scores("slot"), slots);
  for (const auto& [name, value] : {std::pair<std::string, float>{"layer", 1},
                                    {"head", 1},
                                    {"step", 20},
                                    {"n", 20},
                                    {"capacity", 24},
                                    {"T", 64}}) {
    EXPECT_THAT(scores(name), ::testing::Each(value)) << name;
  }
}

TEST(FormulaPolicy, MeasuresStoredValues) {
  settings::Knobs knobs = formula_knobs(settings::Granularity::layer);
  knobs.policy = "formula";
  knobs.formula = "norm_v";
  Session session(support::make_tiny_model(), 1);
  const LaneId lane = session.add_lane({.knobs = knobs});
  for (const int token : random_tokens(4, 20)) {
    session.step(std::vector<LaneInput>{{lane, token}});
  }
  const LaneState& state = session.lane(lane).state();
  const CacheTable& table = state.layers[0].tables[0];
  std::vector<float> value(2 * state.head_width());
  const std::vector<float> scores = session.lane(lane).layer(0).table(0).scores();
  for (int slot = 0; slot < table.slots.stored(); ++slot) {
    table.slots.read_value(slot, value);
    double norms = 0;
    for (const std::size_t head : {0U, 1U}) {
      double squares = 0;
      for (std::size_t at = 0; at < state.head_width(); ++at) {
        squares += std::pow(value[head * state.head_width() + at], 2);
      }
      norms += std::sqrt(squares);
    }
    EXPECT_NEAR(scores[static_cast<std::size_t>(slot)], norms, 1e-5);
  }
}

TEST(FormulaPolicy, TakesAnotherFormulaAtTheNextStepAndKeepsWhatBothCount) {
  settings::Knobs knobs = formula_knobs(settings::Granularity::layer);
  knobs.policy = "formula";
  knobs.formula = "mass";
  Session session(support::make_tiny_model(), 1);
  const LaneId lane = session.add_lane({.knobs = knobs});
  const std::vector<int> tokens = random_tokens(6, 40);
  const auto feed = [&](std::size_t first, std::size_t end) {
    for (std::size_t at = first; at < end; ++at) {
      session.step(std::vector<LaneInput>{{lane, tokens[at]}});
    }
  };
  feed(0, 20);
  const std::vector<float> mass = session.lane(lane).layer(0).table(0).scores();
  knobs.formula = "0 - mass + norm_v * 0";
  const auto changes = session.lane(lane).apply(knobs);
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(changes[0].knob, "formula");
  EXPECT_EQ(changes[0].from, "mass");
  const std::vector<float> turned = session.lane(lane).layer(0).table(0).scores();
  for (std::size_t slot = 0; slot < mass.size(); ++slot) EXPECT_EQ(turned[slot], -mass[slot]);

  feed(20, 21);
  std::size_t lowest = 0;
  const record::EvictionRecord last = session.lane(lane).take_evictions().back();
  for (std::size_t slot = 0; slot < mass.size(); ++slot) lowest += mass[slot] < -last.score;
  EXPECT_GT(lowest, 3U) << "the largest mass leaves now";

  EXPECT_THROW(settings::set_knob(knobs, "formula", "mass +"), core::UsageError);
  EXPECT_EQ(knobs.formula.text(), "0 - mass + norm_v * 0");
  feed(21, 40);
}

TEST(FormulaPolicy, LetsWhatIsNoNumberLeaveFirst) {
  settings::Knobs knobs = formula_knobs(settings::Granularity::layer);
  knobs.policy = "formula";
  knobs.formula = "where(pos == 5, sqrt(-1), where(pos == 3, log(0), pos + 7))";
  knobs.recent_window = 1;
  Session session(support::make_tiny_model(), 1);
  const LaneId lane = session.add_lane({.knobs = knobs});
  std::vector<int> left;
  for (const int token : random_tokens(4, 15)) {
    session.step(std::vector<LaneInput>{{lane, token}});
    for (const record::EvictionRecord& eviction : session.lane(lane).take_evictions()) {
      if (eviction.layer == 0) left.push_back(eviction.position);
    }
  }
  EXPECT_THAT(left, ::testing::ElementsAre(3, 5, 2));
}

}  // namespace
}  // namespace sketchscope::decode
