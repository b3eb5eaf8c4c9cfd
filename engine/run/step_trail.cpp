#include "engine/run/step_trail.hpp"

#include <memory>
#include <utility>

namespace sketchscope::run {

void StepTrail::note(trace::StepTrace trace) {
  forget_from(trace.step);
  bytes_ += trace.bytes();
  steps_.push_back(std::make_shared<const trace::StepTrace>(std::move(trace)));
  while (steps_.size() > kMostSteps || (bytes_ > kMostBytes && steps_.size() > 1)) {
    bytes_ -= steps_.front()->bytes();
    steps_.pop_front();
  }
}

void StepTrail::forget_from(std::int64_t step) {
  while (!steps_.empty() && steps_.back()->step >= step) {
    bytes_ -= steps_.back()->bytes();
    steps_.pop_back();
  }
}

}  // namespace sketchscope::run
