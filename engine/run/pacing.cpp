#include "engine/run/pacing.hpp"

#include <algorithm>
#include <utility>

namespace sketchscope {

void Pacing::play() {
  running_ = true;
  stopped_.clear();
}

void Pacing::pause() {
  running_ = false;
  until_.reset();
  steps_owed_ = 0;
}

void Pacing::step(int count) {
  running_ = false;
  until_.reset();
  stopped_.clear();
  steps_owed_ += std::max(count, 0);
}

void Pacing::run_until(const Breakpoint& breakpoint) {
  play();
  until_ = breakpoint;
}

void Pacing::set_speed(double tokens_per_second) {
  tokens_per_second_ = std::max(tokens_per_second, 0.0);
}

void Pacing::stop(std::string reason) {
  pause();
  stopped_ = std::move(reason);
}

void Pacing::fail() {
  failed_ = true;
  running_ = false;
}

void Pacing::begin_run(std::int64_t catch_up_until) {
  failed_ = false;
  steps_owed_ = 0;
  catch_up_until_ = catch_up_until;
  until_.reset();
  stopped_.clear();
  last_step_ = {};
}

std::optional<Pacing::Clock::time_point> Pacing::next_due(const Need& need) const {
  if (failed_) return std::nullopt;
  if (need.replay || steps_owed_ > 0) return Clock::time_point{};
  if (!running_) return std::nullopt;
  if (tokens_per_second_ <= 0 || need.prompt) return Clock::time_point{};
  const std::chrono::duration<double> pause(1.0 / tokens_per_second_);
  return last_step_ + std::chrono::duration_cast<Clock::duration>(pause);
}

void Pacing::count_step() {
  if (steps_owed_ > 0) --steps_owed_;
}

void Pacing::check_breakpoint(const StepRecord& record) {
  if (!until_) return;
  if (auto reason = stop_reason(*until_, record)) stop(std::move(*reason));
}

}  // namespace sketchscope
