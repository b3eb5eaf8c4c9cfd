#include "engine/run/command.hpp"

#include <utility>

namespace sketchscope::run {

void CommandQueue::push(Command command, std::string tag) {
  {
    const std::scoped_lock lock(mutex_);
    const bool replaces = !tag.empty() && !waiting_.empty() && waiting_.back().tag == tag;
    if (replaces) waiting_.pop_back();
    waiting_.push_back({.command = std::move(command), .tag = std::move(tag)});
  }
  arrived_.notify_one();
}

std::optional<Command> CommandQueue::take() {
  if (waiting_.empty()) return std::nullopt;
  Command command = std::move(waiting_.front().command);
  waiting_.pop_front();
  in_progress_ = true;
  return command;
}

std::optional<Command> CommandQueue::pop_until(Clock::time_point deadline) {
  std::unique_lock lock(mutex_);
  arrived_.wait_until(lock, deadline, [&] { return closed_ || !waiting_.empty(); });
  return take();
}

std::optional<Command> CommandQueue::pop() {
  std::unique_lock lock(mutex_);
  arrived_.wait(lock, [&] { return closed_ || !waiting_.empty(); });
  return take();
}

std::optional<Command> CommandQueue::try_pop() {
  const std::scoped_lock lock(mutex_);
  return take();
}

void CommandQueue::done() {
  const std::scoped_lock lock(mutex_);
  in_progress_ = false;
}

bool CommandQueue::idle() const {
  const std::scoped_lock lock(mutex_);
  return waiting_.empty() && !in_progress_;
}

void CommandQueue::close() {
  {
    const std::scoped_lock lock(mutex_);
    closed_ = true;
  }
  arrived_.notify_all();
}

bool CommandQueue::closed() const {
  const std::scoped_lock lock(mutex_);
  return closed_;
}

}  // namespace sketchscope::run
