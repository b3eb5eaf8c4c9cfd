#include "cli/interrupt.hpp"

#include <signal.h>
#include <string.h>

#include <algorithm>
#include <chrono>
#include <ctime>

namespace sketchscope::cli {
namespace {

/// Returns whether nohup or a shell has made the program ignore this signal.
bool is_ignored(int signal) {
  struct sigaction action {};
  return sigaction(signal, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

sigset_t interrupting_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  // A blocked signal is received although it is ignored, and a run under nohup must go on.
  if (!is_ignored(SIGHUP)) sigaddset(&signals, SIGHUP);
  return signals;
}

/// Returns the signal that came within this time, which must be less than a second; 0 if none did.
int wait_for_signal(std::chrono::milliseconds patience) {
  const sigset_t signals = interrupting_signals();
  const auto nanoseconds = std::chrono::nanoseconds(patience).count();
  const timespec wait{.tv_sec = 0, .tv_nsec = static_cast<long>(nanoseconds)};
  return std::max(0, sigtimedwait(&signals, nullptr, &wait));
}

}  // namespace

void Interrupt::watch(const std::stop_token& over) {
  using namespace std::chrono_literals;
  // Each wait is short, so that the destructor, which stops `over`, need not wait long.
  while (!over.stop_requested() && signal_ == 0) signal_ = wait_for_signal(50ms);
  if (signal_ == 0) return;
  stop_.request_stop();
  // A launcher may signal the process and then its group, so signals in quick succession count as
  // one.
  while (!over.stop_requested() && wait_for_signal(500ms) > 0) {
  }
  // With the signals unblocked, the next one has its default effect and ends the process.
  const sigset_t signals = interrupting_signals();
  pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
  while (!over.stop_requested()) std::this_thread::sleep_for(50ms);
}

// Threads inherit the blocked signals, so that only the waiting thread receives them.
Interrupt::Interrupt() {
  const sigset_t signals = interrupting_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  waiter_ = std::jthread([this](const std::stop_token& over) { watch(over); });
}

Interrupt::~Interrupt() {
  waiter_.request_stop();
  waiter_.join();
  const sigset_t signals = interrupting_signals();
  pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
}

std::string signal_name(int signal) {
  const char* name = sigabbrev_np(signal);
  return name == nullptr ? "signal " + std::to_string(signal) : "SIG" + std::string(name);
}

}  // namespace sketchscope::cli
