#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

#include "engine/decode/session.hpp"
#include "engine/trace/recorder.hpp"
#include "engine/trace/step_trace.hpp"

namespace sketchscope::run {

/// The operations of a run's latest steps, within a budget of bytes.
class StepTrail {
 public:
  static constexpr std::size_t kMostSteps = 512;
  static constexpr std::size_t kMostBytes = std::size_t{24} << 20;

  /// Adds a step. It replaces the steps from its number on, as they are made again after a rewind.
  void note(trace::StepTrace trace);
  void forget() { forget_from(0); }
  void forget_from(std::int64_t step);
  /// Returns the steps, ascending.
  [[nodiscard]] std::vector<trace::StepTracePointer> steps() const {
    return {steps_.begin(), steps_.end()};
  }

 private:
  std::deque<trace::StepTracePointer> steps_;
  std::size_t bytes_ = 0;
};

/// Lets a recorder, which may be null, note the steps of a session while this object lives.
class TracedSession {
 public:
  TracedSession(decode::Session& session, trace::Recorder* recorder) : session_(session) {
    if (recorder != nullptr) recorder->drop();
    session_.trace_to(recorder);
  }
  ~TracedSession() { session_.trace_to(nullptr); }
  TracedSession(const TracedSession&) = delete;
  TracedSession& operator=(const TracedSession&) = delete;

 private:
  decode::Session& session_;
};

}  // namespace sketchscope::run
