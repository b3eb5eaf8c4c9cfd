#include "engine/model/model.hpp"

#include <algorithm>
#include <utility>

#include "engine/core/error.hpp"
#include "engine/model/check_rows.hpp"
#include "engine/model/device_weights.hpp"
#include "engine/model/forward.hpp"

namespace sketchscope::model {
namespace {

void require_room_for_logits(const ModelConfig& config, const ForwardPass& pass) {
  const auto vocabulary = static_cast<std::size_t>(config.vocabulary);
  const std::size_t numbers = pass.logits.size();
  if (numbers == 0 || numbers == vocabulary || numbers == vocabulary * pass.rows.size()) return;
  throw core::Error({.what = "room for logits of a forward pass",
                     .found = std::to_string(pass.logits.size()) + " numbers",
                     .expected = "one row of " + std::to_string(vocabulary) + ", one for each of " +
                                 std::to_string(pass.rows.size()) + " tokens, or none"});
}

}  // namespace

Model::Model(ModelConfig config, const checkpoint::Checkpoint& checkpoint,
             checkpoint::WeightDtype dtype, const ModelOptions& options,
             const core::ProgressSink& progress)
    : config_(std::move(config)),
      weights_(load_weights(config_, checkpoint, dtype, progress)),
      view_(view_of(weights_)),
      device_weights_(options.device == core::Device::cuda
                          ? std::make_unique<const DeviceWeights>(weights_)
                          : nullptr) {
  // Tables of learned positions are loaded whole, so the limit comes after them.
  if (options.max_context) config_.positions = std::min(config_.positions, *options.max_context);
}

Model::~Model() = default;

const ModelConfig& Model::config() const {
  return config_;
}

std::size_t Model::weight_bytes() const {
  return bytes_of(weights_);
}

const DecoderView* Model::on_device() const {
  return device_weights_ ? &device_weights_->view() : nullptr;
}

std::string Model::dtype_name() const {
  return core::name_of(main_type(weights_));
}

void Model::forward(kernels::ThreadPool& pool, const ForwardPass& pass, AttentionLayer& attention,
                    Activations& activations) const {
  require_room_for_logits(config_, pass);
  check_rows(config_, pass.rows);
  if (pass.rows.empty()) return;
  const int rows = static_cast<int>(pass.rows.size());
  const int at_once = pass.rows_at_once > 0 ? std::min(pass.rows_at_once, rows) : rows;
  CpuBackend backend(config_, pool, activations,
                     {.inputs = pass.rows, .logits = pass.logits, .rows_at_once = at_once});
  run_forward_pass({.config = config_, .weights = view_}, backend, attention,
                   {.rows = rows,
                    .rows_at_once = at_once,
                    .rows_with_logits = static_cast<int>(pass.logits.size()) / config_.vocabulary,
                    .observer = pass.recorder});
}

}  // namespace sketchscope::model
