#pragma once

#include <map>
#include <memory>
#include <span>
#include <vector>

#include "engine/decode/cached_attention.hpp"
#include "engine/decode/phases.hpp"

namespace sketchscope::support {

/// One lane of a one-layer model whose attention is fed queries, keys and values directly, without
/// the model around it.
class FedLayer {
 public:
  FedLayer(const model::ModelConfig& config, decode::LaneOptions options)
      : lane_(config, std::make_shared<cache::PagePools>(), std::move(options)), lanes_{&lane_} {}

  /// One step of query (H, D), key and value (K, D), whose token is its position; returns the
  /// output (H, D).
  std::vector<float> step(int position, std::span<const float> query, std::span<const float> key,
                          std::span<const float> value) {
    const std::vector<model::InputRow> inputs{{.token = position, .position = position}};
    workspace_.resize(1);
    decode::CachedAttention attention(pool_,
                                      {.lanes = lanes_, .inputs = inputs, .workspace = workspace_});
    const auto row = [](std::span<const float> of_row) {
      return kernels::StridedRows{
          .numbers = of_row, .width = of_row.size(), .stride = of_row.size()};
    };
    std::vector<float> output(query.size());
    attention.attend(0, {.query = row(query), .key = row(key), .value = row(value)}, output);
    return output;
  }

  /// What the policy scores by table and position once a step's key and value are stored, which is
  /// when the read selects slots; found on a copy of the lane.
  [[nodiscard]] std::vector<std::map<int, double>> scores_with(int position,
                                                               std::span<const float> key,
                                                               std::span<const float> value) const {
    decode::Lane copy = lane_;
    decode::LaneWorkspace workspace;
    const model::InputRow input{.token = position, .position = position};
    decode::store_token(copy.state(), decode::place_token(copy.state(), 0, input, workspace),
                        {.key = key, .value = value}, workspace);
    std::vector<std::map<int, double>> scores;
    for (const decode::TableView& table : copy.layer(0).tables()) {
      const std::vector<float> importance = table.scores();
      std::map<int, double>& by_position = scores.emplace_back();
      for (std::size_t slot = 0; slot < importance.size(); ++slot) {
        by_position[table.positions()[slot]] = importance[slot];
      }
    }
    return scores;
  }

  [[nodiscard]] decode::Lane& lane() { return lane_; }
  [[nodiscard]] std::vector<decode::TableView> tables() const { return lane_.layer(0).tables(); }

 private:
  kernels::ThreadPool pool_{1};
  decode::Lane lane_;
  std::vector<decode::Lane*> lanes_;
  decode::StepWorkspace workspace_;
};

}  // namespace sketchscope::support
