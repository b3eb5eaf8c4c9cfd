#include "engine/decode/device_prompt.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "engine/core/timing.hpp"
#include "engine/model/check_rows.hpp"
#include "engine/model/forward.hpp"

namespace sketchscope::decode {
DevicePromptAttention::DevicePromptAttention(const model::ModelConfig& config,
                                             const kernels::cuda::Queue& queue)
    : config_(config), queue_(queue) {}

void DevicePromptAttention::begin(PromptLanes& lanes, int tokens, int rows_at_once,
                                  PromptWorkspace& workspace, trace::SpanObserver* observer) {
  lanes_ = &lanes;
  workspace_ = &workspace;
  observer_ = observer;
  tokens_ = tokens;
  taken_ = 0;
  policy_ms_ = 0.0;
  const auto heads = static_cast<std::size_t>(config_.heads);
  workspace.mass.resize(heads * static_cast<std::size_t>(tokens));
  model::grow_device_array(mass_, workspace.mass.size());
  model::grow_device_array(softmax_, heads * static_cast<std::size_t>(rows_at_once));
}

void DevicePromptAttention::attend(int layer, const model::AttentionInput& input,
                                   std::span<float> output) {
  const int first =
      std::exchange(taken_, taken_ + static_cast<int>(output.size() / input.query.width));
  launch(first, layer, input, output);
  const model::AttentionInput fetched = fetch(first, layer, input);
  const core::Stopwatch watch;
  lanes_->store(layer, {.first = first, .end = taken_, .unrotated = fetched, .rotated = fetched});
  if (taken_ == tokens_) taken_ = 0;
  policy_ms_ += watch.elapsed_ms();
}

void DevicePromptAttention::launch(int first, int layer, const model::AttentionInput& input,
                                   std::span<float> output) {
  const trace::ScopedSpan span(observer_, trace::Operation::attention, {.layer = layer});
  if (first == 0) {
    keys_ = input.key.numbers.data();
    values_ = input.value.numbers.data();
    std::ranges::fill(workspace_->mass, 0.0F);
    mass_.upload(workspace_->mass, queue_.stream());
  }
  kernels::cuda::launch_prompt_attention(
      {.query = {.first = input.query.numbers.data(), .stride = input.query.stride},
       .key = {.first = keys_, .stride = input.key.stride},
       .value = {.first = values_, .stride = input.value.stride},
       .tokens = taken_,
       .first = first,
       .heads = config_.heads,
       .kv_heads = config_.kv_heads,
       .head_width = config_.head_width,
       .first_head = 0,
       .head_count = config_.heads,
       .scale = config_.attention_scale(layer),
       .output = output.data(),
       .mass = mass_.data(),
       .mass_stride = static_cast<std::size_t>(tokens_),
       .softmax = softmax_.data()},
      queue_.stream());
}

model::AttentionInput DevicePromptAttention::fetch(int first, int layer,
                                                   const model::AttentionInput& input) {
  trace::Recorder* const recorder = workspace_->lane.recorder;
  {
    const trace::ScopedSpan span(recorder, trace::Operation::device_pass, {.layer = layer});
    queue_.wait();
  }
  trace::ScopedSpan span(recorder, trace::Operation::device_fetch, {.layer = layer});
  // Queries, keys and values of a row lie one after the other, from the query on.
  qkv_.resize(static_cast<std::size_t>(taken_ - first) * input.query.stride);
  kernels::cuda::download(qkv_.data(), input.query.numbers.data(), std::span(qkv_).size_bytes(),
                          queue_.stream());
  span.add(copy_work(std::span(qkv_).size_bytes()));
  if (taken_ == tokens_) {
    mass_.download(workspace_->mass, queue_.stream());
    span.add(copy_work(std::span(workspace_->mass).size_bytes()));
  }
  return model::attention_input(config_, qkv_);
}

DevicePrompt::DevicePrompt(const model::ModelConfig& config, const model::DecoderView& weights,
                           const kernels::cuda::Queue& queue)
    : config_(config),
      weights_(weights),
      queue_(queue),
      backend_(config, queue.stream()),
      attention_(config, queue),
      spans_(queue.stream()) {}

void DevicePrompt::run(const Input& input, std::span<float> logits) {
  const kernels::cuda::ProfileRange range("prompt");
  const std::vector<model::InputRow> rows = prompt_rows(input.tokens);
  model::check_rows(config_, rows);
  const int count = static_cast<int>(rows.size());
  const int at_once = std::min(input.rows_at_once, count);
  trace::Recorder* const recorder = input.workspace.lane.recorder;
  PromptLanes lanes(input.lanes, input.tokens, input.workspace);
  {
    trace::ScopedSpan span(recorder, trace::Operation::device_send);
    backend_.take_size({.rows = count, .rows_at_once = at_once, .rows_with_logits = 1});
    backend_.send(rows);
    span.add(copy_work(std::span(rows).size_bytes()));
  }
  attention_.begin(lanes, count, at_once, input.workspace, recorder == nullptr ? nullptr : &spans_);
  run_pass(count, at_once, recorder);
  trace::ScopedSpan span(recorder, trace::Operation::device_fetch);
  backend_.fetch(logits);
  span.add(copy_work(logits.size_bytes()));
}

void DevicePrompt::run_pass(int rows, int rows_at_once, trace::Recorder* recorder) {
  spans_.clear();
  const std::int64_t begin_ns = recorder == nullptr ? 0 : recorder->now();
  model::run_forward_pass({.config = config_, .weights = weights_}, backend_, attention_,
                          {.rows = rows,
                           .rows_at_once = rows_at_once,
                           .rows_with_logits = 1,
                           .observer = recorder == nullptr ? nullptr : &spans_});
  if (recorder == nullptr) return;
  {
    const trace::ScopedSpan span(recorder, trace::Operation::device_pass);
    queue_.wait();
  }
  recorder->add_on_device(spans_.times(begin_ns));
}

}  // namespace sketchscope::decode
