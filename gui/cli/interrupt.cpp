#include "gui/cli/interrupt.hpp"

#include <signal.h>

#include <chrono>
#include <ctime>

namespace sketchscope {
namespace {

sigset_t interrupting_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  return signals;
}

void wait_for_signal(const std::stop_token& over, std::stop_source& stop) {
  using namespace std::chrono_literals;
  const sigset_t signals = interrupting_signals();
  const timespec patience{.tv_sec = 0, .tv_nsec = 50'000'000};
  while (!over.stop_requested()) {
    if (sigtimedwait(&signals, nullptr, &patience) > 0) {
      stop.request_stop();
      // Unblocked here, the next one takes its usual course and ends the process.
      pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
      while (!over.stop_requested()) std::this_thread::sleep_for(50ms);
    }
  }
}

}  // namespace

// Signals are blocked in every thread that starts from here on, so that only the waiter sees them.
Interrupt::Interrupt() {
  const sigset_t signals = interrupting_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  waiter_ = std::jthread([this](const std::stop_token& over) { wait_for_signal(over, stop_); });
}

Interrupt::~Interrupt() {
  waiter_.request_stop();
  waiter_.join();
  const sigset_t signals = interrupting_signals();
  pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
}

}  // namespace sketchscope
