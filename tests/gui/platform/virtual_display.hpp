#pragma once

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <string>

extern char** environ;

namespace sketchscope::test {

/// An X server that draws into memory during this object's lifetime; DISPLAY names it.
class VirtualDisplay {
 public:
  VirtualDisplay() {
    std::array<int, 2> number{};
    if (pipe(number.data()) != 0) return;
    const std::string descriptor = std::to_string(number[1]);
    const std::array<const char*, 8> words = {"Xvfb", "-displayfd",   descriptor.c_str(), "-screen",
                                              "0",    "1920x1200x24", "-nolisten",        nullptr};
    std::array<char*, 9> arguments{};
    for (std::size_t i = 0; i + 1 < words.size(); ++i) arguments[i] = const_cast<char*>(words[i]);
    std::string protocol = "tcp";
    arguments[7] = protocol.data();
    const bool began =
        posix_spawnp(&server_, "Xvfb", nullptr, nullptr, arguments.data(), environ) == 0;
    close(number[1]);
    std::string name;
    // The name stays empty if there is no Xvfb, since the child then closes the pipe.
    for (char digit = 0; began && ::read(number[0], &digit, 1) == 1 && digit != '\n';)
      name += digit;
    close(number[0]);
    if (name.empty()) return;
    name_ = ":" + name;
    if (const char* before = std::getenv("DISPLAY")) before_ = before;
    setenv("DISPLAY", name_.c_str(), 1);
  }
  ~VirtualDisplay() {
    if (server_ <= 0) return;
    kill(server_, SIGTERM);
    waitpid(server_, nullptr, 0);
    if (before_.empty()) {
      unsetenv("DISPLAY");
    } else {
      setenv("DISPLAY", before_.c_str(), 1);
    }
  }
  VirtualDisplay(const VirtualDisplay&) = delete;
  VirtualDisplay& operator=(const VirtualDisplay&) = delete;

  /// Returns whether the machine has Xvfb.
  [[nodiscard]] bool is_there() const { return !name_.empty(); }

 private:
  pid_t server_ = 0;
  std::string name_;
  std::string before_;
};

}  // namespace sketchscope::test
