#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>

#include "engine/core/error.hpp"
#include "engine/decode/session.hpp"
#include "tests/support/named_weights.hpp"
#include "tests/support/random_knobs.hpp"
#include "tests/support/tiny_model.hpp"

namespace sketchscope::support {

inline std::shared_ptr<const model::Model> tiny_model(
    core::Device device, checkpoint::WeightDtype dtype = checkpoint::WeightDtype::f32) {
  const TinyModelOptions options{.dtype = dtype};
  return std::make_shared<const model::Model>(options.config, make_tiny_checkpoint(options), dtype,
                                              model::ModelOptions{.device = device});
}

/// A model whose heads share rotated keys and whose inner layer is gated.
inline std::shared_ptr<const model::Model> tiny_qwen3(core::Device device) {
  const model::ModelConfig config{
      .family = model::ModelFamily::qwen3,
      .layers = 2,
      .heads = 6,
      .kv_heads = 2,
      .width = 20,
      .head_width = 10,
      .inner_width = 27,
      .vocabulary = 61,
      .positions = 64,
      .norm = model::NormKind::rms_norm,
      .rotary = model::RotaryPositions{.frequencies = model::rotary_frequencies(10, 10000),
                                       .magnitude = 1.1},
      .activation = kernels::Activation::silu,
      .gated = true,
      .head_norms = true,
      .inner_bias = false};
  return std::make_shared<const model::Model>(config, named_weights(config, "both"),
                                              checkpoint::WeightDtype::f32,
                                              model::ModelOptions{.device = device});
}

inline bool readable_on_device(const settings::Knobs& knobs) {
  if (knobs.read->needs_scores && knobs.policy->make()->reads_vectors()) return false;
  return !knobs.read->reads_tail && !knobs.read->reads_pages;
}

inline settings::Knobs random_device_knobs(core::SplitMix64& random) {
  settings::Knobs knobs;
  do {
    knobs = random_knobs(random);
  } while (!readable_on_device(knobs));
  return knobs;
}

/// Equal lanes on processor and GPU that are fed equal tokens.
class BothDevices : public ::testing::Test {
 protected:
  void SetUp() override {
    try {
      (void)core::device_from("cuda");
    } catch (const core::Error& error) {
      GTEST_SKIP() << error.what();
    }
  }

  /// Feeds a token to a lane that both sessions have.
  static void step_both(decode::Session& cpu, decode::Session& gpu, decode::LaneId lane,
                        int token) {
    const decode::LaneInput input{.lane = lane, .token = token};
    cpu.step({&input, 1});
    gpu.step({&input, 1});
  }

  // Sums of another order on the other device: scores within some 1e-6 may swap victims, which
  // these seeds do not show.
  static void expect_alike(const decode::Lane& found, const decode::Lane& expected) {
    ASSERT_EQ(found.logits().size(), expected.logits().size());
    // A number between two codes of a coarse format may be rounded to the one on this device and to
    // the other on that.
    const kernels::KvFormat kv = expected.knobs().kv;
    const bool coarse = kv == kernels::KvFormat::int8 || kv == kernels::KvFormat::int4;
    for (std::size_t i = 0; i < found.logits().size(); ++i) {
      ASSERT_NEAR(found.logits()[i], expected.logits()[i], coarse ? 1e-2F : 2e-3F) << "logit " << i;
    }
    const auto layers = static_cast<int>(found.layers().size());
    for (int layer = 0; layer < layers; ++layer) {
      expect_alike(found.layer(layer), expected.layer(layer));
    }
  }

  static void expect_alike(const decode::LayerView& found, const decode::LayerView& expected) {
    for (int index = 0; index < found.table_count(); ++index) {
      const decode::TableView table = found.table(index);
      const decode::TableView other = expected.table(index);
      ASSERT_TRUE(std::ranges::equal(table.positions(), other.positions()));
      if (!table.audited()) continue;
      ASSERT_NEAR(table.divergence().retained_mass(), other.divergence().retained_mass(), 1e-3);
      ASSERT_NEAR(table.total_regret(), other.total_regret(), 1e-2);
    }
  }
};

}  // namespace sketchscope::support
