#include "cli/standard_streams.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "engine/core/error.hpp"

namespace sketchscope::cli {
namespace {

/// Waits until a descriptor is ready, for a moment at most, so that the caller can look for a stop
/// in between. Returns whether it is ready.
bool wait_for(int descriptor, short events) {
  constexpr int kMilliseconds = 50;
  pollfd waiting{.fd = descriptor, .events = events, .revents = 0};
  return ::poll(&waiting, 1, kMilliseconds) > 0;
}

/// Returns whether the same call may succeed when it is made again.
bool is_transient(int error) {
  return error == EINTR || error == EAGAIN || error == EWOULDBLOCK;
}

}  // namespace

const char* ReaderGone::what() const noexcept {
  return "standard output is closed";
}

void prepare_standard_streams() {
  ::signal(SIGPIPE, SIG_IGN);
  ::signal(SIGXFSZ, SIG_IGN);
  // A descriptor of the other direction gives EBADF, as the closed one does. open() takes the
  // lowest free number, which is the closed stream's, as the streams are tried in order.
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(stream, F_GETFD) >= 0) continue;
    const int taken = ::open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY);
    if (taken >= 0 && taken != stream) ::close(taken);
  }
}

void write_standard_output(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(STDOUT_FILENO, bytes.data(), bytes.size());
    if (written >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(written));
      continue;
    }
    if (errno == EPIPE) throw ReaderGone();
    if (!is_transient(errno)) {
      throw core::Error({.what = "standard output cannot be written",
                         .found = std::strerror(errno),
                         .expected = "an open file or pipe with space left",
                         .remedy = "Free some space or write to another place"});
    }
    wait_for(STDOUT_FILENO, POLLOUT);
  }
}

std::string read_standard_input(const std::stop_token& stop) {
  constexpr std::size_t kBlock = 1 << 16;
  std::string bytes;
  std::string block(kBlock, '\0');
  while (!stop.stop_requested()) {
    if (!wait_for(STDIN_FILENO, POLLIN)) continue;
    const ssize_t count = ::read(STDIN_FILENO, block.data(), block.size());
    if (count == 0) return bytes;
    if (count > 0) {
      bytes.append(block, 0, static_cast<std::size_t>(count));
    } else if (!is_transient(errno)) {
      throw core::Error({.what = "standard input cannot be read",
                         .found = std::strerror(errno),
                         .expected = "an open file or pipe",
                         .remedy = "Name a file instead of -"});
    }
  }
  throw core::Cancelled("reading standard input was interrupted");
}

}  // namespace sketchscope::cli
