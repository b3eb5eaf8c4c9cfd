// These tests compare the positions kept of a prompt, by layer and key/value head, with those that
// kvpress keeps (scripts/make_kvpress_golden.py).
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/core/files.hpp"
#include "engine/decode/session.hpp"
#include "engine/model/families/family.hpp"
#include "engine/policy/score_terms.hpp"
#include "tests/support/named_weights.hpp"
#include "tests/support/temporary_directory.hpp"

namespace sketchscope::decode {
namespace {

const nlohmann::json& golden() {
  static const nlohmann::json json = core::read_json_object(
      std::filesystem::path(SKETCHSCOPE_SOURCE_DIR) / "tests/golden/kvpress.json");
  return json;
}

std::shared_ptr<const model::Model> golden_model() {
  static const auto model = [] {
    const support::TemporaryDirectory directory;
    nlohmann::json config = golden().at("config");
    config["model_type"] = "llama";
    support::write_bytes(directory.path() / "config.json", config.dump());
    const model::ModelConfig shape = model::read_model_config(directory.path());
    return std::make_shared<const model::Model>(shape, support::named_weights(shape, "kvpress"),
                                                checkpoint::WeightDtype::f32);
  }();
  return model;
}

/// Expected attention as such, not weighed by the length of values.
class ExpectedMassPolicy final : public policy::Policy {
 public:
  [[nodiscard]] bool reads_vectors() const override { return true; }
  [[nodiscard]] bool needs_query_moments() const override { return true; }
  void score(const policy::ScoreInput& input, std::span<float> importance) const override {
    policy::expected_mass(input, importance);
  }
};

class KvpressCase : public ::testing::TestWithParam<std::size_t> {
 protected:
  [[nodiscard]] static const nlohmann::json& one() { return golden().at("cases")[GetParam()]; }
};

TEST_P(KvpressCase, KeepsTheSamePositionsOfAPrompt) {
  const settings::Knobs knobs = settings::knobs_from_json(one().at("knobs"), {});
  const auto policy = one().at("weighs_by_norm").get<bool>()
                          ? nullptr
                          : std::make_shared<const ExpectedMassPolicy>();
  Session session(golden_model(), 2);
  const LaneId lane = session.add_lane({.knobs = knobs, .policy = policy});
  const std::vector<int> tokens = golden().at("tokens");
  session.prefill(lane, tokens);
  const auto by_head = knobs.granularity == settings::Granularity::head;
  for (std::size_t layer = 0; layer < one().at("kept").size(); ++layer) {
    const nlohmann::json& heads = one().at("kept")[layer];
    for (std::size_t head = 0; head < heads.size(); ++head) {
      const auto view = session.lane(lane).layer(static_cast<int>(layer));
      const auto positions = view.table(by_head ? static_cast<int>(head) : 0).positions();
      const std::vector<int> kept(positions.begin(), positions.end());
      EXPECT_EQ(kept, heads[head].get<std::vector<int>>())
          << "layer " << layer << ", head " << head;
    }
  }
}

TEST_P(KvpressCase, RecordsWhatThePromptLostAndGivesItsPagesBack) {
  const settings::Knobs knobs = settings::knobs_from_json(one().at("knobs"), {});
  const std::vector<int> tokens = golden().at("tokens");
  Session session(golden_model(), 1);
  const LaneId lane = session.add_lane({.knobs = knobs});
  session.prefill(lane, tokens);
  const auto lost = session.lane(lane).take_evictions();
  std::size_t stored = 0;
  std::size_t tables = 0;
  std::size_t pages = 0;
  for (const LayerView& layer : session.lane(lane).layers()) {
    for (const TableView& table : layer.tables()) {
      stored += static_cast<std::size_t>(table.stored());
      pages += (static_cast<std::size_t>(table.stored()) + 15) / 16;
      ++tables;
    }
  }
  EXPECT_EQ(lost.size() + stored, tables * tokens.size());
  EXPECT_EQ(session.pools().pages_in_use(), pages);
  for (const record::EvictionRecord& victim : lost) {
    EXPECT_EQ(victim.reason, record::EvictionReason::prompt_cut);
    EXPECT_FALSE(victim.degenerate);
  }
}

std::vector<std::size_t> all_cases() {
  std::vector<std::size_t> cases(golden().at("cases").size());
  for (std::size_t i = 0; i < cases.size(); ++i) cases[i] = i;
  return cases;
}

INSTANTIATE_TEST_SUITE_P(Kvpress, KvpressCase, ::testing::ValuesIn(all_cases()),
                         [](const auto& parameter) {
                           std::string name = golden().at("cases")[parameter.param].at("name");
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

}  // namespace
}  // namespace sketchscope::decode
