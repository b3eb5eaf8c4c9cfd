#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace sketchscope {

/// The rank of this process in a study, and the address at which rank 0 serves the queue.
struct Rendezvous {
  int rank = 0;
  int ranks = 1;
  std::string address = "localhost";
  std::uint16_t port = 29500;
};

/// Reads an environment variable; empty if it is not set.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;
Environment process_environment();

/// Reads the variables of torchrun (RANK, WORLD_SIZE, MASTER_ADDR, MASTER_PORT), else those of srun
/// (SLURM_PROCID, SLURM_NTASKS, the first host of SLURM_STEP_NODELIST). Empty if neither started
/// this process. Throws UsageError that names an invalid variable.
std::optional<Rendezvous> rendezvous_of(const Environment& environment);

/// Returns the first host of a SLURM node list: "node03" of "node[03-07,12],gpu1", "a" of "a,b".
std::string first_host(const std::string& list);

}  // namespace sketchscope
