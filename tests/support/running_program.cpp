#include "tests/support/running_program.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <stdexcept>
#include <string_view>
#include <thread>

namespace sketchscope::support {
namespace {

using namespace std::chrono_literals;

std::vector<char*> pointers_to(std::vector<std::string>& words) {
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  return pointers;
}

std::vector<std::string> environment_without_display() {
  std::vector<std::string> words;
  for (char** word = environ; *word != nullptr; ++word) {
    const std::string_view text = *word;
    if (!text.starts_with("DISPLAY=") && !text.starts_with("WAYLAND_DISPLAY=")) {
      words.emplace_back(text);
    }
  }
  return words;
}

sigset_t ending_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGHUP, SIGINT, SIGTERM}) sigaddset(&signals, signal);
  return signals;
}

/// Returns the signals that the first thread of a process blocks, a bit each.
unsigned long blocked_signals(pid_t process) {
  std::ifstream status("/proc/" + std::to_string(process) + "/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("SigBlk:")) return std::stoul(line.substr(7), nullptr, 16);
  }
  return 0;
}

}  // namespace

RunningProgram::RunningProgram(const std::filesystem::path& program,
                               std::vector<std::string> arguments) {
  std::array<int, 2> input{};
  if (pipe2(input.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  input_ = input[1];
  posix_spawn_file_actions_t streams;
  posix_spawn_file_actions_init(&streams);
  posix_spawn_file_actions_adddup2(&streams, input[0], STDIN_FILENO);
  const std::string out = folder_.path() / "out";
  const std::string err = folder_.path() / "err";
  constexpr int kNew = O_WRONLY | O_CREAT;
  posix_spawn_file_actions_addopen(&streams, STDOUT_FILENO, out.c_str(), kNew, 0600);
  posix_spawn_file_actions_addopen(&streams, STDERR_FILENO, err.c_str(), kNew, 0600);
  arguments.insert(arguments.begin(), program);
  std::vector<std::string> environment = environment_without_display();
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  const sigset_t signals = ending_signals();
  // A test that runs under nohup would hand on that SIGHUP is ignored.
  posix_spawnattr_setsigdefault(&attributes, &signals);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
  const int failure = posix_spawn(&id_, program.c_str(), &streams, &attributes,
                                  pointers_to(arguments).data(), pointers_to(environment).data());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&streams);
  close(input[0]);
  if (failure != 0) throw std::runtime_error("cannot start " + program.string());
}

RunningProgram::~RunningProgram() {
  if (!ended_) {
    signal(SIGKILL);
    (void)wait();
  }
  close(input_);
}

void RunningProgram::signal(int number) const {
  kill(id_, number);
}

bool RunningProgram::wait_until_it_takes_signals() const {
  constexpr unsigned long kTermination = 1UL << (SIGTERM - 1);
  for (int nap = 0; nap < 2000; ++nap) {
    if ((blocked_signals(id_) & kTermination) != 0) return true;
    std::this_thread::sleep_for(5ms);
  }
  return false;
}

ProgramResult RunningProgram::wait() {
  int status = 0;
  waitpid(id_, &status, 0);
  ended_ = true;
  return {.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status),
          .out = read_bytes(folder_.path() / "out"),
          .err = read_bytes(folder_.path() / "err")};
}

}  // namespace sketchscope::support
