#pragma once

#include <chrono>
#include <string>

namespace sketchscope {

/// A progress line on standard error with the share done and the time left; silent if standard
/// error is not a terminal. The destructor erases the line.
class Progress {
 public:
  explicit Progress(std::string what);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// Shows the share of the work done, 0 to 1.
  void show(double share);

 private:
  using Clock = std::chrono::steady_clock;
  std::string what_;
  bool on_terminal_;
  Clock::time_point start_ = Clock::now();
  Clock::time_point shown_{};
};

}  // namespace sketchscope
