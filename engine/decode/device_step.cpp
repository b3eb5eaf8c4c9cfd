#include "engine/decode/device_step.hpp"

#include <cstddef>
#include <cstdint>

#include "engine/core/error.hpp"
#include "engine/core/timing.hpp"
#include "engine/decode/lane_state.hpp"
#include "engine/model/check_rows.hpp"
#include "engine/model/forward.hpp"

namespace sketchscope::decode {
namespace {

/// Numbers of one layer of an array (L, B, width).
std::size_t layer_size(int rows, int width) {
  return static_cast<std::size_t>(rows) * static_cast<std::size_t>(width);
}

template <class T>
auto layer_of(T& all, int layer, std::size_t size) {
  return std::span(all).subspan(static_cast<std::size_t>(layer) * size, size);
}

void refuse_what_the_device_lacks(const Lane& lane) {
  if (lane.knobs().positions == settings::Positions::cache) {
    throw core::UsageError({.what = "positions 'cache' on the GPU",
                            .found = "keys that are rotated whenever they are read",
                            .expected = "keys that are stored rotated",
                            .remedy = "Take --positions original there, or --device cpu"});
  }
  if (lane.knobs().read->reads_pages) {
    throw core::UsageError({.what = "read '" + lane.knobs().read.name() + "' on the GPU",
                            .found = "pages that are selected by each query",
                            .expected = "slots that are selected before the pass",
                            .remedy = "Take --read full or topk there, or --device cpu"});
  }
  if (lane.knobs().read->needs_scores && lane.policy().reads_vectors()) {
    throw core::UsageError({.what = "read '" + lane.knobs().read.name() + "' on the GPU",
                            .found = "policy '" + lane.knobs().policy.name() +
                                     "', whose scores need the incoming token's key",
                            .expected = "a policy that scores without it",
                            .remedy = "Take --read full there, another --policy, or --device cpu"});
  }
  if (!lane.knobs().read->reads_tail) return;
  throw core::UsageError({.what = "read '" + lane.knobs().read.name() + "' on the GPU",
                          .found = "a summary of evicted positions in every layer",
                          .expected = "a read of stored positions alone",
                          .remedy = "Take --read full or topk there, or --device cpu"});
}

/// One row of a pass.
model::AttentionInput row_of(const model::AttentionInput& input, std::size_t row) {
  const auto one_row = [row](const kernels::StridedRows& rows) {
    return kernels::StridedRows{
        .numbers = rows.row(row), .width = rows.width, .stride = rows.width};
  };
  return {.query = one_row(input.query), .key = one_row(input.key), .value = one_row(input.value)};
}

}  // namespace

DeviceStep::DeviceStep(const model::ModelConfig& config, const model::DecoderView& weights)
    : config_(config),
      weights_(weights),
      backend_(config, queue_.stream()),
      attention_(config, queue_.stream()),
      prompt_(config, weights, queue_),
      spans_(queue_.stream()) {}

void DeviceStep::run(kernels::ThreadPool& pool, const StepRows& rows, std::span<float> logits) {
  for (const Lane* lane : rows.lanes) refuse_what_the_device_lacks(*lane);
  model::check_rows(config_, rows.inputs);
  core::Stopwatch watch;
  take_shape(DeviceAttention::shape_of(rows.lanes));
  plan(rows);
  times_ = {.policy_ms = watch.lap_ms()};
  run_pass(rows.workspace.recorder, rows.inputs, logits);
  update(pool, rows);
}

void DeviceStep::run_prompt(const DevicePrompt::Input& input, std::span<float> logits) {
  for (const Lane* lane : input.lanes) refuse_what_the_device_lacks(*lane);
  prompt_.run(input, logits);
  times_ = prompt_.times();
}

void DeviceStep::take_shape(const DeviceAttention::Shape& shape) {
  if (shape == shape_) return;
  recordings_ = {};  // they hold the arrays' addresses
  shape_ = shape;
  backend_.take_size({.rows = shape.rows,
                      .rows_at_once = shape.rows,
                      .rows_with_logits = shape.rows,
                      .keeps_layers = true});
  const auto layers = static_cast<std::size_t>(config_.layers);
  qkv_.resize(layers * layer_size(shape.rows, config_.qkv_width()));
  attended_.resize(layers * layer_size(shape.rows, config_.query_width()));
}

void DeviceStep::plan(const StepRows& rows) {
  const kernels::cuda::ProfileRange range("plan");
  const auto query_width = static_cast<std::size_t>(config_.query_width());
  attention_.begin(shape_);
  placements_.clear();
  for (int layer = 0; layer < config_.layers; ++layer) {
    const model::PassBuffers buffers = backend_.buffers(layer, {.count = shape_.rows});
    const model::AttentionInput input = model::attention_input(config_, buffers.qkv);
    for (std::size_t row = 0; row < rows.lanes.size(); ++row) {
      const core::Stopwatch own;
      LaneState& lane = rows.lanes[row]->state();
      LaneWorkspace& workspace = rows.workspace.lanes[row];
      placements_.push_back(place_token(lane, layer, rows.inputs[row], workspace));
      const SlotSelection selection = plan_slots(lane, placements_.back(), workspace);
      trace::ScopedSpan span(rows.workspace.recorder, trace::Operation::device_send,
                             {.layer = layer, .row = static_cast<int>(row)});
      span.add(
          copy_work(attention_.plan_row(lane, selection, row_of(input, row),
                                        buffers.attended.subspan(row * query_width, query_width))));
      workspace.policy_ms += own.elapsed_ms();
    }
  }
}

void DeviceStep::run_pass(trace::Recorder* recorder, std::span<const model::InputRow> inputs,
                          std::span<float> logits) {
  const kernels::cuda::ProfileRange range("pass");
  {
    trace::ScopedSpan span(recorder, trace::Operation::device_send);
    backend_.send(inputs);
    span.add(copy_work(inputs.size_bytes() + attention_.send()));
  }
  {
    const trace::ScopedSpan span(recorder, trace::Operation::device_pass);
    kernels::cuda::Recording& pass = recorder == nullptr ? recordings_.plain : recordings_.timed;
    if (pass.empty()) pass = record_pass(recorder == nullptr ? nullptr : &spans_);
    const std::int64_t begin_ns = recorder == nullptr ? 0 : recorder->now();
    pass.start(queue_);
    if (recorder != nullptr) {
      queue_.wait();
      recorder->add_on_device(spans_.times(begin_ns));
    }
  }
  trace::ScopedSpan span(recorder, trace::Operation::device_fetch);
  backend_.fetch(logits);
  backend_.fetch_layers(qkv_, attended_);
  const std::size_t fetched = (qkv_.size() + attended_.size() + logits.size()) * sizeof(float);
  span.add(copy_work(fetched + attention_.fetch()));
}

kernels::cuda::Recording DeviceStep::record_pass(trace::SpanObserver* observer) {
  if (observer != nullptr) spans_.clear();
  attention_.trace_to(observer);
  return {queue_, [&](kernels::cuda::Stream) {
            model::run_forward_pass({.config = config_, .weights = weights_}, backend_, attention_,
                                    {.rows = shape_.rows,
                                     .rows_at_once = shape_.rows,
                                     .rows_with_logits = shape_.rows,
                                     .observer = observer});
          }};
}

void DeviceStep::update(kernels::ThreadPool& pool, const StepRows& rows) {
  const kernels::cuda::ProfileRange range("update");
  CachedAttention attention(pool, rows);
  core::Stopwatch watch;
  for (int layer = 0; layer < config_.layers; ++layer) {
    watch.lap_ms();
    received_.clear();
    for (std::size_t row = 0; row < rows.lanes.size(); ++row) {
      const core::Stopwatch own;
      LaneWorkspace& workspace = rows.workspace.lanes[row];
      received_.push_back(receive_row(layer, row, rows.lanes[row]->state(), workspace));
      workspace.policy_ms += own.elapsed_ms();
    }
    times_.policy_ms += watch.lap_ms();
    attention.update(received_);
  }
  times_.policy_ms += attention.times().policy_ms;
  times_.audit_ms += attention.times().audit_ms;
}

LayerAttention DeviceStep::receive_row(int layer, std::size_t row, LaneState& lane,
                                       LaneWorkspace& workspace) {
  const model::AttentionInput input = fetched_input(layer);
  const Placement& placement = placements_[layer_size(shape_.rows, layer) + row];
  store_token(lane, placement, {.key = input.key.row(row), .value = input.value.row(row)},
              workspace);
  const auto width = static_cast<std::size_t>(config_.query_width());
  const DeviceAttention::RowResult found = attention_.receive_row(layer, row, lane);
  // The selection is the planned one: it does not depend on what was just stored.
  return {.selection = plan_slots(lane, placement, workspace),
          .own_query = input.query.row(row),
          .query = input.query.row(row),
          .output = layer_of(attended_, layer, layer_size(shape_.rows, config_.query_width()))
                        .subspan(row * width, width),
          .mass = found.mass,
          .log_sum_exp = found.log_sum_exp};
}

model::AttentionInput DeviceStep::fetched_input(int layer) const {
  return model::attention_input(
      config_, layer_of(qkv_, layer, layer_size(shape_.rows, config_.qkv_width())));
}

}  // namespace sketchscope::decode
