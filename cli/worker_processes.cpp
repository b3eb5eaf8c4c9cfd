#include "cli/worker_processes.hpp"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <sstream>

#include "engine/core/error.hpp"
#include "engine/core/files.hpp"

namespace sketchscope::cli {
namespace {

/// Splits a file into words that are each terminated by a zero byte.
std::vector<std::string> words_of(const std::string& file) {
  std::istringstream bytes(core::read_file(file));
  std::vector<std::string> words;
  for (std::string word; std::getline(bytes, word, '\0');) words.push_back(word);
  return words;
}

/// Returns this process's command line without `--workers N`.
std::vector<std::string> arguments() {
  std::vector<std::string> kept;
  const std::vector<std::string> all = words_of("/proc/self/cmdline");
  for (std::size_t at = 0; at < all.size(); ++at) {
    if (all[at] == "--workers") {
      ++at;
    } else if (!all[at].starts_with("--workers=")) {
      kept.push_back(all[at]);
    }
  }
  return kept;
}

std::vector<char*> pointers(std::vector<std::string>& words) {
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  return pointers;
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
    const int failure = posix_spawn(&id, "/proc/self/exe", nullptr, nullptr, pointers(words).data(),
                                    pointers(environment).data());
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
