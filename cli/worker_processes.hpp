#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

namespace sketchscope::cli {

/// Child processes that run this program's command line as workers of rank 1, 2, … of a study whose
/// rank 0 serves on this machine.
class WorkerProcesses {
 public:
  /// Starts ranks 1 to `ranks` − 1. Throws Error where one cannot be started.
  WorkerProcesses(int ranks, std::uint16_t port);
  /// Waits for all processes to end.
  ~WorkerProcesses();
  WorkerProcesses(const WorkerProcesses&) = delete;
  WorkerProcesses& operator=(const WorkerProcesses&) = delete;

  /// Waits for all processes to end. Returns a sentence for each that failed.
  std::vector<std::string> wait();

 private:
  struct Process {
    int rank = 0;
    pid_t id = 0;
  };
  std::vector<Process> processes_;
};

}  // namespace sketchscope::cli
