#include "engine/measure/heads.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <map>

#include "engine/core/error.hpp"
#include "engine/core/random.hpp"
#include "engine/decode/session.hpp"
#include "tests/support/fed_layer.hpp"
#include "tests/support/random_knobs.hpp"
#include "tests/support/tiny_model.hpp"

namespace sketchscope::measure {
namespace {

constexpr int kHeads = 3;
constexpr int kWidth = 8;
constexpr int kSteps = 50;
constexpr model::ModelConfig kConfig{.layers = 1,
                                     .heads = kHeads,
                                     .width = kHeads * kWidth,
                                     .inner_width = 4,
                                     .vocabulary = 300,
                                     .positions = kSteps};

/// Keeps what it was shown of the last step, by layer and head.
class Recorder final : public cache::AttentionObserver {
 public:
  [[nodiscard]] bool wants(int, int, int position) const override {
    last_position_ = position;
    return true;
  }
  void see(int layer, int head, const cache::ShadowAttention& attention) override {
    seen[{layer, head}] = attention;
  }
  [[nodiscard]] int last_position() const { return last_position_; }

  std::map<std::pair<int, int>, cache::ShadowAttention> seen;

 private:
  mutable int last_position_ = -1;
};

using Rows = std::vector<std::vector<float>>;

std::vector<float> random_vector(core::SplitMix64& random) {
  std::vector<float> vector(kHeads * kWidth);
  for (float& x : vector) x = static_cast<float>(3 * random.uniform() - 1.5);
  return vector;
}

/// Softmax of one head's query over the keys of some positions, in plain loops; 0 elsewhere.
std::vector<double> attention_over(const std::vector<int>& positions, const Rows& keys,
                                   const std::vector<float>& query, int head) {
  std::vector<double> mass(keys.size());
  double sum = 0;
  for (const int position : positions) {
    double score = 0;
    for (int d = head * kWidth; d < (head + 1) * kWidth; ++d) {
      score += double{query[d]} * keys[position][d];
    }
    mass[position] = std::exp(score / std::sqrt(kWidth));
    sum += mass[position];
  }
  for (double& one : mass) one /= sum;
  return mass;
}

/// The figures once more, by their definitions.
HeadShift shift_by_definition(const std::vector<double>& p, const std::vector<double>& q) {
  HeadShift shift;
  double pp = 0, qq = 0, pq = 0;
  std::size_t peak_p = 0, peak_q = 0;
  for (std::size_t i = 0; i < p.size(); ++i) {
    if (q[i] > 0) {
      shift.retained_mass += p[i];
      shift.attention_kl += q[i] * std::log(q[i] / p[i]);
    }
    shift.attention_tv += std::abs(p[i] - q[i]) / 2;
    pp += p[i] * p[i];
    qq += q[i] * q[i];
    pq += p[i] * q[i];
    if (p[i] > p[peak_p]) peak_p = i;
    if (q[i] > q[peak_q]) peak_q = i;
  }
  shift.attention_cosine = pq / std::sqrt(pp * qq);
  shift.peak_shift = std::abs(static_cast<double>(peak_p) - static_cast<double>(peak_q));
  shift.peak_moved = peak_p != peak_q ? 1 : 0;
  return shift;
}

void expect_near(const HeadShift& own, const HeadShift& expected, const std::string& where) {
  for (const HeadFigure& figure : kHeadFigures) {
    EXPECT_NEAR(own.*figure.value, expected.*figure.value, 2e-5) << figure.name << ", " << where;
  }
}

/// Positions that a head's table stores.
std::vector<int> stored(const support::FedLayer& fed, int head) {
  const std::vector<decode::TableView> tables = fed.tables();
  const auto positions = tables[tables.size() > 1 ? static_cast<std::size_t>(head) : 0].positions();
  return {positions.begin(), positions.end()};
}

TEST(HeadShift, IsThatOfBothAttentionsInPlainLoops) {
  for (const settings::Granularity granularity :
       {settings::Granularity::layer, settings::Granularity::head}) {
    for (const char* policy : {"window", "tova", "heavy-hitter", "random"}) {
      const auto recorder = std::make_shared<Recorder>();
      support::FedLayer fed(kConfig, {.knobs = {.policy = policy,
                                                .max_cache_size = 12,
                                                .sinks = 2,
                                                .recent_window = 3,
                                                .granularity = granularity},
                                      .audit = true,
                                      .observer = recorder});
      core::SplitMix64 random(7);
      Rows keys;
      std::vector<int> all;
      double moved = 0;
      for (int position = 0; position < kSteps; ++position) {
        const auto query = random_vector(random);
        keys.push_back(random_vector(random));
        all.push_back(position);
        fed.step(position, query, keys.back(), random_vector(random));
        ASSERT_EQ(recorder->last_position(), position);
        for (int head = 0; head < kHeads; ++head) {
          const auto expected =
              shift_by_definition(attention_over(all, keys, query, head),
                                  attention_over(stored(fed, head), keys, query, head));
          expect_near(shift_of(recorder->seen.at({0, head})), expected,
                      std::string(policy) + ", " + core::name_of(granularity) + ", position " +
                          std::to_string(position));
          moved += expected.peak_moved;
        }
      }
      EXPECT_GT(moved, 0);  // there was something to see
    }
  }
}

TEST(HeadShift, AddsUpToTheLayersDivergenceWhateverTheKnobs) {
  core::SplitMix64 random(11);
  for (int round = 0; round < 60; ++round) {
    settings::Knobs knobs = support::random_knobs(random);
    const auto recorder = std::make_shared<Recorder>();
    support::FedLayer fed(kConfig, {.knobs = knobs, .audit = true, .observer = recorder});
    for (int position = 0; position < kSteps; ++position) {
      const auto query = random_vector(random), key = random_vector(random);
      fed.step(position, query, key, random_vector(random));
      for (const decode::TableView& table : fed.tables()) {
        const cache::Divergence& divergence = table.divergence();
        const sketch::HeadRange heads = table.query_heads();
        if (divergence.heads == 0) continue;
        double retained = 0, kl = 0, tv = 0;
        for (int head = 0; head < heads.count; ++head) {
          const HeadShift shift = shift_of(recorder->seen.at({0, heads.first + head}));
          retained += shift.retained_mass / heads.count;
          kl += shift.attention_kl / heads.count;
          tv += shift.attention_tv / heads.count;
        }
        const std::string where =
            support::describe(knobs) + ", position " + std::to_string(position);
        EXPECT_NEAR(retained, divergence.retained_mass(), 1e-4) << where;
        EXPECT_NEAR(kl, divergence.attention_kl(), 1e-4) << where;
        EXPECT_NEAR(tv, divergence.attention_tv(), 1e-4) << where;
      }
    }
  }
}

TEST(HeadWatch, LooksAtWhatWasChosenAndNoMore) {
  const model::ModelConfig config = support::TinyModelOptions{}.config;
  const auto watch = std::make_shared<HeadWatch>(
      config, HeadSelection{.layers = {1}, .heads = {0}, .queries = {4, 8, 9, 12}, .every = 4});
  decode::Session session(support::make_tiny_model(), 1);
  const decode::LaneId lane = session.add_lane(
      {.knobs = {.policy = "tova", .max_cache_size = 6, .sinks = 1, .recent_window = 2},
       .audit = true,
       .observer = watch});
  for (int token = 0; token < 20; ++token)
    session.step(std::vector<decode::LaneInput>{{lane, token}});
  EXPECT_EQ(watch->queries(), 3);  // 4, 8 and 12
  ASSERT_EQ(watch->means().size(), 1U);
  EXPECT_EQ(watch->means().front().layer, 1);
  EXPECT_EQ(watch->means().front().head, 0);
  EXPECT_LT(watch->means().front().figures[0].value(), 1.0);
}

TEST(HeadWatch, RefusesWhatTheModelDoesNotHave) {
  const model::ModelConfig config = support::TinyModelOptions{}.config;
  EXPECT_THROW(HeadWatch(config, {.layers = {2}}), core::UsageError);
  EXPECT_THROW(HeadWatch(config, {.heads = {0, 5}}), core::UsageError);
  EXPECT_THROW(HeadWatch(config, {.queries = {64}}), core::UsageError);
}

}  // namespace
}  // namespace sketchscope::measure
