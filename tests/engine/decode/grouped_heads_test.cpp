// Query heads that share keys and values: a lane of such a model against one of a model in which
// every query head has a copy of them, whose attention is the same.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "engine/decode/session.hpp"
#include "engine/schedule/record_builder.hpp"
#include "engine/settings/byte_budget.hpp"
#include "tests/support/named_weights.hpp"

namespace sketchscope::support {
namespace {

model::ModelConfig llama_of(int heads, int kv_heads) {
  return {.family = model::ModelFamily::llama,
          .layers = 2,
          .heads = heads,
          .kv_heads = kv_heads,
          .width = 20,
          .head_width = 6,
          .inner_width = 27,
          .vocabulary = 61,
          .positions = 64,
          .norm = model::NormKind::rms_norm,
          .rotary = model::RotaryPositions{.frequencies = model::rotary_frequencies(6, 10000)},
          .activation = kernels::Activation::silu,
          .gated = true,
          .qkv_bias = false,
          .attention_output_bias = false,
          .inner_bias = false};
}

const model::ModelConfig kShared = llama_of(6, 2);
const model::ModelConfig kCopies = llama_of(6, 6);

/// Repeats the rows of each key/value head for every query head that reads it.
void repeat_heads(checkpoint::CheckpointTensor& tensor, checkpoint::Checkpoint& owner) {
  const std::size_t head_bytes = tensor.bytes.size() / static_cast<std::size_t>(kShared.kv_heads);
  auto copies = std::make_shared<std::vector<std::byte>>();
  for (int head = 0; head < kShared.heads; ++head) {
    const auto first = static_cast<std::size_t>(kShared.kv_head_of(head)) * head_bytes;
    const auto rows = tensor.bytes.subspan(first, head_bytes);
    copies->insert(copies->end(), rows.begin(), rows.end());
  }
  tensor.shape.front() = kCopies.kv_width();
  tensor.bytes = *copies;
  owner.owners.push_back(std::move(copies));
}

std::shared_ptr<const model::Model> shared_model() {
  static const auto model = std::make_shared<const model::Model>(
      kShared, named_weights(kShared, "shared"), checkpoint::WeightDtype::f32);
  return model;
}

std::shared_ptr<const model::Model> copies_model() {
  checkpoint::Checkpoint checkpoint = named_weights(kShared, "shared");
  for (auto& [name, tensor] : checkpoint.tensors) {
    if (name.find("k_proj") != std::string::npos || name.find("v_proj") != std::string::npos) {
      repeat_heads(tensor, checkpoint);
    }
  }
  return std::make_shared<const model::Model>(kCopies, checkpoint, checkpoint::WeightDtype::f32);
}

/// Returns tokens of which none comes twice within 61: in the first layer the keys of equal tokens
/// are equally long but for rounding.
std::vector<int> tokens_of(int count) {
  std::vector<int> tokens;
  for (int i = 0; i < count; ++i) tokens.push_back(i * 23 % 61);
  return tokens;
}

struct Fed {
  std::vector<std::vector<int>> evicted;  // layer, position, in order
  std::vector<float> logits;
  std::size_t kv_bytes = 0;
};

Fed feed_lane(const std::shared_ptr<const model::Model>& model, const settings::Knobs& knobs,
              std::size_t prompt) {
  const std::vector<int> tokens = tokens_of(50);
  decode::Session session(model, 2);
  const decode::LaneId lane = session.add_lane({.knobs = knobs, .audit = true});
  if (prompt > 0) session.prefill(lane, std::span(tokens).first(prompt));
  for (std::size_t i = prompt; i < tokens.size(); ++i) {
    const decode::LaneInput input{.lane = lane, .token = tokens[i]};
    session.step({&input, 1});
  }
  Fed fed;
  for (const record::EvictionRecord& victim : session.lane(lane).take_evictions()) {
    fed.evicted.push_back({victim.layer, victim.position});
  }
  const auto logits = session.lane(lane).logits();
  fed.logits.assign(logits.begin(), logits.end());
  fed.kv_bytes = session.lane(lane).kv_bytes();
  return fed;
}

class GroupedHeads : public ::testing::TestWithParam<std::string_view> {
 protected:
  [[nodiscard]] static settings::Knobs knobs() {
    return {.policy = GetParam(), .max_cache_size = 14, .sinks = 1, .recent_window = 4};
  }
};

TEST_P(GroupedHeads, EvictWhatHeadsWithCopiesOfTheirKeysEvict) {
  const auto copies = copies_model();
  for (const std::size_t prompt : {0U, 30U}) {
    const Fed shared = feed_lane(shared_model(), knobs(), prompt);
    const Fed apart = feed_lane(copies, knobs(), prompt);
    EXPECT_EQ(shared.evicted, apart.evicted);
    EXPECT_EQ(shared.evicted.empty(), !knobs().policy->evicts);
    ASSERT_EQ(shared.logits.size(), apart.logits.size());
    for (std::size_t i = 0; i < shared.logits.size(); ++i) {
      ASSERT_NEAR(shared.logits[i], apart.logits[i], 1e-4F);
    }
    EXPECT_EQ(3 * shared.kv_bytes, apart.kv_bytes);
  }
}

TEST_P(GroupedHeads, OnOneKeyHeadHaveOneTableAtEitherGranularity) {
  const model::ModelConfig config = llama_of(6, 1);
  const auto model = std::make_shared<const model::Model>(config, named_weights(config, "one"),
                                                          checkpoint::WeightDtype::f32);
  settings::Knobs by_head = knobs();
  by_head.granularity = settings::Granularity::head;
  const Fed of_layer = feed_lane(model, knobs(), 20);
  const Fed of_head = feed_lane(model, by_head, 20);
  EXPECT_EQ(of_layer.evicted, of_head.evicted);
  EXPECT_EQ(of_layer.logits, of_head.logits);
}

INSTANTIATE_TEST_SUITE_P(Policies, GroupedHeads,
                         ::testing::ValuesIn(policy::policy_kinds().names()),
                         [](const auto& parameter) {
                           std::string name(parameter.param);
                           std::erase(name, '-');
                           return name;
                         });

TEST(GroupedTables, CountTheMassOfTheQueryHeadsThatReadThem) {
  for (const settings::Granularity granularity :
       {settings::Granularity::layer, settings::Granularity::head}) {
    decode::Session session(shared_model(), 1);
    const decode::LaneId lane = session.add_lane(
        {.knobs = {.policy = "heavy-hitter", .max_cache_size = 64, .granularity = granularity}});
    const std::vector<int> tokens = tokens_of(20);
    for (const int token : tokens) {
      const decode::LaneInput input{.lane = lane, .token = token};
      session.step({&input, 1});
    }
    const decode::LayerView layer = session.lane(lane).layer(1);
    EXPECT_EQ(layer.table_count(), granularity == settings::Granularity::head ? 2 : 1);
    for (const decode::TableView& table : layer.tables()) {
      const auto mass = table.statistic(cache::Statistic::accumulated_mass);
      const float sum = std::accumulate(mass.begin(), mass.end(), 0.0F);
      EXPECT_NEAR(sum, table.query_heads().count * 20.0F, 1e-3F);
      EXPECT_EQ(table.query_heads().count, 3 * table.kv_heads().count);
    }
  }
}

TEST(GroupedTables, GiveEachKeyHeadItemsOfItsOwnInASketch) {
  for (const settings::Granularity granularity :
       {settings::Granularity::layer, settings::Granularity::head}) {
    decode::Session session(shared_model(), 1);
    const decode::LaneId lane =
        session.add_lane({.knobs = {.policy = "sketch",
                                    .max_cache_size = 64,
                                    .granularity = granularity,
                                    .sketch = "exact",
                                    .sketch_key = sketch::SketchKey::head_position}});
    for (const int token : tokens_of(20)) {
      const decode::LaneInput input{.lane = lane, .token = token};
      session.step({&input, 1});
    }
    const decode::LayerView layer = session.lane(lane).layer(0);
    std::vector<std::uint32_t> ids;
    for (const decode::TableView& table : layer.tables()) table.items().add_ids(ids);
    std::ranges::sort(ids);
    EXPECT_EQ(std::ranges::unique(ids).size(), 0U);
    EXPECT_EQ(ids.size(), 40U);
    std::vector<float> estimates(ids.size());
    layer.sketch()->estimate_all(ids, estimates);
    EXPECT_NEAR(std::accumulate(estimates.begin(), estimates.end(), 0.0F), 6 * 20, 1e-3F);
    EXPECT_NEAR(std::accumulate(estimates.begin(), estimates.begin() + 20, 0.0F), 3 * 20, 1e-3F)
        << "the first key head counts the mass of its three query heads";
  }
}

TEST(GroupedTables, TakeTheBytesThatAreForetold) {
  for (const settings::Granularity granularity :
       {settings::Granularity::layer, settings::Granularity::head}) {
    for (const sketch::SketchKey key :
         {sketch::SketchKey::position, sketch::SketchKey::head_position}) {
      const settings::Knobs knobs{.policy = "sketch",
                                  .max_cache_size = 20,
                                  .granularity = granularity,
                                  .sketch = "exact",
                                  .sketch_key = key};
      decode::Session session(shared_model(), 1);
      const decode::LaneId lane = session.add_lane({.knobs = knobs});
      std::size_t peak = 0;
      for (const int token : tokens_of(kShared.positions)) {
        const decode::LaneInput input{.lane = lane, .token = token};
        session.step({&input, 1});
        const record::MemoryLedger memory = schedule::memory_of(session, session.lane(lane));
        peak = std::max(peak, memory.kv_stored + memory.statistics + memory.sketch + memory.tail);
      }
      EXPECT_EQ(peak, settings::lane_bytes(kShared, knobs).at(20));
    }
  }
}

}  // namespace
}  // namespace sketchscope::support
