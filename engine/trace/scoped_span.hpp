#pragma once

#include "engine/trace/step_trace.hpp"

namespace sketchscope::trace {

/// Notes operations as they begin and end, by whatever clock runs where they run.
class SpanObserver {
 public:
  SpanObserver() = default;
  SpanObserver(const SpanObserver&) = delete;
  SpanObserver& operator=(const SpanObserver&) = delete;
  virtual ~SpanObserver() = default;

  /// Called when an operation begins and when it ends. An operation that runs within another one
  /// may be noted by any thread of the pool, the others by the calling thread alone, one at a time.
  virtual void begin(OperationSpan& span) = 0;
  virtual void end(OperationSpan& span) = 0;
};

/// Notes the lifetime of this object as an operation. Without an observer it costs a comparison.
class ScopedSpan {
 public:
  /// `observer` may be null.
  ScopedSpan(SpanObserver* observer, Operation operation, const Place& place = {},
             const Work& work = {})
      : observer_(observer) {
    if (observer_ == nullptr) return;
    span_ = {.operation = operation, .place = place, .work = work};
    observer_->begin(span_);
  }
  ~ScopedSpan() {
    if (observer_ != nullptr) observer_->end(span_);
  }
  ScopedSpan(const ScopedSpan&) = delete;
  ScopedSpan& operator=(const ScopedSpan&) = delete;

  /// Adds work that is known only after the operation began.
  void add(const Work& work) { span_.work += work; }

 private:
  SpanObserver* observer_;
  OperationSpan span_;
};

}  // namespace sketchscope::trace
