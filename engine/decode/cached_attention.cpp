#include "engine/decode/cached_attention.hpp"

#include "engine/core/stopwatch.hpp"
#include "kernels/decode_attention.hpp"

namespace sketchscope {

CachedAttention::CachedAttention(ThreadPool& pool, Rows rows) : pool_(pool), rows_(rows) {}

void CachedAttention::attend(int layer, const AttentionInput& input, std::span<float> output) {
  store(layer, input);
  read(layer, input.query, output);
  learn(layer, input.query, output);
}

void CachedAttention::store(int layer, const AttentionInput& input) {
  const Stopwatch watch;
  // Pages come from one pool, so storing is not spread over threads.
  for (std::size_t row = 0; row < rows_.lanes.size(); ++row) {
    const Stopwatch own;
    rows_.lanes[row]->place(layer, rows_.inputs[row], rows_.scratch[row]);
    rows_.lanes[row]->fill(layer, input.key.row(row), input.value.row(row));
    rows_.scratch[row].policy_ms += own.elapsed_ms();
  }
  times_.policy_ms += watch.elapsed_ms();
}

void CachedAttention::read(int layer, const StridedRows& query, std::span<float> output) {
  const Stopwatch watch;
  Readings& readings = rows_.readings;
  readings.clear();
  for (std::size_t row = 0; row < rows_.lanes.size(); ++row) {
    const Lane& lane = *rows_.lanes[row];
    const std::size_t first = readings.inputs.size();
    lane.add_readings(layer, query.row(row), output.subspan(row * query.width, query.width),
                      rows_.scratch[row], readings);
    lane.narrow_readings(layer, rows_.scratch[row], std::span(readings.inputs).subspan(first));
  }
  decode_attention(pool_, readings.inputs, readings.results);
  times_.attention_ms += watch.elapsed_ms();
}

void CachedAttention::learn(int layer, const StridedRows& query, std::span<float> output) {
  const auto each_row = [&](const auto& work) {
    pool_.run(static_cast<int>(rows_.lanes.size()),
              [&](int row) { work(static_cast<std::size_t>(row)); });
  };
  const auto result = [&](std::size_t row) {
    return output.subspan(row * query.width, query.width);
  };
  const auto answer = [&](std::size_t row) { return Lane::Answer{query.row(row), result(row)}; };

  Stopwatch watch;
  each_row([&](std::size_t row) {
    const Stopwatch own;
    rows_.lanes[row]->join_tail(layer, query.row(row), result(row), rows_.scratch[row]);
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

void PromptPass::attend(int layer, const AttentionInput& input, std::span<float> output) {
  const std::size_t count = tokens_.size();
  Stopwatch watch;
  mass_.assign(static_cast<std::size_t>(config_.heads) * count, 0.0F);
  const PromptAttention prompt{.tokens = static_cast<int>(count),
                               .heads = config_.heads,
                               .kv_heads = config_.kv_heads,
                               .head_width = config_.head_width,
                               .scale = config_.attention_scale(layer),
                               .query = input.query,
                               .key = input.key,
                               .value = input.value};
  pool_.run(config_.heads, [&](int head) {
    prompt_attention(prompt, head, output,
                     std::span(mass_).subspan(static_cast<std::size_t>(head) * count, count));
  });
  times_.attention_ms += watch.lap_ms();

  for (Lane* lane : lanes_) learn(*lane, layer, input);
  times_.policy_ms += watch.lap_ms();
}

void PromptPass::learn(Lane& lane, int layer, const AttentionInput& input) {
  store_all(lane, layer, input);
  // The last query once more, over the table, gives its own probabilities.
  std::vector<float> unused(input.query.width);
  Readings readings;
  lane.add_readings(layer, input.query.row(tokens_.size() - 1), unused, scratch_, readings);
  decode_attention(pool_, readings.inputs, readings.results);
  const std::vector<float> last = scratch_.mass;
  lane.observe_prompt(layer, {.total = mass_, .last = last}, scratch_);
  lane.cut_prompt(layer, scratch_);
}

void PromptPass::store_all(Lane& lane, int layer, const AttentionInput& input) {
  std::vector<float> row_output(input.query.width);
  for (std::size_t row = 0; row < tokens_.size(); ++row) {
    lane.store_prompt_token(layer, {.position = static_cast<int>(row),
                                    .token = tokens_[row],
                                    .key = input.key.row(row),
                                    .value = input.value.row(row)});
    if (!lane.observes_prompt_rows()) continue;
    lane.observe_prompt_row(layer, input.query.row(row), row_output, scratch_);
  }
}

}  // namespace sketchscope
