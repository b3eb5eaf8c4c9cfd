// The rules of the cache held against a second, independent implementation.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "engine/core/random.hpp"
#include "engine/decode/session.hpp"
#include "tests/support/reference_run.hpp"
#include "tests/support/tiny_model.hpp"

namespace sketchscope::decode {
namespace {

using support::make_tiny_checkpoint;
using support::make_tiny_model;
using support::ReferenceRun;
using support::TinyModelOptions;

std::vector<int> random_tokens(std::uint64_t seed, int count, int vocabulary) {
  core::SplitMix64 random(seed);
  std::vector<int> tokens;
  for (int i = 0; i < count; ++i) {
    tokens.push_back(static_cast<int>(random.below(static_cast<std::uint64_t>(vocabulary))));
  }
  return tokens;
}

struct RuleCase {
  std::string name;
  settings::Knobs knobs;
};

using Settings = std::vector<std::pair<std::string, std::string>>;

RuleCase rule_case(const std::string& name, const Settings& settings) {
  RuleCase made{.name = name};
  settings::set_knob(made.knobs, "max_cache_size", "12");
  settings::set_knob(made.knobs, "recent_window", "4");
  settings::set_knob(made.knobs, "sinks", "2");
  settings::set_knob(made.knobs, "sketch_width", "16");
  settings::set_knob(made.knobs, "observation_window", "3");
  for (const auto& [knob, value] : settings) settings::set_knob(made.knobs, knob, value);
  return made;
}

std::string as_test_name(std::string text) {
  std::ranges::replace(text, '-', '_');
  return text;
}

// Every policy, every sketch under every key, at either granularity; then what is odd.
std::vector<RuleCase> rule_cases() {
  std::vector<RuleCase> cases;
  for (const std::string_view name : core::names_of<settings::Granularity>()) {
    const std::string granularity(name);
    for (const policy::PolicyKind& policy : policy::policy_kinds()) {
      if (policy.uses_sketch) continue;
      cases.push_back(
          rule_case(as_test_name(std::string(policy.name)) + "_by_" + granularity,
                    {{"policy", std::string(policy.name)}, {"granularity", granularity}}));
    }
    for (const sketch::SketchKind& sketch : sketch::sketch_kinds()) {
      for (const std::string_view key : core::names_of<sketch::SketchKey>()) {
        cases.push_back(rule_case(
            as_test_name(std::string(sketch.name) + "_" + std::string(key)) + "_by_" + granularity,
            {{"sketch", std::string(sketch.name)},
             {"sketch_key", std::string(key)},
             {"granularity", granularity},
             {"lsh_bits", "5"}}));
      }
    }
  }
  const std::vector<RuleCase> odd = {
      rule_case("decay", {{"policy", "heavy-hitter"}, {"decay", "0.9"}}),
      rule_case("decayed_perturbation", {{"policy", "caote"}, {"decay", "0.8"}}),
      rule_case("decayed_count_min",
                {{"sketch", "count-min"}, {"sketch_width", "31"}, {"decay", "0.95"}}),
      rule_case("decayed_count_sketch",
                {{"sketch", "count-sketch"}, {"sketch_depth", "3"}, {"decay", "0.95"}}),
      rule_case("narrow", {{"max_cache_size", "16"},
                           {"sketch_width", "5"},
                           {"sketch_depth", "2"},
                           {"sketch_seed", "7"}}),
      rule_case("plain_hash", {{"sketch_hash", "plain"}, {"sketch_width", "24"}}),
      rule_case("plain_hash_with_signs",
                {{"sketch", "count-sketch"}, {"sketch_hash", "plain"}, {"sketch_width", "24"}}),
      rule_case("no_recent_window", {{"policy", "heavy-hitter"}, {"recent_window", "0"}}),
      rule_case("everything_protected",
                {{"policy", "tova"}, {"max_cache_size", "6"}, {"recent_window", "20"}}),
      rule_case("no_sinks", {{"policy", "heavy-hitter"}, {"max_cache_size", "6"}, {"sinks", "0"}}),
      rule_case("pairs", {{"policy", "heavy-hitter"}, {"evict_batch", "2"}}),
      rule_case("batches_of_16",
                {{"policy", "tova"}, {"evict_batch", "16"}, {"max_cache_size", "40"}}),
      rule_case("batches_of_16_by_head", {{"policy", "key-norm"},
                                          {"evict_batch", "16"},
                                          {"max_cache_size", "40"},
                                          {"granularity", "head"}}),
      rule_case("batches_of_16_under_a_sketch", {{"evict_batch", "16"},
                                                 {"max_cache_size", "33"},
                                                 {"sketch_key", "key-lsh"},
                                                 {"lsh_bits", "5"}}),
      rule_case("batches_beyond_all_candidates",
                {{"policy", "age-normalized"}, {"evict_batch", "128"}, {"max_cache_size", "30"}}),
      rule_case("batches_where_all_is_protected", {{"policy", "heavy-hitter"},
                                                   {"evict_batch", "16"},
                                                   {"max_cache_size", "6"},
                                                   {"recent_window", "20"}}),
      rule_case("batches_with_a_pyramid",
                {{"policy", "caote"}, {"evict_batch", "5"}, {"budget", "pyramid"}}),
      rule_case("batches_with_adaptive_budgets", {{"policy", "heavy-hitter"},
                                                  {"budget", "adaptive"},
                                                  {"evict_batch", "4"},
                                                  {"max_cache_size", "20"},
                                                  {"sinks", "1"},
                                                  {"recent_window", "2"}}),
      rule_case("a_long_observation_window",
                {{"policy", "snapkv"}, {"observation_window", "9"}, {"max_cache_size", "15"}}),
      rule_case("an_observation_window_beyond_the_capacity",
                {{"policy", "snapkv"}, {"observation_window", "32"}}),
      rule_case("a_wide_pool_in_batches", {{"policy", "snapkv"},
                                           {"pool_kernel", "9"},
                                           {"evict_batch", "16"},
                                           {"max_cache_size", "40"},
                                           {"granularity", "head"}}),
      rule_case("repeated_keys_in_batches",
                {{"policy", "r-kv"}, {"evict_batch", "16"}, {"max_cache_size", "40"}}),
      rule_case("repeated_keys_by_head",
                {{"policy", "r-kv"}, {"max_cache_size", "24"}, {"granularity", "head"}}),
      rule_case("expected_in_batches", {{"policy", "expected-attention"},
                                        {"evict_batch", "5"},
                                        {"max_cache_size", "30"},
                                        {"sinks", "4"}}),
      rule_case("heads_share_slots",
                {{"policy", "heavy-hitter"}, {"budget", "heads"}, {"granularity", "head"}}),
      rule_case("heads_share_slots_under_a_sketch",
                {{"budget", "heads"}, {"granularity", "head"}, {"sketch_key", "head-position"}}),
      rule_case("heads_share_slots_in_batches", {{"policy", "snapkv"},
                                                 {"budget", "heads"},
                                                 {"granularity", "head"},
                                                 {"evict_batch", "5"},
                                                 {"max_cache_size", "20"}}),
      rule_case("heads_keep_a_fifth", {{"policy", "key-norm"},
                                       {"budget", "heads"},
                                       {"granularity", "head"},
                                       {"sinks", "1"},
                                       {"recent_window", "1"},
                                       {"max_cache_size", "20"}}),
      rule_case("pyramid", {{"policy", "heavy-hitter"}, {"budget", "pyramid"}}),
      rule_case("pyramid_by_head",
                {{"policy", "tova"}, {"budget", "pyramid"}, {"granularity", "head"}}),
      rule_case("adaptive", {{"policy", "heavy-hitter"},
                             {"budget", "adaptive"},
                             {"max_cache_size", "20"},
                             {"sinks", "1"},
                             {"recent_window", "2"}}),
      rule_case("adaptive_by_head", {{"policy", "age-normalized"},
                                     {"budget", "adaptive"},
                                     {"granularity", "head"},
                                     {"max_cache_size", "16"},
                                     {"recent_window", "1"}}),
      rule_case("long_codes", {{"sketch_key", "key-lsh"}, {"lsh_bits", "24"}})};
  cases.insert(cases.end(), odd.begin(), odd.end());
  return cases;
}

// Budgets move where layers differ: the deeper, the more broadly these attend.
TinyModelOptions model_of(const RuleCase& rule) {
  TinyModelOptions options;
  options.config.scale_attention_by_layer = rule.knobs.budget == settings::BudgetKind::adaptive;
  if (rule.knobs.budget != settings::BudgetKind::equal) options.config.layers = 4;
  return options;
}

ReferenceRun::Eviction as_reference(const record::EvictionRecord& eviction) {
  return {eviction.layer, eviction.head.value_or(-1), eviction.position, eviction.degenerate};
}

class EveryRule : public ::testing::TestWithParam<RuleCase> {};

TEST_P(EveryRule, GivesTheSameVictimsLogitsAndRetainedMassAsAnIndependentImplementation) {
  const TinyModelOptions options = model_of(GetParam());
  const checkpoint::Checkpoint checkpoint = make_tiny_checkpoint(options);
  ReferenceRun reference(options.config, checkpoint, GetParam().knobs);
  Session session(make_tiny_model(options), 1);
  const LaneId lane = session.add_lane({.knobs = GetParam().knobs, .audit = true});

  std::vector<ReferenceRun::Eviction> evictions;
  const auto expect_same = [&](const std::vector<double>& expected) {
    for (const record::EvictionRecord& eviction : session.lane(lane).take_evictions()) {
      evictions.push_back(as_reference(eviction));
    }
    ASSERT_EQ(evictions, reference.evictions());
    const std::span<const float> logits = session.lane(lane).logits();
    for (std::size_t v = 0; v < logits.size(); ++v) ASSERT_NEAR(logits[v], expected[v], 2e-3);
  };
  for (const int token : random_tokens(3, options.config.positions, options.config.vocabulary)) {
    const std::vector<double> expected = reference.feed(token);
    session.step(std::vector<LaneInput>{{.lane = lane, .token = token}});
    expect_same(expected);
    for (int layer = 0; layer < options.config.layers; ++layer) {
      const LayerView view = session.lane(lane).layer(layer);
      for (int table = 0; table < view.table_count(); ++table) {
        const auto positions = view.table(table).positions();
        std::vector<int> stored(positions.begin(), positions.end());
        std::ranges::sort(stored);
        ASSERT_EQ(stored, reference.stored(layer, table));
      }
      ASSERT_NEAR(view.divergence().retained_mass(), reference.retained_mass(layer), 1e-5);
    }
  }
  EXPECT_EQ(evictions.empty(), !GetParam().knobs.policy->evicts);
}

TEST_P(EveryRule, GivesTheSameVictimsAfterAPromptInOnePass) {
  const TinyModelOptions options = model_of(GetParam());
  const checkpoint::Checkpoint checkpoint = make_tiny_checkpoint(options);
  const std::vector<int> tokens =
      random_tokens(5, options.config.positions, options.config.vocabulary);
  for (const std::size_t length : {2U, 11U, 40U}) {
    ReferenceRun reference(options.config, checkpoint, GetParam().knobs);
    Session session(make_tiny_model(options), 2);
    const LaneId lane = session.add_lane({.knobs = GetParam().knobs, .audit = true});
    const std::vector<int> prompt(tokens.begin(), tokens.begin() + static_cast<int>(length));
    std::vector<double> expected = reference.prefill(prompt);
    session.prefill(lane, prompt);
    std::vector<ReferenceRun::Eviction> evictions;
    for (std::size_t i = length;; ++i) {
      for (const record::EvictionRecord& eviction : session.lane(lane).take_evictions()) {
        evictions.push_back(as_reference(eviction));
      }
      ASSERT_EQ(evictions, reference.evictions()) << "prompt of " << length << ", token " << i;
      const std::span<const float> logits = session.lane(lane).logits();
      for (std::size_t v = 0; v < logits.size(); ++v) ASSERT_NEAR(logits[v], expected[v], 2e-3);
      if (i == tokens.size()) break;
      expected = reference.feed(tokens[i]);
      session.step(std::vector<LaneInput>{{.lane = lane, .token = tokens[i]}});
    }
  }
}

TEST(PromptPruning, KeepsTheLastTokenThoughTheRecentWindowIsZero) {
  for (const policy::PolicyKind& policy : policy::policy_kinds()) {
    RuleCase rule = rule_case("", {{"policy", std::string(policy.name)}, {"recent_window", "0"}});
    const TinyModelOptions options;
    const std::vector<int> prompt = random_tokens(8, 40, options.config.vocabulary);
    const auto stored_after = [&](const settings::Knobs& knobs) {
      Session session(make_tiny_model(options), 1);
      const LaneId lane = session.add_lane({.knobs = knobs});
      session.prefill(lane, prompt);
      std::vector<std::vector<int>> stored;
      for (const LayerView& layer : session.lane(lane).layers()) {
        const auto positions = layer.table(0).positions();
        stored.emplace_back(positions.begin(), positions.end());
      }
      return stored;
    };
    const auto without_window = stored_after(rule.knobs);
    for (const std::vector<int>& positions : without_window) {
      EXPECT_TRUE(std::ranges::count(positions, 39) == 1) << policy.name;
    }
    rule.knobs.recent_window = 1;
    EXPECT_EQ(without_window, stored_after(rule.knobs)) << policy.name << ": 0 acts as 1";
  }
}

// A run asks for the scores of all tables before its first step too.
TEST(EveryPolicy, ScoresATableThatStoresNothing) {
  for (const policy::PolicyKind& policy : policy::policy_kinds()) {
    for (const std::string granularity : {"layer", "head"}) {
      const RuleCase rule =
          rule_case("", {{"policy", std::string(policy.name)}, {"granularity", granularity}});
      Session session(make_tiny_model(), 1);
      const LaneId lane = session.add_lane({.knobs = rule.knobs});
      for (const LayerView& layer : session.lane(lane).layers()) {
        EXPECT_TRUE(layer.table(0).scores().empty()) << policy.name << " by " << granularity;
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Rules, EveryRule, ::testing::ValuesIn(rule_cases()),
                         [](const auto& parameter) { return parameter.param.name; });

}  // namespace
}  // namespace sketchscope::decode
