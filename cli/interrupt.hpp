#pragma once

#include <stop_token>
#include <thread>

namespace sketchscope::cli {

/// During its lifetime, the first Ctrl-C (or SIGTERM) requests a stop at the next step boundary,
/// and a second one ends the program. Create it before any worker thread, which must inherit its
/// signal mask.
class Interrupt {
 public:
  Interrupt();
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  [[nodiscard]] std::stop_token token() const { return stop_.get_token(); }

 private:
  std::stop_source stop_;
  std::jthread waiter_;
};

}  // namespace sketchscope::cli
