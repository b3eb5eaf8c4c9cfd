#include "engine/schedule/record_builder.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <numeric>
#include <utility>

#include "engine/core/program.hpp"
#include "engine/core/timing.hpp"
#include "engine/decode/degeneracy.hpp"
#include "engine/sketch/row_load.hpp"
#include "kernels/cuda_device.hpp"
#include "kernels/distribution.hpp"

namespace sketchscope::schedule {
namespace {

constexpr std::size_t kCandidates = 8;  // likeliest next tokens that a record lists

std::vector<float> probabilities(std::span<const float> logits) {
  if (logits.empty()) return {};
  std::vector<float> probability(logits.size());
  kernels::softmax(logits, probability);
  return probability;
}

// The `count` likeliest tokens, the likeliest first, found in one walk over the vocabulary.
std::vector<int> likeliest(std::span<const float> probability, std::size_t count) {
  std::vector<int> best;
  const auto at = [&](int token) { return probability[static_cast<std::size_t>(token)]; };
  for (int token = 0; token < std::ssize(probability); ++token) {
    if (best.size() == count && !(at(token) > at(best.back()))) continue;
    if (best.size() == count) best.pop_back();
    const auto place = std::ranges::find_if(best, [&](int other) { return at(token) > at(other); });
    best.insert(place, token);
  }
  return best;
}

void describe_fed_token(const Foresight& foresight, int token, record::StepRecord& record) {
  const auto index = static_cast<std::size_t>(token);
  if (!foresight.lane.empty()) {
    record.token_probability = foresight.lane[index];
    record.token_rank = kernels::rank_of(foresight.lane, token);
  }
  if (!foresight.twin.empty()) {
    record.twin_token_probability = foresight.twin[index];
    record.twin_token_rank = kernels::rank_of(foresight.twin, token);
  }
}

void describe_next_token(const Foresight& foresight, record::StepRecord& record) {
  record.entropy = kernels::entropy(foresight.lane);
  for (const int token : likeliest(foresight.lane, kCandidates)) {
    const auto index = static_cast<std::size_t>(token);
    record::Candidate candidate{.token = token, .probability = foresight.lane[index]};
    if (!foresight.twin.empty()) candidate.twin_probability = foresight.twin[index];
    record.candidates.push_back(candidate);
  }
  if (foresight.twin.empty()) return;
  record.top_rank_under_twin = kernels::rank_of(foresight.twin, record.candidates.front().token);
  record.top1_agrees = *record.top_rank_under_twin == 0;
}

}  // namespace

std::vector<record::LayerRecord> describe_layers(const decode::Lane& lane) {
  std::vector<record::LayerRecord> layers;
  for (const decode::LayerView& view : lane.layers()) {
    record::LayerRecord layer{
        .stored = view.stored(), .tables = view.table_count(), .capacity = view.capacity()};
    const auto [least, most] = view.stored_range();
    if (least < most) {
      layer.stored_least = least;
      layer.stored_most = most;
    }
    if (lane.audited()) {
      const cache::Divergence divergence = view.divergence();
      layer.retained_mass = divergence.retained_mass();
      layer.attention_kl = divergence.attention_kl();
      layer.attention_tv = divergence.attention_tv();
      layer.output_error = divergence.output_error();
      layer.output_cosine = divergence.output_cosine();
      layer.regret = view.total_regret();
    }
    layers.push_back(layer);
  }
  return layers;
}

Foresight foresight_of(const decode::Session& session, const LanePair& pair) {
  Foresight foresight{.lane = probabilities(session.lane(pair.lane).logits())};
  if (pair.twin) foresight.twin = probabilities(session.lane(*pair.twin).logits());
  return foresight;
}

namespace {

// Describes the step but for the comparison with the twin and the times.
record::StepRecord describe_step(decode::Session& session, const LanePair& pair,
                                 Foresight& foresight, StepFacts facts) {
  const trace::ScopedSpan span(session.recorder(), trace::Operation::record);
  decode::Lane& lane = session.lane(pair.lane);
  record::StepRecord record{.step = facts.step,
                            .position = static_cast<int>(lane.tokens().size()) - 1,
                            .tokens = {facts.tokens.begin(), facts.tokens.end()},
                            .prompt_tokens = facts.prompt_tokens,
                            .global_eviction_ratio = decode::global_eviction_ratio(lane),
                            .layers = describe_layers(lane),
                            .evictions = lane.take_evictions(),
                            .changes = std::move(facts.changes)};
  describe_fed_token(foresight, record.tokens.back(), record);
  foresight = foresight_of(session, pair);
  describe_next_token(foresight, record);
  record.memory = memory_of(session, lane);
  return record;
}

}  // namespace

record::StepRecord build_record(decode::Session& session, const LanePair& pair,
                                Foresight& foresight, StepFacts facts) {
  const core::Stopwatch watch;
  record::StepRecord record = describe_step(session, pair, foresight, std::move(facts));
  if (pair.twin) {
    const trace::ScopedSpan span(session.recorder(), trace::Operation::twin);
    record.logit_kl = compare_with_twin(session.lane(pair.lane), session.lane(*pair.twin)).logit_kl;
  }
  record.times = session.times();
  record.times.record_ms = watch.elapsed_ms();
  record.times.total_ms += record.times.record_ms;
  return record;
}

record::MemoryLedger memory_of(const decode::Session& session, const decode::Lane& lane) {
  const model::ModelConfig& config = session.model().config();
  const core::ProcessMemory process = core::process_memory();
  const std::size_t token_bytes = sizeof(float) * config.kv_floats_per_token();
  const auto device = session.model().on_device() ? kernels::cuda_memory() : std::nullopt;
  const auto part_of_device = [&](std::size_t kernels::CudaMemory::*part) {
    return device ? std::optional((*device).*part) : std::nullopt;
  };
  return {.weights = session.model().weight_bytes(),
          .kv_stored = lane.kv_bytes(),
          .sketch = lane.sketch_bytes(),
          .statistics = lane.statistics_bytes(),
          .tail = lane.tail_bytes(),
          .audit = lane.audit_bytes(),
          .activations = session.activation_bytes(),
          .pages_reserved = session.page_bytes_reserved(),
          .kv_full = lane.tokens().size() * token_bytes,
          .process = process.resident,
          .process_peak = process.peak,
          .device_used = part_of_device(&kernels::CudaMemory::used),
          .device_total = part_of_device(&kernels::CudaMemory::total)};
}

namespace {

/// The exact accumulated mass of each item of one layer, by item id.
std::map<std::uint32_t, double> exact_masses(const decode::Lane& lane,
                                             const decode::LayerView& layer) {
  const bool by_token = lane.knobs().sketch_key == sketch::SketchKey::token;
  std::map<std::uint32_t, double> masses;
  for (const decode::TableView& table : layer.tables()) {
    const std::span<const float> by_position = table.exact_mass();
    for (std::size_t position = 0; position < lane.tokens().size(); ++position) {
      const auto item = by_token ? static_cast<std::uint32_t>(lane.tokens()[position])
                                 : static_cast<std::uint32_t>(position);
      masses[item] += by_position[position];
    }
  }
  return masses;
}

EstimateError layer_error(const sketch::Sketch& sketch,
                          const std::map<std::uint32_t, double>& exact) {
  EstimateError error;
  const double total = sketch.total_mass();
  const double above = sketch.error_bound().above;
  for (const auto& [item, mass] : exact) {
    const double off = sketch.estimate(item) - mass;
    error.mean += std::abs(off) / total;
    error.largest = std::max(error.largest, std::abs(off) / total);
    error.within_bound += off <= above ? 1 : 0;
  }
  error.mean /= static_cast<double>(exact.size());
  error.within_bound /= static_cast<double>(exact.size());
  error.bound = above / total;
  return error;
}

}  // namespace

std::optional<EstimateError> estimate_error_of(const decode::Lane& lane) {
  const sketch::SketchKey key = lane.knobs().sketch_key;
  const bool known = key == sketch::SketchKey::position || key == sketch::SketchKey::token;
  if (!known || !lane.audited() || !lane.layer(0).sketch() || lane.tokens().empty()) {
    return std::nullopt;
  }
  EstimateError mean;
  const std::vector<decode::LayerView> views = lane.layers();
  for (const decode::LayerView& layer : views) {
    const EstimateError error = layer_error(*layer.sketch(), exact_masses(lane, layer));
    mean.mean += error.mean;
    mean.largest = std::max(mean.largest, error.largest);
    mean.bound += error.bound;
    mean.within_bound += error.within_bound;
  }
  const auto layers = static_cast<double>(views.size());
  mean.mean /= layers;
  mean.bound /= layers;
  mean.within_bound /= layers;
  return mean;
}

std::vector<double> sketch_row_loads(const decode::Lane& lane) {
  std::vector<double> means;
  const std::vector<decode::LayerView> views = lane.layers();
  for (const decode::LayerView& layer : views) {
    if (!layer.sketch()) continue;
    const auto loads = sketch::row_loads(layer.sketch()->cells(), layer.sketch()->shape().depth);
    means.resize(loads.size());
    for (std::size_t row = 0; row < loads.size(); ++row) {
      means[row] += loads[row] / static_cast<double>(views.size());
    }
  }
  return means;
}

}  // namespace sketchscope::schedule
