#pragma once

#include <atomic>
#include <stop_token>
#include <string>
#include <thread>

namespace sketchscope::cli {

/// During its lifetime, the first Ctrl-C (SIGINT), SIGTERM or SIGHUP requests a stop at the next
/// step boundary, and a second one ends the program. Create it before any worker thread, which must
/// inherit its signal mask.
class Interrupt {
 public:
  Interrupt();
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  [[nodiscard]] std::stop_token token() const { return stop_.get_token(); }
  /// Returns the signal that requested the stop; 0 if none has.
  [[nodiscard]] int signal() const { return signal_; }

 private:
  /// Waits for signals on a thread of its own until `over` is stopped, which the destructor does.
  void watch(const std::stop_token& over);

  std::atomic<int> signal_ = 0;
  std::stop_source stop_;
  std::jthread waiter_;
};

/// Returns the name of a signal, such as "SIGTERM".
std::string signal_name(int signal);

}  // namespace sketchscope::cli
