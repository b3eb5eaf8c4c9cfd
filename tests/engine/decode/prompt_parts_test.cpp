// A prompt that goes through each layer in parts: nothing that is kept or computed depends on how
// many rows a part has.
#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "engine/decode/cached_attention.hpp"
#include "engine/decode/session.hpp"
#include "tests/support/named_weights.hpp"
#include "tests/support/tiny_model.hpp"

namespace sketchscope::decode {
namespace {

constexpr int kTokens = 61;

std::vector<int> prompt_of(int count) {
  std::vector<int> tokens;
  for (int i = 0; i < count; ++i) tokens.push_back((i * 23 + 5) % kTokens);
  return tokens;
}

std::shared_ptr<const model::Model> grouped_llama() {
  const model::ModelConfig config{
      .family = model::ModelFamily::llama,
      .layers = 3,
      .heads = 6,
      .kv_heads = 2,
      .width = 20,
      .head_width = 6,
      .inner_width = 27,
      .vocabulary = kTokens,
      .positions = 128,
      .norm = model::NormKind::rms_norm,
      .rotary = model::RotaryPositions{.frequencies = model::rotary_frequencies(6, 10000)},
      .activation = kernels::Activation::silu,
      .gated = true,
      .qkv_bias = false,
      .attention_output_bias = false,
      .inner_bias = false};
  return std::make_shared<const model::Model>(config, support::named_weights(config, "parts"),
                                              checkpoint::WeightDtype::f32);
}

std::shared_ptr<const model::Model> tiny_gpt2() {
  support::TinyModelOptions options;
  options.config.positions = 128;
  return support::make_tiny_model(options);
}

/// All that a prompt leaves behind.
struct Outcome {
  std::vector<float> logits;  // of the last row, or of all
  std::vector<std::vector<float>> numbers;
  std::vector<std::vector<int>> positions;
  std::vector<int> victims;

