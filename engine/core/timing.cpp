#include "engine/core/timing.hpp"

#include <nlohmann/json.hpp>
#include <ostream>

namespace sketchscope::core {
namespace {

template <typename Duration>
double microseconds(Duration duration) {
  return std::chrono::duration<double, std::micro>(duration).count();
}

}  // namespace

void Trace::write(std::ostream& stream) const {
  nlohmann::json events = nlohmann::json::array();
  for (const Event& event : events_) {
    events.push_back({{"name", event.name},
                      {"ph", "X"},  // a complete event: start and duration in one
                      {"ts", event.start_us},
                      {"dur", event.duration_us},
                      {"pid", 1},
                      {"tid", 1}});
  }
  stream << nlohmann::json{{"traceEvents", std::move(events)}, {"displayTimeUnit", "ms"}} << '\n';
}

TraceSpan::TraceSpan(Trace* trace, std::string_view name) : trace_(trace), name_(name) {
  if (trace_ != nullptr) start_ = Trace::Clock::now();
}

TraceSpan::~TraceSpan() {
  if (trace_ == nullptr) return;
  trace_->events_.push_back({.name = std::string(name_),
                             .start_us = microseconds(start_ - trace_->start_),
                             .duration_us = microseconds(Trace::Clock::now() - start_)});
}

}  // namespace sketchscope::core
