#include "engine/decode/session.hpp"

#include <algorithm>
#include <string>

#include "engine/core/error.hpp"
#include "engine/core/timing.hpp"
#include "engine/decode/broken_logits.hpp"
#include "engine/decode/cached_attention.hpp"
#include "engine/decode/device_step.hpp"
#include "engine/decode/lane_state.hpp"

namespace sketchscope::decode {
namespace {

// Rows of a prompt that go through a block together: so many that a library's product of matrices
// is as fast as with all, and few enough that their buffers are small beside the weights.
constexpr int kPromptRowsAtOnce = 512;
// On a GPU more of them give work to all of it: 64 blocks of 32 queries for each head.
constexpr int kPromptRowsOnDevice = 2048;

bool stores_rotated(const Lane* lane) {
  return lane->knobs().positions == settings::Positions::original;
}

void check_room(const model::ModelConfig& config, std::size_t tokens) {
  if (tokens <= static_cast<std::size_t>(config.positions)) return;
  throw core::Error(
      {.what = "sequence is longer than the model's context",
       .found = std::to_string(tokens) + " tokens",
       .expected = "at most " + std::to_string(config.positions) + " (the positions of the model)",
       .remedy = "Shorten the prompt or generate fewer tokens"});
}

// A lane that takes ranks for positions may go on past the context under a capacity within it.
void check_room(const Lane& lane, const model::ModelConfig& config) {
  if (lane.has_room()) return;
  if (lane.knobs().positions == settings::Positions::original)
    return check_room(config, lane.tokens().size() + 1);
  throw core::Error(
      {.what = "sequence is longer than the model's context",
       .found = std::to_string(lane.tokens().size() + 1) +
                " tokens, under tables that may fill more slots than that or are never cut",
       .expected = "tables of at most " + std::to_string(config.positions) +
                   " slots (the positions of the model)",
       .remedy = "Lower max_cache_size, or generate fewer tokens"});
}

// Completes the times of a pass: the time that attention did not take was spent in linear layers.
record::PhaseTimes whole_pass(record::PhaseTimes attention, double total_ms) {
  attention.total_ms = total_ms;
  attention.linear_ms =
      total_ms - attention.attention_ms - attention.policy_ms - attention.audit_ms;
  return attention;
}

}  // namespace

Session::Session(std::shared_ptr<const model::Model> model, int threads)
    : model_(std::move(model)),
      threads_(threads),
      pages_(std::make_shared<cache::PagePools>()),
      workspace_(std::make_unique<StepWorkspace>()) {
  if (const model::DecoderView* weights = model_->on_device()) {
    device_step_ = std::make_unique<DeviceStep>(model_->config(), *weights);
  }
}

Session::~Session() = default;

LaneId Session::add_lane(LaneOptions options) {
  lanes_.emplace_back(std::in_place, model_->config(), pages_, std::move(options));
  return static_cast<LaneId>(lanes_.size()) - 1;
}

LaneId Session::adopt(Lane copy) {
  lanes_.emplace_back(std::move(copy));
  return static_cast<LaneId>(lanes_.size()) - 1;
}

void Session::remove(LaneId lane) {
  (void)this->lane(lane);
  lanes_[static_cast<std::size_t>(lane)].reset();
}

Lane& Session::lane(LaneId lane) {
  const auto index = static_cast<std::size_t>(lane);
  if (lane < 0 || index >= lanes_.size() || !lanes_[index]) {
    throw core::Error({.what = "session has no such lane", .found = std::to_string(lane)});
  }
  return *lanes_[index];
}

const Lane& Session::lane(LaneId lane) const {
  return const_cast<Session&>(*this).lane(lane);
}

void Session::prefill(LaneId lane, std::span<const int> tokens) {
  prefill(std::span(&lane, 1), tokens);
}

void Session::prefill(std::span<const LaneId> ids, std::span<const int> tokens) {
  if (tokens.empty()) throw core::Error("prompt has no tokens: expected at least one");
  std::vector<Lane*> lanes;
  for (const LaneId id : ids) {
    lanes.push_back(&lane(id));
    if (lanes.back()->tokens().empty()) continue;
    throw core::Error("prefill full needs a lane that was fed nothing yet");
  }
  check_room(model_->config(), tokens.size());

  const core::Stopwatch watch;
  logits_.resize(static_cast<std::size_t>(model_->config().vocabulary));
  workspace_->prompt.lane.recorder = recorder_;
  record::PhaseTimes pass;
  if (device_step_) {
    device_step_->run_prompt({.lanes = lanes,
                              .tokens = tokens,
                              .rows_at_once = kPromptRowsOnDevice,
                              .workspace = workspace_->prompt},
                             logits_);
    pass = device_step_->times();
  } else {
    const std::vector<model::InputRow> rows =
        prompt_rows(tokens, std::ranges::all_of(lanes, stores_rotated));
    PromptPass attention(model_->config(), threads_, lanes, tokens, workspace_->prompt);
    model_->forward(
        threads_,
        {.rows = rows, .logits = logits_, .recorder = recorder_, .rows_at_once = kPromptRowsAtOnce},
        attention, activations_);
    pass = attention.times();
  }
  tokens_forwarded_ += std::ssize(tokens);
  const trace::ScopedSpan span(recorder_, trace::Operation::keep_logits);
  for (Lane* lane : lanes) lane->finish_pass(tokens, logits_);
  require_finite(logits_, tokens.size());
  times_ = whole_pass(pass, watch.elapsed_ms());
}

void Session::trace_to(trace::Recorder* recorder) {
  recorder_ = recorder;
  threads_.observe(recorder);
}

void Session::prepare(std::span<const LaneInput> inputs) {
  const trace::ScopedSpan span(recorder_, trace::Operation::prepare);
  fed_.clear();
  rows_.clear();
  for (const LaneInput& input : inputs) {
    Lane& fed = lane(input.lane);
    check_room(fed, model_->config());
    fed_.push_back(&fed);
    rows_.push_back({.token = input.token,
                     .position = static_cast<int>(fed.tokens().size()),
                     .rotated = fed.knobs().positions == settings::Positions::original});
  }
  workspace_->resize(inputs.size());
  workspace_->trace_to(recorder_);
  logits_.resize(inputs.size() * static_cast<std::size_t>(model_->config().vocabulary));
  std::size_t pages = 0;
  for (std::size_t row = 0; row < fed_.size(); ++row) {
    const core::Stopwatch own;
    pages += reserve_for_step(fed_[row]->state(), workspace_->lanes[row]);
    workspace_->lanes[row].policy_ms = own.elapsed_ms();
  }
  for (const Lane* fed : fed_) reserve_pages(fed->state(), pages);
}

void Session::step(std::span<const LaneInput> inputs) {
  if (inputs.empty()) return;
  const core::Stopwatch watch;
  prepare(inputs);
  const double prepare_ms = watch.elapsed_ms();
  const record::PhaseTimes pass = run_pass();
  tokens_forwarded_ += std::ssize(rows_);
  const auto vocabulary = static_cast<std::size_t>(model_->config().vocabulary);
  {
    const trace::ScopedSpan span(recorder_, trace::Operation::keep_logits);
    for (std::size_t row = 0; row < inputs.size(); ++row) {
      fed_[row]->finish_pass({&inputs[row].token, 1},
                             std::span(logits_).subspan(row * vocabulary, vocabulary));
    }
    // All lanes have finished the pass by now, so that each can still be looked at.
    for (const Lane* fed : fed_) require_finite(fed->logits(), fed->tokens().size());
  }
  times_ = whole_pass(pass, watch.elapsed_ms());
  // The time to prepare pages and slots is the policy's, since they are what it stores.
  times_.policy_ms += prepare_ms;
  times_.linear_ms -= prepare_ms;
}

record::PhaseTimes Session::run_pass() {
  const StepRows rows{.lanes = fed_, .inputs = rows_, .workspace = *workspace_};
  if (device_step_) {
    device_step_->run(threads_, rows, logits_);
    return device_step_->times();
  }
  CachedAttention attention(threads_, rows);
  model_->forward(threads_, {.rows = rows_, .logits = logits_, .recorder = recorder_}, attention,
                  activations_);
  return attention.times();
}

double Session::policy_ms(std::size_t row) const {
  return workspace_->lanes[row].policy_ms;
}

std::size_t Session::activation_bytes() const {
  return activations_.bytes() + logits_.capacity() * sizeof(float) + threads_.room_bytes() +
         workspace_->bytes();
}

}  // namespace sketchscope::decode
