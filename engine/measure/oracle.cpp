#include "engine/measure/oracle.hpp"

#include <algorithm>
#include <string>

#include "engine/core/error.hpp"
#include "engine/schedule/schedule.hpp"

namespace sketchscope {
namespace {

// The policy of a full cache that also records the last query's masses by slot.
class RecordingPolicy final : public Policy {
 public:
  [[nodiscard]] bool evicts() const override { return false; }
  [[nodiscard]] StatisticSet needs() const override { return {Statistic::last_mass}; }
  void score(const ScoreInput&, std::span<float> importance) const override {
    std::ranges::fill(importance, 0.0F);
  }
};

// Records the mass of the last query by position. Nothing is evicted, so slots are positions.
void record_step(const Lane& lane, FutureMass& future) {
  const int step = static_cast<int>(lane.tokens().size()) - 1;
  for (int layer = 0; layer < std::ssize(lane.layers()); ++layer) {
    const LayerView view = lane.layer(layer);
    for (int table = 0; table < future.tables(); ++table) {
      future.record(layer, table, step, view.table(table).statistic(Statistic::last_mass));
    }
  }
}

std::size_t triangle(int length) {
  const auto side = static_cast<std::size_t>(length);
  return side * (side + 1) / 2;
}

}  // namespace

FutureMass::FutureMass(int layers, int tables, int length)
    : tables_(tables), length_(length), sums_(bytes(layers, tables, length) / sizeof(float)) {}

std::size_t FutureMass::bytes(int layers, int tables, int length) {
  return static_cast<std::size_t>(layers * tables) * triangle(length) * sizeof(float);
}

std::size_t FutureMass::row(int layer, int table, int step) const {
  return static_cast<std::size_t>(layer * tables_ + table) * triangle(length_) + triangle(step);
}

void FutureMass::record(int layer, int table, int step, std::span<const float> mass) {
  if (std::ssize(mass) != step + 1 || step >= length_) {
    throw Error(
        {.what = "masses of a step to record",
         .found = std::to_string(mass.size()),
         .expected = std::to_string(step + 1) + ", of " + std::to_string(length_) + " steps"});
  }
  std::ranges::copy(mass, sums_.begin() + static_cast<std::ptrdiff_t>(row(layer, table, step)));
}

void FutureMass::accumulate() {
  const std::size_t size = triangle(length_);
  for (std::size_t first = 0; first < sums_.size(); first += size) {
    for (int step = length_ - 2; step >= 0; --step) {
      const std::size_t now = first + triangle(step);
      const std::size_t next = first + triangle(step + 1);
      for (std::size_t at = 0; at <= static_cast<std::size_t>(step); ++at) {
        sums_[now + at] += sums_[next + at];
      }
    }
  }
}

float FutureMass::from(int layer, int table, int step, int position) const {
  if (step >= length_) return 0;
  return sums_[row(layer, table, step) + static_cast<std::size_t>(position)];
}

FutureMass record_future(std::shared_ptr<const Model> model, std::span<const int> tokens,
                         bool heads_apart, int threads) {
  const ModelConfig config = model->config();
  Knobs knobs{.policy = "full"};
  knobs.granularity = heads_apart ? Granularity::head : Granularity::layer;
  // The recording needs the masses of every query, which a prefill in one pass does not give.
  knobs.prefill = Prefill::stream;
  FutureMass future(config.layers, heads_apart ? config.kv_heads : 1,
                    static_cast<int>(tokens.size()));
  LaneGroup group = {{.lane = {.knobs = knobs, .policy = std::make_shared<const RecordingPolicy>()},
                      .passage = {.prompt = tokens},
                      .on_step = [&](const LaneStep& step) { record_step(step.lane(), future); }}};
  Session session(std::move(model), threads);
  run_schedule(session, {.groups = {&group, 1}}, {});
  future.accumulate();
  return future;
}

void OraclePolicy::score(const ScoreInput& input, std::span<float> importance) const {
  // The policy is asked before the new token is stored, so the newest stored position is that of
  // the last step.
  const int next = *std::ranges::max_element(input.stored_positions) + 1;
  const int table = future_.tables() > 1 ? input.items.heads.first : 0;
  std::ranges::transform(input.stored_positions, importance.begin(), [&](int position) {
    return future_.from(input.layer, table, next, position);
  });
}

}  // namespace sketchscope
