#include "cli/worker_processes.hpp"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>

#include "cli/own_words.hpp"
#include "engine/core/error.hpp"

namespace sketchscope::cli {
namespace {

/// Returns this process's command line without `--workers N`.
std::vector<std::string> arguments() {
  std::vector<std::string> kept;
  const std::vector<std::string> all = own_words();
  for (std::size_t at = 0; at < all.size(); ++at) {
    if (all[at] == "--workers") {
      ++at;
    } else if (!all[at].starts_with("--workers=")) {
      kept.push_back(all[at]);
    }
  }
  return kept;
}

std::string ending_of(int status) {
  return WIFSIGNALED(status) ? "was ended by signal " + std::to_string(WTERMSIG(status))
                             : "ended with exit code " + std::to_string(WEXITSTATUS(status));
}

}  // namespace

WorkerProcesses::WorkerProcesses(int ranks, std::uint16_t port) {
  std::vector<std::string> words = arguments();
  for (int rank = 1; rank < ranks; ++rank) {
    std::vector<std::string> environment = words_of("/proc/self/environ");
    environment.push_back("RANK=" + std::to_string(rank));
    environment.push_back("WORLD_SIZE=" + std::to_string(ranks));
    environment.push_back("MASTER_ADDR=localhost");
    environment.push_back("MASTER_PORT=" + std::to_string(port));
    pid_t id = 0;
    const int failure = posix_spawn(&id, "/proc/self/exe", nullptr, nullptr,
                                    pointers_to(words).data(), pointers_to(environment).data());
    if (failure != 0) {
      throw core::Error({.what = "worker " + std::to_string(rank) + " cannot be started",
                         .found = std::strerror(failure),
                         .remedy = "Ask for fewer workers"});
    }
    processes_.push_back({.rank = rank, .id = id});
  }
}

WorkerProcesses::~WorkerProcesses() {
  wait();
}

std::vector<std::string> WorkerProcesses::wait() {
  std::vector<std::string> complaints;
  for (const Process& process : processes_) {
    int status = 0;
    if (waitpid(process.id, &status, 0) != process.id || status == 0) continue;
    complaints.push_back("worker " + std::to_string(process.rank) + " " + ending_of(status) +
                         "; others measured what it left");
  }
  processes_.clear();
  return complaints;
}

}  // namespace sketchscope::cli
