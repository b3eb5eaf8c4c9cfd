#include "engine/measure/evaluation.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "engine/checkpoint/checkpoint.hpp"
#include "engine/core/error.hpp"
#include "engine/core/random.hpp"
#include "engine/decode/session.hpp"
#include "engine/model/model_directory.hpp"
#include "tests/support/reference_run.hpp"
#include "tests/support/tiny_model.hpp"

namespace sketchscope::measure {
namespace {

std::vector<int> tokens_of(int count) {
  core::SplitMix64 random(11);
  std::vector<int> tokens;
  for (int i = 0; i < count; ++i) tokens.push_back(static_cast<int>(random.below(260)));
  return tokens;
}

/// Mean NLL by the independent implementation, and the victims it counted.
struct ReferenceResult {
  double nll = 0;
  std::int64_t evictions = 0;
};

ReferenceResult reference(const model::ModelConfig& config,
                          const checkpoint::Checkpoint& checkpoint, const settings::Knobs& knobs,
                          std::span<const int> tokens, std::size_t context) {
  ReferenceResult result;
  std::int64_t scored = 0;
  for (std::size_t start = 0; start < tokens.size(); start += context) {
    const auto chunk = tokens.subspan(start, std::min(context, tokens.size() - start));
    if (chunk.size() < 2) continue;
    support::ReferenceRun run(config, checkpoint, knobs);
    for (std::size_t i = 0; i < chunk.size(); ++i) {
      const std::vector<double> logits = run.feed(chunk[i]);
      if (i + 1 == chunk.size()) break;
      double total = 0;
      for (const double logit : logits) total += std::exp(logit);
      result.nll += std::log(total) - logits[static_cast<std::size_t>(chunk[i + 1])];
      ++scored;
    }
    result.evictions += static_cast<std::int64_t>(run.evictions().size());
  }
  result.nll /= static_cast<double>(scored);
  return result;
}

Evaluation measured(const settings::Knobs& knobs, std::span<const int> tokens,
                    EvaluationOptions options) {
  options.knobs = knobs;
  return evaluate(support::make_tiny_model(), tokens, options, {}, {});
}

class EveryPolicyEvaluated : public ::testing::TestWithParam<std::string_view> {};

TEST_P(EveryPolicyEvaluated, HasThePerplexityAndEvictionCountOfAnIndependentImplementation) {
  settings::Knobs knobs;
  knobs.policy = GetParam();
  knobs.max_cache_size = 14;
  knobs.recent_window = 5;
  knobs.sketch_width = 32;
  const std::vector<int> tokens = tokens_of(150);
  const support::TinyModelOptions options;
  const auto [nll, evictions] =
      reference(options.config, support::make_tiny_checkpoint(options), knobs, tokens, 48);
  for (const int lanes : {1, 3, 8}) {
    const Evaluation result = measured(knobs, tokens, {.context = 48, .lanes = lanes});
    EXPECT_EQ(result.scored, 150 - 4);
    EXPECT_NEAR(std::exp(result.nll - nll), 1, 1e-4);
    EXPECT_EQ(result.totals.evictions(), evictions);
  }
  EXPECT_EQ(evictions == 0, !knobs.policy->evicts);
}

INSTANTIATE_TEST_SUITE_P(Policies, EveryPolicyEvaluated,
                         ::testing::ValuesIn(policy::policy_kinds().names()),
                         [](const auto& parameter) {
                           std::string name(parameter.param);
                           std::erase(name, '-');
                           return name;
                         });

support::TinyModelOptions random_checkpoint(core::SplitMix64& random) {
  support::TinyModelOptions options{.seed = random.next()};
  options.config.layers = 1 + static_cast<int>(random.below(3));
  options.config.heads = 1 + static_cast<int>(random.below(4));
  options.config.kv_heads = options.config.heads;
  options.config.head_width = 2 * (1 + static_cast<int>(random.below(5)));
  options.config.width = options.config.heads * options.config.head_width;
  options.config.inner_width = 3 * options.config.width;
  return options;
}

settings::Knobs random_rules(core::SplitMix64& random, const std::string& policy) {
  settings::Knobs knobs{.policy = policy};
  knobs.max_cache_size = 6 + static_cast<int>(random.below(20));
  knobs.sinks = static_cast<int>(random.below(5));
  knobs.recent_window = static_cast<int>(random.below(6));
  knobs.sketch = random.below(2) == 0 ? "count-min" : "count-min-conservative";
  knobs.sketch_width = 1 + static_cast<int>(random.below(80));
  knobs.sketch_depth = 1 + static_cast<int>(random.below(6));
  knobs.sketch_seed = random.next();
  return knobs;
}

TEST(Evaluation, AgreesWithAnIndependentImplementationOnRandomCheckpointsUnderRandomRules) {
  const std::vector<std::string> policies = {"full",           "window", "heavy-hitter", "tova",
                                             "age-normalized", "sketch", "sketch",       "sketch"};
  for (std::uint64_t seed = 0; seed < 48; ++seed) {
    core::SplitMix64 random(seed);
    const support::TinyModelOptions options = random_checkpoint(random);
    const settings::Knobs knobs = random_rules(random, policies[seed % policies.size()]);
    const std::size_t context = 24 + random.below(41);
    SCOPED_TRACE("seed " + std::to_string(seed) + ": " + settings::knobs_to_json(knobs).dump());
    const std::vector<int> tokens = tokens_of(110);
    const auto [nll, evictions] =
        reference(options.config, support::make_tiny_checkpoint(options), knobs, tokens, context);
    const Evaluation result =
        evaluate(support::make_tiny_model(options), tokens,
                 {.knobs = knobs, .context = static_cast<int>(context)}, {}, {});
    EXPECT_NEAR(std::exp(result.nll - nll), 1, 1e-4);
    EXPECT_EQ(result.totals.evictions(), evictions);
  }
}

// The shipped model, and a text that it wrote itself.
class EmbeddedModel : public ::testing::TestWithParam<const char*> {
 protected:
  [[nodiscard]] static std::filesystem::path directory() {
    return std::filesystem::path(SKETCHSCOPE_SOURCE_DIR) / "assets" / "model";
  }

