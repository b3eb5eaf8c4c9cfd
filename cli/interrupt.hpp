#pragma once

#include <stop_token>
#include <thread>

namespace sketchscope {

/// While it lives, the first Ctrl-C (or SIGTERM) asks the work to stop at its next step boundary; a
/// second one ends the program at once. Make it before the threads of the work.
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

}  // namespace sketchscope