  friend bool operator==(const Outcome&, const Outcome&) = default;
};

Outcome outcome_of(Lane& lane, std::vector<float> logits) {
  Outcome outcome{.logits = std::move(logits), .numbers = {}, .positions = {}, .victims = {}};
  for (const LayerView& layer : lane.layers()) {
    for (const TableView& table : layer.tables()) {
      const std::span<const int> positions = table.positions();
      outcome.positions.emplace_back(positions.begin(), positions.end());
      outcome.numbers.push_back(table.scores());
      const std::span<const float> exact = table.exact_mass();
      outcome.numbers.emplace_back(exact.begin(), exact.end());
    }
  }
  for (const record::EvictionRecord& victim : lane.take_evictions()) {
    outcome.victims.push_back(victim.position);
  }
  return outcome;
}

/// How many rows of a prompt advance at once, and how many of the last have logits.
struct Parts {
  int rows_at_once = 0;
  std::size_t rows_with_logits = 1;
};

/// Runs a prompt once for lanes with these knobs, one for each.
std::vector<Outcome> run_prompt(const model::Model& model, std::span<const settings::Knobs> knobs,
                                std::span<const int> prompt, const Parts& parts,
                                PromptWorkspace& workspace) {
  kernels::ThreadPool pool(2);
  std::vector<std::unique_ptr<Lane>> owned;
  std::vector<Lane*> lanes;
  bool rotated = true;
  for (const settings::Knobs& of_lane : knobs) {
    const LaneOptions options{.knobs = of_lane, .audit = true};
    owned.push_back(
        std::make_unique<Lane>(model.config(), std::make_shared<cache::PagePools>(), options));
    lanes.push_back(owned.back().get());
    rotated = rotated && of_lane.positions == settings::Positions::original;
  }
  PromptPass attention(model.config(), pool, lanes, prompt, workspace);
  model::Activations activations;
  std::vector<model::InputRow> rows;
  for (const int token : prompt) rows.push_back({token, static_cast<int>(rows.size()), rotated});
  std::vector<float> logits(parts.rows_with_logits *
                            static_cast<std::size_t>(model.config().vocabulary));
  model.forward(pool, {.rows = rows, .logits = logits, .rows_at_once = parts.rows_at_once},
                attention, activations);
  std::vector<Outcome> outcomes;
  for (Lane* lane : lanes) outcomes.push_back(outcome_of(*lane, logits));
  return outcomes;
}

Outcome run_prompt(const model::Model& model, const settings::Knobs& knobs,
                   std::span<const int> prompt, int rows_at_once, std::size_t rows_with_logits) {
  PromptWorkspace workspace;
  return run_prompt(model, {&knobs, 1}, prompt,
                    {.rows_at_once = rows_at_once, .rows_with_logits = rows_with_logits}, workspace)
      .front();
}

class EveryPolicyOfAPromptInParts : public ::testing::TestWithParam<std::string_view> {};

TEST_P(EveryPolicyOfAPromptInParts, KeepsAndComputesTheSameBitForBit) {
  const std::vector<int> prompt = prompt_of(101);
  for (const auto& model : {grouped_llama(), tiny_gpt2()}) {
    for (const auto granularity : {settings::Granularity::layer, settings::Granularity::head}) {
      settings::Knobs knobs{.policy = GetParam(), .max_cache_size = 24, .recent_window = 5};
      knobs.granularity = granularity;
      for (const std::size_t with_logits : {std::size_t{1}, prompt.size()}) {
        const Outcome whole = run_prompt(*model, knobs, prompt, 0, with_logits);
        EXPECT_EQ(whole.victims.empty(), !knobs.policy->evicts);
        for (const int rows : {1, 2, 7, 32, 64, 100, 101, 200}) {
          EXPECT_EQ(run_prompt(*model, knobs, prompt, rows, with_logits), whole)
              << rows << " rows at once, " << with_logits << " with logits";
        }
      }
    }
  }
}

TEST_P(EveryPolicyOfAPromptInParts, DoesSoForLanesThatKeepKeysUnrotatedBesideOthers) {
  const std::vector<int> prompt = prompt_of(101);
  const auto model = grouped_llama();
  for (const auto granularity : {settings::Granularity::layer, settings::Granularity::head}) {
    settings::Knobs original{.policy = GetParam(), .max_cache_size = 24, .recent_window = 5};
    original.granularity = granularity;
    settings::Knobs cache = original;
    cache.positions = settings::Positions::cache;
    const Outcome of_original = run_prompt(*model, original, prompt, 0, 1);
    const Outcome of_cache = run_prompt(*model, cache, prompt, 0, 1);
    // Ranks are positions until the prompt is cut.
    EXPECT_EQ(of_cache.logits, of_original.logits);
    PromptWorkspace workspace;
    for (const int rows : {1, 7, 64, 100, 200}) {
      EXPECT_EQ(run_prompt(*model, cache, prompt, rows, 1), of_cache) << rows << " rows at once";
      const settings::Knobs both[] = {original, cache};
      EXPECT_EQ(run_prompt(*model, both, prompt, {.rows_at_once = rows}, workspace),
                (std::vector{of_original, of_cache}))
          << rows << " rows at once";
      // A workspace may have served other lanes before.
      EXPECT_EQ(run_prompt(*model, {&original, 1}, prompt, {.rows_at_once = rows}, workspace),
                (std::vector{of_original}))
          << rows << " rows at once";
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Policies, EveryPolicyOfAPromptInParts,
                         ::testing::ValuesIn(policy::policy_kinds().names()),
                         [](const auto& parameter) {
                           std::string name(parameter.param);
                           std::erase(name, '-');
                           return name;
                         });

TEST(PromptInParts, NeedsBuffersForTheRowsOfAPartAlone) {
  const auto model = grouped_llama();
  const auto bytes_of = [&](int rows) {
    model::Activations activations;
    activations.reserve(model->config(), 120, rows);
    return activations.bytes();
  };
  // What a row keeps from layer to layer is its residual and the cosines and sines of its position.
  const model::ModelConfig& config = model->config();
  const auto kept =
      sizeof(float) * 120 * static_cast<std::size_t>(config.width + config.rotary_width());
  EXPECT_LT(bytes_of(10), bytes_of(120) / 3);
  EXPECT_EQ((bytes_of(120) - kept) / 12, bytes_of(10) - kept);
}

TEST(PromptInParts, RotatesTheRowsOfAPartAlone) {
  const std::vector<int> prompt = prompt_of(120);
  const auto model = grouped_llama();
  settings::Knobs knobs{.policy = "window", .max_cache_size = 24, .recent_window = 5};
  knobs.positions = settings::Positions::cache;
  PromptWorkspace workspace;
  run_prompt(*model, {&knobs, 1}, prompt, {.rows_at_once = 10}, workspace);
  const model::ModelConfig& config = model->config();
  EXPECT_EQ(workspace.rotated.capacity(),
            10 * static_cast<std::size_t>(config.query_width() + config.kv_width()));
  EXPECT_EQ(workspace.rotations.size(), 120 * config.rotary->width());
}

TEST(PromptInParts, TakesAPromptLongerThanAPartThroughASession) {
  support::TinyModelOptions options;
  options.config.positions = 1200;
  const auto model = support::make_tiny_model(options);
  const std::vector<int> prompt = prompt_of(1100);
  const settings::Knobs knobs{.policy = "heavy-hitter", .max_cache_size = 40};
  Session session(model, 2);
  const LaneId lane = session.add_lane({.knobs = knobs, .audit = true});
  session.prefill(lane, prompt);
  const std::span<const float> logits = session.lane(lane).logits();
  EXPECT_EQ(outcome_of(session.lane(lane), {logits.begin(), logits.end()}),
            run_prompt(*model, knobs, prompt, 0, 1));
}

}  // namespace
}  // namespace sketchscope::decode
