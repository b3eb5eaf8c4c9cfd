#include "engine/schedule/schedule.hpp"

#include <gmock/gmock.h>

#include <algorithm>

#include "engine/core/error.hpp"
#include "engine/core/random.hpp"
#include "engine/schedule/run_totals.hpp"
#include "tests/support/reference_passage.hpp"

namespace sketchscope::schedule {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::Le;
using ::testing::SizeIs;

std::vector<int> random_tokens(core::SplitMix64& random, std::uint64_t count) {
  std::vector<int> tokens(count);
  for (int& token : tokens) token = static_cast<int>(random.below(259));
  return tokens;
}

settings::Knobs random_rules(core::SplitMix64& random) {
  constexpr std::array kPolicies = {"full",         "window",         "sketch", "tova",
                                    "heavy-hitter", "age-normalized", "random"};
  constexpr std::array kPrefills = {settings::Prefill::automatic, settings::Prefill::full,
                                    settings::Prefill::stream};
  settings::Knobs knobs{.policy = kPolicies[random.below(kPolicies.size())]};
  knobs.max_cache_size = 8 + static_cast<int>(random.below(12));
  knobs.sinks = static_cast<int>(random.below(4));
  knobs.recent_window = static_cast<int>(random.below(5));
  knobs.sketch_width = 16 + static_cast<int>(random.below(60));
  knobs.prefill = kPrefills[random.below(kPrefills.size())];
  return knobs;
}

/// Tokens of a request, which outlive it.
struct Material {
  settings::Knobs knobs;
  std::vector<int> prompt;
  std::vector<int> given;
  int drawn = 0;

