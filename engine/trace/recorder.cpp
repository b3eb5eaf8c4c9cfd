#include "engine/trace/recorder.hpp"

#include <algorithm>
#include <cstddef>

namespace sketchscope::trace {
namespace {

template <class Span>
void append_from(std::int64_t begin, std::vector<Span>& noted, std::vector<Span>& all) {
  for (Span span : noted) {
    span.begin_ns -= begin;
    span.end_ns -= begin;
    all.push_back(span);
  }
  noted.clear();
}

}  // namespace

Recorder::Recorder(int threads) {
  for (int thread = 0; thread < std::max(threads, 1); ++thread) tracks_.emplace_back();
}

int Recorder::own_thread() const {
  const std::thread::id own = std::this_thread::get_id();
  for (std::size_t thread = 1; thread < tracks_.size(); ++thread) {
    if (tracks_[thread].owner.load(std::memory_order_relaxed) == own)
      return static_cast<int>(thread);
  }
  return 0;
}

void Recorder::begin(OperationSpan& span) {
  if (!kind_of(span.operation).within) {
    present_.inside = true;
    present_.operation = span.operation;
    present_.layer = span.place.layer;
  }
  span.begin_ns = now();
}

void Recorder::end(OperationSpan& span) {
  span.end_ns = now();
  const bool within = kind_of(span.operation).within.has_value();
  const int thread = within ? own_thread() : 0;
  if (!within) present_.inside = false;
  auto& spans = tracks_[static_cast<std::size_t>(thread)].spans;
  spans.push_back(span);
  spans.back().thread = thread;
}

void Recorder::add_on_device(std::span<const OperationSpan> spans) {
  on_device_.insert(on_device_.end(), spans.begin(), spans.end());
}

void Recorder::begin_run() {
  ++present_.run;
}

// The calling thread's parts lie in its operation, whose time is known. Reading the clock takes a
// noticeable part of a short one's time, so a helper reads it at its first part and after each.
void Recorder::begin_part(int thread) {
  if (thread == 0 || !present_.inside) return;
  Track& track = tracks_[static_cast<std::size_t>(thread)];
  if (track.last_run == present_.run) return;
  track.last_run = present_.run;
  if (track.owner.load(std::memory_order_relaxed) == std::thread::id())
    track.owner.store(std::this_thread::get_id(), std::memory_order_relaxed);
  track.busy.push_back({.operation = present_.operation,
                        .layer = present_.layer,
                        .thread = thread,
                        .begin_ns = now()});
}

void Recorder::end_part(int thread) {
  if (thread == 0 || !present_.inside) return;
  tracks_[static_cast<std::size_t>(thread)].busy.back().end_ns = now();
}

StepTrace Recorder::take(std::int64_t step) {
  StepTrace trace{.step = step, .threads = static_cast<int>(tracks_.size())};
  bool any = false;
  std::int64_t end = 0;
  for (const Track& track : tracks_) {
    for (const OperationSpan& span : track.spans) {
      trace.begin_ns = any ? std::min(trace.begin_ns, span.begin_ns) : span.begin_ns;
      end = std::max(end, span.end_ns);
      any = true;
    }
  }
  if (any) trace.duration_ns = end - trace.begin_ns;
  append_from(trace.begin_ns, on_device_, trace.on_device);
  for (Track& track : tracks_) {
    append_from(trace.begin_ns, track.spans, trace.spans);
    append_from(trace.begin_ns, track.busy, trace.busy);
  }
  // A span is noted when it ends; one that contains others began before them or with them.
  std::ranges::stable_sort(trace.spans, [](const OperationSpan& a, const OperationSpan& b) {
    return a.begin_ns != b.begin_ns ? a.begin_ns < b.begin_ns : a.end_ns > b.end_ns;
  });
  std::ranges::stable_sort(trace.busy, {}, &BusySpan::begin_ns);
  return trace;
}

void Recorder::drop() {
  for (Track& track : tracks_) {
    track.spans.clear();
    track.busy.clear();
  }
  on_device_.clear();
}

}  // namespace sketchscope::trace
