#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/trace/scoped_span.hpp"
#include "kernels/cuda/runtime.hpp"

namespace sketchscope::decode {

/// Returns the work of copying so many bytes from or to the device.
inline trace::Work copy_work(std::size_t bytes) {
  return {.bytes = static_cast<std::int64_t>(bytes)};
}

/// Notes the operations of a pass while it is recorded, with an event before and behind each, so
/// that every start of the recording has their times.
class DeviceSpans final : public trace::SpanObserver {
 public:
  explicit DeviceSpans(kernels::cuda::Stream stream) : stream_(stream) {}

  /// Forgets all operations: the pass is recorded anew.
  void clear();

  void begin(trace::OperationSpan& span) override;
  void end(trace::OperationSpan& span) override;

  /// Returns the operations of the last start, which must have ended. The device has a clock of its
  /// own: `begin_ns` is put for the time at which it came to the first of them.
  [[nodiscard]] std::span<const trace::OperationSpan> times(std::int64_t begin_ns);

 private:
  struct Events {
    kernels::cuda::Event begin;
    kernels::cuda::Event end;
  };

  kernels::cuda::Stream stream_;
  std::vector<trace::OperationSpan> spans_;
  std::vector<Events> events_;  // of each span
};

}  // namespace sketchscope::decode
