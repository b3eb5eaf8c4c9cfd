#pragma once

#include <memory>
#include <span>
#include <vector>

#include "engine/decode/cached_attention.hpp"

namespace sketchscope::support {

/// One lane of a one-layer model whose attention is fed queries, keys and values directly, without
/// the model around it.
class FedLayer {
 public:
  FedLayer(const ModelConfig& config, LaneOptions options)
      : lane_(config, std::make_shared<PagePools>(), std::move(options)), lanes_{&lane_} {}

  /// One step of query (H, D), key and value (K, D), whose token is its position; returns the
  /// output (H, D).
  std::vector<float> step(int position, std::span<const float> query, std::span<const float> key,
                          std::span<const float> value) {
    const std::vector<InputRow> inputs{{.token = position, .position = position}};
    workspace_.resize(1);
    CachedAttention attention(pool_, {.lanes = lanes_, .inputs = inputs, .workspace = workspace_});
    const auto row = [](std::span<const float> of_row) {
      return StridedRows{.numbers = of_row, .width = of_row.size(), .stride = of_row.size()};
    };
    std::vector<float> output(query.size());
    attention.attend(0, {.query = row(query), .key = row(key), .value = row(value)}, output);
    return output;
  }

  [[nodiscard]] Lane& lane() { return lane_; }
  [[nodiscard]] std::vector<TableView> tables() const { return lane_.layer(0).tables(); }

 private:
  ThreadPool pool_{1};
  Lane lane_;
  std::vector<Lane*> lanes_;
  StepWorkspace workspace_;
};

}  // namespace sketchscope::support
