#pragma once

#include <chrono>
#include <string>

namespace sketchscope {

/// One line on standard error that says how far the work is and how long it will take; silent where
/// standard error is no terminal. The line disappears with the object.
class Progress {
 public:
  explicit Progress(std::string what);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// `share` of the work done, 0 to 1.
  void show(double share);

 private:
  using Clock = std::chrono::steady_clock;
  std::string what_;
  bool on_terminal_;
  Clock::time_point start_ = Clock::now();
  Clock::time_point shown_{};
};

}  // namespace sketchscope
