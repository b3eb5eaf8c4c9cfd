#pragma once

#include <chrono>
#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

namespace sketchscope::core {

/// Wall time since construction or the last lap, in milliseconds.
class Stopwatch {
 public:
  [[nodiscard]] double elapsed_ms() const {
    return std::chrono::duration<double, std::milli>(Clock::now() - start_).count();
  }

  /// Returns the time since the last lap and starts the next one.
  double lap_ms() {
    const auto now = Clock::now();
    const double lap = std::chrono::duration<double, std::milli>(now - start_).count();
    start_ = now;
    return lap;
  }

 private:
  using Clock = std::chrono::steady_clock;
  Clock::time_point start_ = Clock::now();
};

/// A timeline of spans of one thread, written in Chrome's trace event format (JSON), which Perfetto
/// opens.
class Trace {
 public:
  /// Writes the whole timeline as JSON.
  void write(std::ostream& stream) const;

 private:
  friend class TraceSpan;
  using Clock = std::chrono::steady_clock;
  struct Event {
    std::string name;
    double start_us = 0;
    double duration_us = 0;
  };

  Clock::time_point start_ = Clock::now();
  std::vector<Event> events_;
};

/// Records the lifetime of this object as a span of a trace. Without a trace it costs almost
/// nothing.
class TraceSpan {
 public:
  /// Starts a span of `trace`, which may be null.
  TraceSpan(Trace* trace, std::string_view name);
  ~TraceSpan();
  TraceSpan(const TraceSpan&) = delete;
  TraceSpan& operator=(const TraceSpan&) = delete;

 private:
  Trace* trace_;
  std::string_view name_;
  Trace::Clock::time_point start_;
};

}  // namespace sketchscope::core
