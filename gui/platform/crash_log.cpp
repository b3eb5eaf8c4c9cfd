#include "gui/platform/crash_log.hpp"

#include <execinfo.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstddef>
#include <string>

#include "engine/core/error.hpp"

namespace sketchscope::platform {
namespace {

constexpr std::array kSignals = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
constexpr std::size_t kMostWords = 1024;

// A signal handler has no argument for its state, so this is the one place for it. Only functions
// that are safe in a signal handler touch it there.
std::atomic<int> crash_descriptor = -1;
std::array<char, kMostWords> crash_words{};

void write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    if (written <= 0) return;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

void write_crash(int descriptor, int signal) {
  const char* name = ::sigabbrev_np(signal);
  write_all(descriptor, "sketchscope: crashed by SIG");
  write_all(descriptor, name != nullptr ? name : "?");
  write_all(descriptor, ".\n");
  write_all(descriptor, crash_words.data());
}

/// The calls are looked up ahead by the constructor, since the first look-up loads a library.
void on_crash(int signal) {
  const int descriptor = crash_descriptor.exchange(-1);
  if (descriptor >= 0) {
    write_crash(STDERR_FILENO, signal);
    write_crash(descriptor, signal);
    constexpr int kMostCalls = 64;
    std::array<void*, kMostCalls> calls{};
    ::backtrace_symbols_fd(calls.data(), ::backtrace(calls.data(), kMostCalls), descriptor);
    ::fsync(descriptor);
  }
  // The handler was reset when it was entered, so the signal now has its usual effect.
  ::raise(signal);
}

void handle_crashes(void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  action.sa_flags = static_cast<int>(SA_RESETHAND) | SA_NODEFER;
  for (const int signal : kSignals) ::sigaction(signal, &action, nullptr);
}

}  // namespace

CrashLog::CrashLog(const std::filesystem::path& file, std::string_view last_words) {
  constexpr int kOwnerAlone = 0600;
  descriptor_ =
      ::open(file.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_APPEND | O_CLOEXEC, kOwnerAlone);
  if (descriptor_ < 0) {
    throw core::Error({.what = "log " + file.string(), .found = ::strerror(errno)});
  }
  crash_words.fill('\0');
  std::ranges::copy(last_words.substr(0, kMostWords - 2), crash_words.begin());
  crash_words[std::min(last_words.size(), kMostWords - 2)] = '\n';
  void* call = nullptr;
  static_cast<void>(::backtrace(&call, 1));
  crash_descriptor = descriptor_;
  handle_crashes(on_crash);
}

CrashLog::~CrashLog() {
  handle_crashes(SIG_DFL);
  crash_descriptor = -1;
  ::close(descriptor_);
}

void CrashLog::write(std::string_view line) const {
  write_all(descriptor_, std::string(line) + "\n");
}

}  // namespace sketchscope::platform
