#include "cli/interrupt.hpp"

#include <signal.h>

#include <chrono>
#include <ctime>

namespace sketchscope::cli {
namespace {

sigset_t interrupting_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  return signals;
}

bool wait_for_signal(std::chrono::milliseconds patience) {
  const sigset_t signals = interrupting_signals();
  const auto nanoseconds = std::chrono::nanoseconds(patience).count();
  const timespec wait{.tv_sec = 0, .tv_nsec = static_cast<long>(nanoseconds)};
  return sigtimedwait(&signals, nullptr, &wait) > 0;
}

void watch_signals(const std::stop_token& over, std::stop_source& stop) {
  using namespace std::chrono_literals;
  while (!over.stop_requested() && !wait_for_signal(50ms)) {
  }
  if (over.stop_requested()) return;
  stop.request_stop();
  // A launcher may signal the process and then its group, so signals in quick succession count as
  // one.
  while (!over.stop_requested() && wait_for_signal(500ms)) {
  }
  // With the signals unblocked, the next one has its default effect and ends the process.
  const sigset_t signals = interrupting_signals();
  pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
  while (!over.stop_requested()) std::this_thread::sleep_for(50ms);
}

}  // namespace

// Threads inherit the blocked signals, so that only the waiting thread receives them.
Interrupt::Interrupt() {
  const sigset_t signals = interrupting_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  waiter_ = std::jthread([this](const std::stop_token& over) { watch_signals(over, stop_); });
}

Interrupt::~Interrupt() {
  waiter_.request_stop();
  waiter_.join();
  const sigset_t signals = interrupting_signals();
  pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
}

}  // namespace sketchscope::cli
