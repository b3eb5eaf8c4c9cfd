#include "engine/measure/evaluation.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <map>

#include "engine/core/error.hpp"
#include "engine/core/random.hpp"
#include "engine/decode/session.hpp"
#include "tests/support/tiny_model.hpp"

namespace sketchscope::measure {
namespace {

std::vector<int> random_tokens(std::uint64_t seed, int count) {
  core::SplitMix64 random(seed);
  std::vector<int> tokens;
  for (int i = 0; i < count; ++i) tokens.push_back(static_cast<int>(random.below(260)));
  return tokens;
}

// Masses (step + 1) of every step, drawn at random.
std::vector<std::vector<float>> random_masses(core::SplitMix64& random, int steps) {
  std::vector<std::vector<float>> masses;
  for (int step = 0; step < steps; ++step) {
    masses.emplace_back();
    for (int at = 0; at <= step; ++at) {
      const auto u = static_cast<float>(random.uniform());
      masses.back().push_back(u * u * u);
    }
  }
  return masses;
}

TEST(FutureMass, SumsWhatThisStepAndAllThatFollowGive) {
  core::SplitMix64 random(2);
  const int steps = 20;
  FutureMass future(2, 3, steps);
  std::map<std::pair<int, int>, std::vector<std::vector<float>>> masses;
  for (int layer = 0; layer < 2; ++layer) {
    for (int table = 0; table < 3; ++table) {
      auto& of_table = masses[{layer, table}] = random_masses(random, steps);
      for (int step = 0; step < steps; ++step) {
        future.record(layer, table, step, of_table[static_cast<std::size_t>(step)]);
      }
    }
  }
  future.accumulate();
  for (const auto& [place, of_table] : masses) {
    for (int step = 0; step < steps; ++step) {
      for (int position = 0; position < step; ++position) {
        double sum = 0;
        for (int later = step; later < steps; ++later) {
          sum += of_table[static_cast<std::size_t>(later)][static_cast<std::size_t>(position)];
        }
        EXPECT_NEAR(future.from(place.first, place.second, step, position), sum, 1e-5);
      }
    }
  }
  EXPECT_EQ(future.from(0, 0, steps, 3), 0);
  EXPECT_THROW(future.record(0, 0, 4, std::vector<float>(4)), core::Error);
}

// The most mass that a table of `capacity` slots can retain, by trying every order of victims.
double best_retained(const std::vector<std::vector<float>>& masses, int capacity, int step,
                     unsigned stored, std::map<std::pair<int, unsigned>, double>& known) {
  if (step == std::ssize(masses)) return 0;
  const auto found = known.find({step, stored});
  if (found != known.end()) return found->second;
  std::vector<unsigned> choices;
  const unsigned incoming = 1U << static_cast<unsigned>(step);
  if (__builtin_popcount(stored) < capacity) {
    choices.push_back(stored | incoming);
  } else {
    for (int position = 0; position < step; ++position) {
      const unsigned bit = 1U << static_cast<unsigned>(position);
      if ((stored & bit) != 0) choices.push_back((stored & ~bit) | incoming);
    }
  }
  double best = 0;
  for (const unsigned next : choices) {
    double retained = 0;
    for (int position = 0; position <= step; ++position) {
      if ((next >> static_cast<unsigned>(position) & 1U) != 0) {
        retained += masses[static_cast<std::size_t>(step)][static_cast<std::size_t>(position)];
      }
    }
    best = std::max(best, retained + best_retained(masses, capacity, step + 1, next, known));
  }
  return known[{step, stored}] = best;
}

// Returns the mass that the oracle retains with a single table.
double oracle_retained(const std::vector<std::vector<float>>& masses, int capacity) {
  FutureMass future(1, 1, static_cast<int>(masses.size()));
  for (std::size_t step = 0; step < masses.size(); ++step) {
    future.record(0, 0, static_cast<int>(step), masses[step]);
  }
  future.accumulate();
  const OraclePolicy oracle(std::move(future));
  const cache::SlotStatistics none;
  std::vector<int> stored;
  double retained = 0;
  for (int step = 0; step < std::ssize(masses); ++step) {
    if (static_cast<int>(stored.size()) == capacity) {
      std::vector<float> scores(stored.size());
      oracle.score({.stored_positions = stored, .statistics = none}, scores);
      stored.erase(stored.begin() + (std::ranges::min_element(scores) - scores.begin()));
    }
    stored.push_back(step);
    for (const int position : stored) {
      retained += masses[static_cast<std::size_t>(step)][static_cast<std::size_t>(position)];
    }
  }
  return retained;
}

TEST(OraclePolicy, RetainsNearlyWhatTheBestOfAllOrdersOfVictimsRetains) {
  double share = 0;
  constexpr int kTrials = 40;
  for (std::uint64_t seed = 0; seed < kTrials; ++seed) {
    core::SplitMix64 random(seed);
    const auto masses = random_masses(random, 11);
    std::map<std::pair<int, unsigned>, double> known;
    const double best = best_retained(masses, 4, 0, 0, known);
    const double own = oracle_retained(masses, 4);
    ASSERT_LE(own, best + 1e-4);
    EXPECT_GT(own, 0.88 * best) << "seed " << seed;
    share += own / best / kTrials;
  }
  EXPECT_GT(share, 0.96);  // greedy, so not 1
}

TEST(Oracle, KnowsTheLostMassOfTheFirstLayerWhoseQueriesNoCapChanges) {
  const auto model = support::make_tiny_model();
  const std::vector<int> tokens = random_tokens(5, 60);
  const FutureMass future = record_future(model, tokens, false, 1);
  decode::Session session(model, 1);
  settings::Knobs knobs{.policy = "window", .max_cache_size = 10, .sinks = 1};
  knobs.recent_window = 2;
  const decode::LaneId lane = session.add_lane({.knobs = knobs, .audit = true});
  for (int step = 0; step < std::ssize(tokens); ++step) {
    session.step(std::vector<decode::LaneInput>{{lane, tokens[static_cast<std::size_t>(step)]}});
    const decode::TableView table = session.lane(lane).layer(0).table(0);
    std::vector<bool> stored(tokens.size());
    for (const int position : table.positions()) {
      stored[static_cast<std::size_t>(position)] = true;
    }
    double lost = 0;
    for (int position = 0; position < step; ++position) {
      if (stored[static_cast<std::size_t>(position)]) continue;
      lost += future.from(0, 0, step, position) - future.from(0, 0, step + 1, position);
    }
    EXPECT_NEAR(table.divergence().lost_mass, lost, 2e-4) << "step " << step;
  }
}

// A measurement, not a theorem: these are fixed texts.
TEST(Oracle, LosesLessMassThanEveryPolicyOnTheseTexts) {
  const auto model = support::make_tiny_model();
  for (const settings::Granularity granularity :
       {settings::Granularity::layer, settings::Granularity::head}) {
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
      const std::vector<int> tokens = random_tokens(seed, 128);
      settings::Knobs knobs{.policy = "window", .max_cache_size = 16, .sinks = 1};
      knobs.recent_window = 2;
      knobs.granularity = granularity;
      const Evaluation bound =
          evaluate(model, tokens, {.knobs = knobs, .oracle = true, .lanes = 2}, {}, {});
      for (const policy::PolicyKind& kind : policy::policy_kinds()) {
        if (!kind.evicts) continue;
        knobs.policy = kind;
        const Evaluation other = evaluate(model, tokens, {.knobs = knobs}, {}, {});
        EXPECT_EQ(bound.totals.evictions(), other.totals.evictions());
        EXPECT_GT(*bound.totals.figure<&record::LayerRecord::retained_mass>(),
                  *other.totals.figure<&record::LayerRecord::retained_mass>())
            << kind.name << " by " << core::name_of(granularity) << " seed " << seed;
        EXPECT_LT(*bound.totals.figure<&record::LayerRecord::regret>(),
                  *other.totals.figure<&record::LayerRecord::regret>())
            << kind.name;
      }
    }
  }
}

TEST(Oracle, RefusesWhatItCannotDecide) {
  const auto model = support::make_tiny_model();
  const std::vector<int> tokens = random_tokens(1, 40);
  EXPECT_THROW(evaluate(model, tokens, {.knobs = {.policy = "full"}, .oracle = true}, {}, {}),
               core::UsageError);
  settings::Knobs mass;
  mass.read = "aggregate";
  EXPECT_THROW(evaluate(model, tokens, {.knobs = mass, .oracle = true}, {}, {}), core::UsageError);
}

}  // namespace
}  // namespace sketchscope::measure
