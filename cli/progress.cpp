#include "cli/progress.hpp"

#include <unistd.h>

#include <cmath>
#include <cstdio>

namespace sketchscope {

Progress::Progress(std::string what)
    : what_(std::move(what)), on_terminal_(isatty(STDERR_FILENO)) {}

Progress::~Progress() {
  if (on_terminal_) std::fputs("\r\033[K", stderr);
}

void Progress::show(double share) {
  const auto now = Clock::now();
  if (!on_terminal_ || share <= 0 || now - shown_ < std::chrono::milliseconds(100)) return;
  shown_ = now;
  const double elapsed = std::chrono::duration<double>(now - start_).count();
  const auto left = std::lround(elapsed * (1 - share) / share);
  std::fprintf(stderr, "\r\033[K%s: %.0f %%, %ld:%02ld left", what_.c_str(), 100 * share, left / 60,
               left % 60);
}

}  // namespace sketchscope
