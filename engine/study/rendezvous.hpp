#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace sketchscope {

/// Which of the processes of a study this one is, and where rank 0 serves the queue.
struct Rendezvous {
  int rank = 0;
  int ranks = 1;
  std::string address = "localhost";
  std::uint16_t port = 29500;
};

/// What an environment variable says; empty where it is not set.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;
Environment process_environment();

/// As torchrun sets it (RANK, WORLD_SIZE, MASTER_ADDR, MASTER_PORT), else as srun does
/// (SLURM_PROCID, SLURM_NTASKS, the first of SLURM_STEP_NODELIST); empty where neither started this
/// process. Throws UsageError naming a variable that makes no sense.
std::optional<Rendezvous> rendezvous_of(const Environment& environment);

/// "node03" of "node[03-07,12],gpu1"; "a" of "a,b".
std::string first_host(const std::string& list);

}  // namespace sketchscope
