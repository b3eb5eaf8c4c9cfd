// A prompt that goes through each layer in parts: nothing that is kept or computed depends on how
// many rows a part has.
#include <gtest/gtest.h>

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
                                              checkpoint::WeightDtype::f32, nullptr);
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

/// Runs a prompt with this many rows at once; asks for the logits of its last rows.
Outcome run_prompt(const model::Model& model, const settings::Knobs& knobs,
                   std::span<const int> prompt, int rows_at_once, std::size_t rows_with_logits) {
  kernels::ThreadPool pool(2);
  Lane lane(model.config(), std::make_shared<cache::PagePools>(), {.knobs = knobs, .audit = true});
  Lane* const lanes[] = {&lane};
  PromptWorkspace workspace;
  PromptPass attention(model.config(), pool, lanes, prompt, workspace);
  model::Activations activations;
  std::vector<model::InputRow> rows;
  for (const int token : prompt) rows.push_back({token, static_cast<int>(rows.size())});
  std::vector<float> logits(rows_with_logits * static_cast<std::size_t>(model.config().vocabulary));
  model.forward(pool,
                {.rows = rows,
                 .path = model::LinearPath::prompt,
                 .logits = logits,
                 .rows_at_once = rows_at_once},
                attention, activations);
  return outcome_of(lane, std::move(logits));
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
      sizeof(float) * 120 * static_cast<std::size_t>(config.width + config.turn_width());
  EXPECT_LT(bytes_of(10), bytes_of(120) / 3);
  EXPECT_EQ((bytes_of(120) - kept) / 12, bytes_of(10) - kept);
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
