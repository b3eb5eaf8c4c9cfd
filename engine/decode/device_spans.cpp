#include "engine/decode/device_spans.hpp"

#include <cmath>
#include <cstddef>

namespace sketchscope::decode {
namespace {

constexpr double kNanosecondsPerMs = 1e6;

}  // namespace

void DeviceSpans::clear() {
  spans_.clear();
  events_.clear();
}

void DeviceSpans::begin(trace::OperationSpan& /*span*/) {
  events_.emplace_back();
  events_.back().begin.put_on(stream_);
}

void DeviceSpans::end(trace::OperationSpan& span) {
  events_.back().end.put_on(stream_);
  spans_.push_back(span);
}

std::span<const trace::OperationSpan> DeviceSpans::times(std::int64_t begin_ns) {
  for (std::size_t i = 0; i < spans_.size(); ++i) {
    const auto time_of = [&](const kernels::cuda::Event& event) {
      return begin_ns + std::llround(event.ms_since(events_.front().begin) * kNanosecondsPerMs);
    };
    spans_[i].begin_ns = time_of(events_[i].begin);
    spans_[i].end_ns = time_of(events_[i].end);
  }
  return spans_;
}

}  // namespace sketchscope::decode