  [[nodiscard]] Passage passage() const {
    return {.prompt = prompt, .given = given, .drawn = {.tokens = drawn}};
  }
};

std::vector<Material> random_material(std::uint64_t seed, int count) {
  core::SplitMix64 random(seed);
  std::vector<Material> all;
  for (int at = 0; at < count; ++at) {
    Material& one = all.emplace_back();
    one.knobs = random_rules(random);
    one.prompt = random_tokens(random, random.below(25));
    one.given = random_tokens(random, 1 + random.below(20));
    one.drawn = static_cast<int>(random.below(12));
  }
  return all;
}

std::vector<LaneGroup> groups_of(std::span<const Material> material) {
  std::vector<LaneGroup> groups;
  for (const Material& one : material) {
    groups.push_back({{.lane = {.knobs = one.knobs}, .passage = one.passage()}});
  }
  return groups;
}

ScheduleOutcome scheduled(std::span<const LaneGroup> groups, std::size_t lanes) {
  decode::Session session(support::make_tiny_model(), 1);
  ScheduleOutcome outcome = run_schedule(session, {.groups = groups, .lanes = lanes}, {});
  EXPECT_EQ(session.pools().pages_in_use(), 0U) << "lanes were left in the session";
  return outcome;
}

TEST(Schedule, TakesEveryPassageAsAnIndependentImplementationDoesWhateverRunsBeside) {
  const std::vector<Material> material = random_material(3, 24);
  const auto groups = groups_of(material);
  std::vector<support::ReferencePassage> references;
  for (const Material& one : material) {
    references.push_back(support::reference_passage({}, one.knobs, one.passage()));
  }
  const ScheduleOutcome alone = scheduled(groups, 1);
  for (const std::size_t lanes : {1U, 5U, 24U}) {
    const ScheduleOutcome outcome = scheduled(groups, lanes);
    ASSERT_THAT(outcome.groups, SizeIs(material.size()));
    for (std::size_t at = 0; at < material.size(); ++at) {
      SCOPED_TRACE("request " + std::to_string(at) + ", lanes " + std::to_string(lanes));
      const LaneOutcome& own = outcome.groups[at].front();
      EXPECT_NEAR(own.nll, references[at].nll, 1e-3);
      EXPECT_EQ(own.scored, references[at].scored);
      EXPECT_EQ(own.drawn, references[at].drawn);
      EXPECT_EQ(own.end, SequenceEnd::complete);
      EXPECT_EQ(own.nll, alone.groups[at].front().nll) << "to the last bit";
    }
  }
}

TEST(Schedule, NeverPartsAGroupNorExceedsItsLanes) {
  const std::vector<Material> material = random_material(5, 12);
  std::vector<LaneGroup> groups;
  for (std::size_t at = 0; at < material.size(); at += 2) {
    LaneGroup& group = groups.emplace_back();
    for (const Material& one : {material[at], material[at + 1]}) {
      group.push_back({.lane = {.knobs = one.knobs}});
    }
    for (std::size_t lane = 0; lane < 2; ++lane)
      group[lane].passage = material[at + lane].passage();
  }
  for (const std::size_t lanes : {1U, 2U, 5U, 6U}) {
    std::vector<std::size_t> live;
    decode::Session session(support::make_tiny_model(), 1);
    run_schedule(session,
                 {.groups = groups,
                  .lanes = lanes,
                  .on_pass = [&](const SchedulePass& pass) { live.push_back(pass.live.size()); }},
                 {});
    EXPECT_THAT(live, Each(Le(std::max<std::size_t>(lanes, 2))));
    EXPECT_GE(std::ranges::max(live), std::max<std::size_t>(lanes / 2 * 2, 2));
  }
}

TEST(Schedule, RunsAPromptOnceForAllOfAGroupThatHaveIt) {
  core::SplitMix64 random(4);
  const std::vector<int> prompt = random_tokens(random, 20);
  const std::vector<int> other = random_tokens(random, 15);
  LaneGroup group;
  for (const auto& [policy, tokens] : {std::pair("window", &prompt),
                                       {"tova", &other},
                                       {"heavy-hitter", &prompt},
                                       {"full", &prompt}}) {
    group.push_back({.lane = {.knobs = {.policy = policy, .max_cache_size = 12}},
                     .passage = {.prompt = *tokens, .drawn = {.tokens = 4}}});
  }
  decode::Session session(support::make_tiny_model(), 1);
  const ScheduleOutcome together = run_schedule(session, {.groups = {&group, 1}}, {});
  EXPECT_EQ(session.tokens_forwarded(), 20 + 15 + 4 * 3);
  for (std::size_t at = 0; at < group.size(); ++at) {
    const LaneGroup alone = {group[at]};
    EXPECT_EQ(scheduled({&alone, 1}, 1).groups.front().front().drawn,
              together.groups.front()[at].drawn);
  }
}

TEST(Schedule, FeedsAPromptOfOneTokenAsAnOrdinaryStep) {
  const std::vector<int> prompt = {5};
  const LaneGroup group = {
      {.lane = {.knobs = {.policy = "full", .prefill = settings::Prefill::full}},
       .passage = {.prompt = prompt, .drawn = {.tokens = 2}}}};
  std::vector<bool> prompts;
  decode::Session session(support::make_tiny_model(), 1);
  run_schedule(session,
               {.groups = {&group, 1},
                .on_pass =
                    [&](const SchedulePass& pass) {
                      EXPECT_FALSE(pass.whole_prompt);
                      prompts.push_back(pass.prompt);
                    }},
               {});
  EXPECT_THAT(prompts, ElementsAre(true, false));
}

TEST(Schedule, ForksALaneThatHoldsThePromptAsIfEachHadReadItself) {
  core::SplitMix64 random(6);
  const std::vector<int> prompt = random_tokens(random, 21);
  for (const settings::Prefill prefill : {settings::Prefill::full, settings::Prefill::stream}) {
    LaneGroup forks;
    std::vector<LaneGroup> apart;
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
      settings::Knobs knobs{
          .policy = "heavy-hitter", .max_cache_size = 16, .sinks = 1, .recent_window = 4};
      knobs.prefill = prefill;
      knobs.temperature = 1;
      knobs.seed = seed;
      const LaneRequest request{.lane = {.knobs = knobs},
                                .passage = {.prompt = prompt, .drawn = {.tokens = 12}}};
      apart.push_back({request});
      forks.push_back(request);
      if (seed > 1) forks.back().fork_of = 0;
    }
    decode::Session session(support::make_tiny_model(), 1);
    const ScheduleOutcome shared = run_schedule(session, {.groups = {&forks, 1}}, {});
    EXPECT_EQ(session.tokens_forwarded(), 21 + 5 * 11);
    const ScheduleOutcome own = scheduled(apart, 5);
    for (std::size_t at = 0; at < apart.size(); ++at) {
      EXPECT_EQ(shared.groups.front()[at].drawn, own.groups[at].front().drawn)
          << core::name_of(prefill);
    }
    EXPECT_NE(own.groups[0].front().drawn, own.groups[1].front().drawn);
  }
}