  [[nodiscard]] static std::vector<int> written_text(
      const std::shared_ptr<const model::Model>& model, int length) {
    decode::Session session(model, 1);
    settings::Knobs knobs{.policy = "full"};
    knobs.temperature = 1;
    const decode::LaneId lane = session.add_lane({.knobs = knobs});
    std::vector<int> tokens = {model->config().ends_of_text.front()};
    while (static_cast<int>(tokens.size()) < length) {
      session.step(std::vector<decode::LaneInput>{{.lane = lane, .token = tokens.back()}});
      tokens.push_back(session.lane(lane).draw_token());
    }
    return tokens;
  }
};

TEST_P(EmbeddedModel, HasThePerplexityAndEvictionCountOfAnIndependentImplementation) {
  const auto model = model::open_model(directory(), checkpoint::WeightDtype::as_stored).model;
  const std::vector<int> tokens = written_text(model, 130);
  settings::Knobs knobs =
      settings::knobs_from_json(nlohmann::json::parse(GetParam()), settings::Knobs());
  knobs.max_cache_size = 40;
  knobs.recent_window = 10;
  const auto [nll, evictions] =
      reference(model->config(), checkpoint::read_checkpoint(directory()), knobs, tokens, 65);
  const Evaluation result =
      evaluate(model, tokens, {.knobs = knobs, .context = 65, .lanes = 2}, {}, {});
  EXPECT_NEAR(std::exp(result.nll - nll), 1, 1e-4);
  EXPECT_EQ(result.totals.evictions(), evictions);
  EXPECT_EQ(evictions,
            2 * (65 - 40) * 6 * (knobs.granularity == settings::Granularity::head ? 6 : 1));
}

INSTANTIATE_TEST_SUITE_P(
    OnItsOwnText, EmbeddedModel,
    ::testing::Values(R"({"policy":"window"})", R"({"policy":"heavy-hitter"})",
                      R"({"policy":"tova"})", R"({"policy":"age-normalized"})",
                      R"({"policy":"caote","granularity":"head"})", R"({"policy":"sketch"})",
                      R"({"sketch":"count-min","sketch_width":64,"sketch_depth":2})",
                      R"({"sketch_seed":7,"sketch_width":96,"decay":0.97})",
                      R"({"sketch_key":"head-position","granularity":"head"})"));

TEST(Evaluation, SkipsAChunkOfOneToken) {
  EXPECT_EQ(measured({}, tokens_of(33), {.context = 16}).scored, 30);
  EXPECT_EQ(measured({}, tokens_of(1), {.context = 16}).scored, 0);
}

TEST(Evaluation, BeginsEachChunkWithTheStartTokenAndScoresTheRest) {
  const std::vector<int> tokens = tokens_of(31);
  const auto model = support::make_tiny_model();
  const auto chunks = chunks_of(tokens, *model, {.context = 11, .start_token = 259});
  ASSERT_EQ(chunks.size(), 4U);  // of 10, 10, 10 and 1 tokens of the text
  for (const auto& chunk : chunks) EXPECT_EQ(chunk.front(), 259);
  EXPECT_EQ(chunks[1],
            (std::vector<int>{259, tokens[10], tokens[11], tokens[12], tokens[13], tokens[14],
                              tokens[15], tokens[16], tokens[17], tokens[18], tokens[19]}));
  EXPECT_EQ(chunks.back(), (std::vector<int>{259, tokens[30]}));

  std::vector<int> by_hand;
  for (const auto& chunk : chunks) by_hand.insert(by_hand.end(), chunk.begin(), chunk.end());
  const settings::Knobs knobs{.policy = "full"};
  const Evaluation started = measured(knobs, tokens, {.context = 11, .start_token = 259});
  EXPECT_EQ(started.scored, 31);
  EXPECT_EQ(started.nll, measured(knobs, by_hand, {.context = 11}).nll);
  EXPECT_NE(started.nll, measured(knobs, tokens, {.context = 11}).nll);
}

TEST(Evaluation, FindsNoDivergenceUnderTheFullPolicy) {
  settings::Knobs knobs;
  knobs.policy = "full";
  const Evaluation result = measured(knobs, tokens_of(64), {.context = 32, .twin = true});
  EXPECT_EQ(result.totals.figure<&record::StepRecord::logit_kl>(), 0.0);
  EXPECT_EQ(result.totals.figure<&record::StepRecord::top1_agrees>(), 1.0);
  EXPECT_EQ(result.totals.figure<&record::LayerRecord::retained_mass>(), 1.0);
}

TEST(Evaluation, ChangesNothingByMeasuring) {
  settings::Knobs knobs;
  knobs.max_cache_size = 10;
  const std::vector<int> tokens = tokens_of(60);
  const Evaluation bare = measured(knobs, tokens, {.context = 60, .audit = false});
  const Evaluation watched = measured(knobs, tokens, {.context = 60, .twin = true});
  EXPECT_EQ(bare.nll, watched.nll);
  EXPECT_FALSE(bare.totals.figure<&record::LayerRecord::retained_mass>());
  EXPECT_FALSE(bare.totals.figure<&record::StepRecord::logit_kl>());
  EXPECT_EQ(bare.totals.memory_peak().audit, 0U);
  EXPECT_LT(watched.totals.figure<&record::LayerRecord::retained_mass>().value(), 1.0);
}

TEST(Evaluation, KeepsTheScoresOfEachChunkInTextOrderWhateverTheLanes) {
  const std::vector<int> tokens = tokens_of(150);
  settings::Knobs knobs;
  knobs.max_cache_size = 10;
  const Evaluation together = measured(knobs, tokens, {.context = 32, .twin = true, .lanes = 3});
  ASSERT_EQ(together.chunks.size(), 5U);
  double nll = 0;
  for (std::size_t at = 0; at < together.chunks.size(); ++at) {
    const auto chunk = std::span(tokens).subspan(32 * at, std::min<std::size_t>(32, 150 - 32 * at));
    const Evaluation alone = measured(knobs, chunk, {.context = 32});
    EXPECT_EQ(together.chunks[at].scored, std::ssize(chunk) - 1);
    EXPECT_NEAR(together.chunks[at].nll, alone.nll * static_cast<double>(alone.scored), 1e-9);
    nll += together.chunks[at].nll;
  }
  EXPECT_DOUBLE_EQ(nll / static_cast<double>(together.scored), together.nll);
  EXPECT_DOUBLE_EQ(perplexity(together.chunks)->value, std::exp(together.nll));
}

TEST(Evaluation, PairsItsChunksWithThoseOfTheFullCache) {
  const std::vector<int> tokens = tokens_of(300);
  settings::Knobs knobs;
  knobs.max_cache_size = 10;
  const Evaluation capped = measured(knobs, tokens, {.context = 32, .twin = true});
  const Evaluation full = measured({.policy = "full"}, tokens, {.context = 32});
  ASSERT_EQ(capped.full_chunks.size(), full.chunks.size());
  for (std::size_t at = 0; at < full.chunks.size(); ++at) {
    EXPECT_EQ(capped.full_chunks[at].nll, full.chunks[at].nll);
  }
  const Estimate ratio = perplexity_ratio(capped.chunks, full.chunks).value();
  EXPECT_NEAR(ratio.value, std::exp(capped.nll - full.nll), 1e-9);
  EXPECT_LE(ratio.interval->low, ratio.value);
  EXPECT_GE(ratio.interval->high, ratio.value);
  const ConfidenceInterval alone = *perplexity(capped.chunks)->interval;
  EXPECT_LT(std::log(ratio.interval->high / ratio.interval->low), std::log(alone.high / alone.low));
  EXPECT_EQ(perplexity_ratio(full.chunks, full.chunks)->interval->low, 1);
}

TEST(Evaluation, RefusesToPairDifferentChunks) {
  const std::vector<ChunkScore> scores = {{.nll = 3, .scored = 2}, {.nll = 1, .scored = 2}};
  const std::vector<ChunkScore> fewer = {{.nll = 3, .scored = 2}};
  EXPECT_THROW(perplexity_ratio(scores, fewer), core::Error);
}

TEST(Evaluation, RefusesAContextTheModelCannotHold) {
  EXPECT_THROW(measured({}, tokens_of(10), {.context = 65}), core::UsageError);
  EXPECT_THROW(measured({}, tokens_of(10), {.context = 1}), core::UsageError);
}

TEST(Evaluation, EndsAtTheNextStepWhenItIsAskedToStop) {
  std::stop_source source;
  source.request_stop();
  const Evaluation result =
      evaluate(support::make_tiny_model(), tokens_of(60), {}, {}, source.get_token());
  EXPECT_TRUE(result.interrupted);
  EXPECT_EQ(result.totals.passes(), 0U);
}

TEST(UnreadText, IsWarnedOfAboveAQuarterOfTheVocabulary) {
  EXPECT_EQ(unread_text_warning("the full cache", 250, 1000), std::nullopt);
  EXPECT_THAT(unread_text_warning("the full cache", 251, 1000).value(),
              ::testing::HasSubstr("The perplexity of the full cache is 251"));
}

}  // namespace
}  // namespace sketchscope::measure
