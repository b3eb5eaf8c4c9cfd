#pragma once

#include <chrono>
#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

namespace sketchscope {

/// What one thread did when, in the JSON format of Chrome's tracing, which Perfetto opens.
class Trace {
 public:
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

/// A piece of work that lasts as long as this object. Without a trace it costs next to nothing.
class TraceSpan {
 public:
  /// `trace` may be null.
  TraceSpan(Trace* trace, std::string_view name);
  ~TraceSpan();
  TraceSpan(const TraceSpan&) = delete;
  TraceSpan& operator=(const TraceSpan&) = delete;

 private:
  Trace* trace_;
  std::string_view name_;
  Trace::Clock::time_point start_;
};

}  // namespace sketchscope