TEST(Schedule, EndsWithTheTokenThatEndsItOrAtTheLastPosition) {
  core::SplitMix64 random(7);
  const std::vector<int> prompt = random_tokens(random, 60);
  LaneRequest request{.lane = {.knobs = {.policy = "full"}},
                      .passage = {.prompt = prompt, .drawn = {.tokens = 9}}};
  const std::vector<LaneGroup> free = {{request}};
  const LaneOutcome context = scheduled(free, 1).groups.front().front();
  EXPECT_EQ(context.end, SequenceEnd::context);
  ASSERT_EQ(context.drawn.size(), 5U) << "what position 63 foretells is drawn and not fed";

  request.passage.drawn.end_tokens = {context.drawn[2]};
  const std::vector<LaneGroup> stopped = {{request}};
  const LaneOutcome ended = scheduled(stopped, 1).groups.front().front();
  EXPECT_EQ(ended.end, SequenceEnd::end_token);
  const auto first = std::ranges::find(context.drawn, context.drawn[2]);
  EXPECT_EQ(ended.drawn, std::vector<int>(context.drawn.begin(), std::next(first)));
}

TEST(Schedule, TellsOfEveryTokenAndComparesWithTheTwin) {
  core::SplitMix64 random(8);
  const std::vector<int> text = random_tokens(random, 30);
  std::vector<std::size_t> fed;
  double nll = 0;
  int lasts = 0;
  RunTotals totals;
  const auto listen = [&](const LaneStep& step) {
    fed.push_back(step.lane().tokens().size());
    nll += step.nll.value_or(0);
    lasts += step.last ? 1 : 0;
    add_step(totals, step);
  };
  const settings::Knobs capped{
      .policy = "window", .max_cache_size = 10, .sinks = 1, .recent_window = 2};
  const LaneGroup group = {
      {.lane = {.knobs = capped}, .passage = {.given = text}, .twin = 1, .on_step = listen},
      {.lane = {.knobs = full_cache_knobs(capped)}, .passage = {.given = text}}};
  const ScheduleOutcome outcome = scheduled({&group, 1}, 2);
  ASSERT_EQ(fed.size(), 30U);
  EXPECT_TRUE(std::ranges::is_sorted(fed));
  EXPECT_EQ(lasts, 1);
  EXPECT_EQ(nll, outcome.groups.front().front().nll);
  EXPECT_EQ(totals.evictions(), 2 * (30 - 10));
  const auto own = support::reference_passage({}, capped, group.front().passage);
  const auto full = support::reference_passage({}, {.policy = "full"}, group.front().passage);
  EXPECT_NEAR(*totals.figure<&record::StepRecord::logit_kl>(), support::mean_logit_kl(full, own),
              1e-4);
  EXPECT_NEAR(*totals.figure<&record::StepRecord::top1_agrees>(),
              support::top1_agreement(full, own), 1e-9);
}

TEST(Schedule, ShowsProgressThatRisesToTheEndHoweverEarlyASequenceEnds) {
  std::vector<Material> material = random_material(9, 8);
  material[2].drawn = 64;  // more than the context leaves room for
  const auto groups = groups_of(material);
  std::vector<double> shares;
  decode::Session session(support::make_tiny_model(), 1);
  run_schedule(
      session,
      {.groups = groups, .lanes = 3, .progress = [&](double share) { shares.push_back(share); }},
      {});
  EXPECT_TRUE(std::ranges::is_sorted(shares));
  EXPECT_DOUBLE_EQ(shares.back(), 1);
}

TEST(Schedule, EndsAtTheNextPassWhenItIsAskedToStopWithWhatIsThere) {
  const std::vector<Material> material = random_material(10, 8);
  const auto groups = groups_of(material);
  std::stop_source source;
  int passes = 0;
  decode::Session session(support::make_tiny_model(), 1);
  const ScheduleOutcome outcome = run_schedule(session,
                                               {.groups = groups,
                                                .lanes = 2,
                                                .on_pass =
                                                    [&](const SchedulePass&) {
                                                      if (++passes == 6) source.request_stop();
                                                    }},
                                               source.get_token());
  EXPECT_TRUE(outcome.interrupted);
  EXPECT_EQ(passes, 6);
  EXPECT_EQ(session.pools().pages_in_use(), 0U);
  EXPECT_THAT(outcome.groups.back(), SizeIs(0));
}

TEST(Schedule, RefusesAPassageThatIsEmptyOrTooLongBeforeItBegins) {
  const std::vector<int> much(65, 1);
  for (const Passage& passage :
       {Passage{}, Passage{.prompt = much}, Passage{.prompt = {much.data(), 40}, .given = much}}) {
    const LaneGroup group = {{.lane = {.knobs = {.policy = "full"}}, .passage = passage}};
    decode::Session session(support::make_tiny_model(), 1);
    EXPECT_THROW(run_schedule(session, {.groups = {&group, 1}}, {}), core::Error);
    EXPECT_EQ(session.tokens_forwarded(), 0);
  }
}

}  // namespace
}  // namespace sketchscope::schedule
