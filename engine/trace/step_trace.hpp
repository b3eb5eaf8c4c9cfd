#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "engine/trace/operation.hpp"

namespace sketchscope::trace {

/// The least work that an operation has to do.
struct Work {
  std::int64_t bytes = 0;          ///< memory traffic
  std::int64_t multiply_adds = 0;  ///< two floating-point operations each

  Work& operator+=(const Work& other) {
    bytes += other.bytes;
    multiply_adds += other.multiply_adds;
    return *this;
  }
  friend bool operator==(const Work&, const Work&) = default;
};

/// Where an operation ran: −1 stands for all layers, or for all rows of the pass together.
struct Place {
  int layer = -1;
  int row = -1;
};

/// One operation on one thread. Times count from the beginning of its step.
struct OperationSpan {
  Operation operation = Operation::prepare;
  Place place;
  int thread = 0;  ///< 0 is the thread that makes the step
  std::int64_t begin_ns = 0;
  std::int64_t end_ns = 0;
  Work work;

  [[nodiscard]] std::int64_t duration_ns() const { return end_ns - begin_ns; }
};

/// Converts nanoseconds to milliseconds.
constexpr double milliseconds(std::int64_t nanoseconds) {
  return static_cast<double>(nanoseconds) / 1e6;
}

/// The work of a helping thread in one run of the pool, from its first part to the end of its last.
struct BusySpan {
  Operation operation = Operation::prepare;
  int layer = -1;
  int thread = 1;  ///< 1 or more
  std::int64_t begin_ns = 0;
  std::int64_t end_ns = 0;

  [[nodiscard]] std::int64_t duration_ns() const { return end_ns - begin_ns; }
};

/// One step taken apart: what each thread did when.
struct StepTrace {
  std::int64_t step = 0;
  int threads = 1;
  std::int64_t begin_ns = 0;  ///< since the recorder was made
  std::int64_t duration_ns = 0;
  std::vector<OperationSpan> spans;  ///< ascending by begin; those that contain others before them
  std::vector<BusySpan> busy;        ///< ascending by begin
  /// The operations that a device ran within device_pass, one after the other.
  std::vector<OperationSpan> on_device;

  /// Returns the bytes that the trace takes.
  [[nodiscard]] std::size_t bytes() const {
    return sizeof(StepTrace) + (spans.capacity() + on_device.capacity()) * sizeof(OperationSpan) +
           busy.capacity() * sizeof(BusySpan);
  }
};

using StepTracePointer = std::shared_ptr<const StepTrace>;

}  // namespace sketchscope::trace
