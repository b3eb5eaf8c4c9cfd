#include "engine/decode/cached_attention.hpp"

#include "engine/core/stopwatch.hpp"
#include "kernels/decode_attention.hpp"

namespace sketchscope {

CachedAttention::CachedAttention(const ModelConfig& config, ThreadPool& pool, Rows rows)
    : pool_(pool), rows_(rows), width_(static_cast<std::size_t>(config.width)) {}

void CachedAttention::attend(int layer, std::span<const float> qkv, std::span<float> output) {
  store(layer, qkv);
  read(layer, qkv, output);
  learn(layer, qkv, output);
}

void CachedAttention::store(int layer, std::span<const float> qkv) {
  const Stopwatch watch;
  // Pages come from one pool, so storing is not spread over threads.
  for (std::size_t row = 0; row < rows_.lanes.size(); ++row) {
    const Stopwatch own;
    rows_.lanes[row]->place(layer, rows_.inputs[row], rows_.scratch[row]);
    rows_.lanes[row]->fill(layer, qkv.subspan((row * 3 + 1) * width_, width_),
                           qkv.subspan((row * 3 + 2) * width_, width_));
    rows_.scratch[row].policy_ms += own.elapsed_ms();
  }
  times_.policy_ms += watch.elapsed_ms();
}

void CachedAttention::read(int layer, std::span<const float> qkv, std::span<float> output) {
  const Stopwatch watch;
  Readings& readings = rows_.readings;
  readings.clear();
  for (std::size_t row = 0; row < rows_.lanes.size(); ++row) {
    const Lane& lane = *rows_.lanes[row];
    const std::size_t first = readings.inputs.size();
    lane.add_readings(layer, qkv.subspan(row * 3 * width_, width_),
                      output.subspan(row * width_, width_), rows_.scratch[row], readings);
    lane.narrow_readings(layer, rows_.scratch[row], std::span(readings.inputs).subspan(first));
  }
  decode_attention(pool_, readings.inputs, readings.results);
  times_.attention_ms += watch.elapsed_ms();
}

void CachedAttention::learn(int layer, std::span<const float> qkv, std::span<float> output) {
  const auto each_row = [&](const auto& work) {
    pool_.run(static_cast<int>(rows_.lanes.size()),
              [&](int row) { work(static_cast<std::size_t>(row)); });
  };
  const auto query = [&](std::size_t row) { return qkv.subspan(row * 3 * width_, width_); };
  const auto result = [&](std::size_t row) { return output.subspan(row * width_, width_); };
  const auto answer = [&](std::size_t row) { return Lane::Answer{query(row), result(row)}; };

  Stopwatch watch;
  each_row([&](std::size_t row) {
    const Stopwatch own;
    rows_.lanes[row]->join_tail(layer, query(row), result(row), rows_.scratch[row]);
    rows_.lanes[row]->observe(layer, result(row), rows_.scratch[row]);
    rows_.scratch[row].policy_ms += own.elapsed_ms();
  });
  times_.policy_ms += watch.lap_ms();
  Readings& readings = rows_.readings;
  readings.clear();
  for (std::size_t row = 0; row < rows_.lanes.size(); ++row) {
    rows_.lanes[row]->add_audit_readings(layer, answer(row), rows_.scratch[row], readings);
  }
  decode_attention(pool_, readings.inputs, readings.results);
  each_row(
      [&](std::size_t row) { rows_.lanes[row]->audit(layer, answer(row), rows_.scratch[row]); });
  times_.audit_ms += watch.lap_ms();
}

PromptPass::PromptPass(const ModelConfig& config, ThreadPool& pool, std::span<Lane* const> lanes,
                       std::span<const int> tokens)
    : config_(config), pool_(pool), lanes_(lanes), tokens_(tokens) {}

void PromptPass::attend(int layer, std::span<const float> qkv, std::span<float> output) {
  const std::size_t count = tokens_.size();
  Stopwatch watch;
  mass_.assign(static_cast<std::size_t>(config_.heads) * count, 0.0F);
  const auto width = static_cast<std::size_t>(config_.width);
  const auto part = [&](std::size_t which) {
    return StridedRows{.numbers = qkv.subspan(which * width), .width = width, .stride = 3 * width};
  };
  const PromptAttention prompt{.tokens = static_cast<int>(count),
                               .heads = config_.heads,
                               .kv_heads = config_.kv_heads,
                               .head_width = config_.head_width,
                               .scale = config_.attention_scale(layer),
                               .query = part(0),
                               .key = part(1),
                               .value = part(2)};
  pool_.run(config_.heads, [&](int head) {
    prompt_attention(prompt, head, output,
                     std::span(mass_).subspan(static_cast<std::size_t>(head) * count, count));
  });
  times_.attention_ms += watch.lap_ms();

  for (Lane* lane : lanes_) learn(*lane, layer, qkv);
  times_.policy_ms += watch.lap_ms();
}

void PromptPass::learn(Lane& lane, int layer, std::span<const float> qkv) {
  const auto width = static_cast<std::size_t>(config_.width);
  store_all(lane, layer, qkv);
  // The last query once more, over the table, gives its own probabilities.
  std::vector<float> unused(width);
  Readings readings;
  lane.add_readings(layer, qkv.subspan((tokens_.size() - 1) * 3 * width, width), unused, scratch_,
                    readings);
  decode_attention(pool_, readings.inputs, readings.results);
  const std::vector<float> last = scratch_.mass;
  lane.observe_prompt(layer, {.total = mass_, .last = last}, scratch_);
  lane.cut_prompt(layer, scratch_);
}

void PromptPass::store_all(Lane& lane, int layer, std::span<const float> qkv) {
  const auto width = static_cast<std::size_t>(config_.width);
  std::vector<float> row_output(width);
  for (std::size_t row = 0; row < tokens_.size(); ++row) {
    lane.store_prompt_token(layer, {.position = static_cast<int>(row),
                                    .token = tokens_[row],
                                    .key = qkv.subspan((row * 3 + 1) * width, width),
                                    .value = qkv.subspan((row * 3 + 2) * width, width)});
    if (!lane.observes_prompt_rows()) continue;
    lane.observe_prompt_row(layer, qkv.subspan(row * 3 * width, width), row_output, scratch_);
  }
}

}  // namespace sketchscope
