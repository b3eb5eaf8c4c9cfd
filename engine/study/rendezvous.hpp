#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace sketchscope::study {

/// A store of named values and counters that the processes of a study share, which measure parts of
/// it (study_run.hpp). No call blocks on another process, and all may be called from any thread.
/// Calls throw Error if the store cannot be reached.
class KeyStore {
 public:
  virtual ~KeyStore() = default;
  /// Stores a value, in place of an earlier one of that key.
  virtual void set(const std::string& key, const std::string& value) = 0;
  /// Returns the value of a key; empty if there is none.
  [[nodiscard]] virtual std::optional<std::string> get(const std::string& key) = 0;
  /// Adds to a counter, which starts at 0, and returns its new value.
  virtual std::int64_t add(const std::string& key, std::int64_t amount) = 0;
  /// Forgets the value of a key, if there is one.
  virtual void remove(const std::string& key) = 0;
};

/// A key store for the threads of one process.
class MemoryKeyStore final : public KeyStore {
 public:
  void set(const std::string& key, const std::string& value) override;
  std::optional<std::string> get(const std::string& key) override;
  std::int64_t add(const std::string& key, std::int64_t amount) override;
  void remove(const std::string& key) override;

 private:
  std::mutex mutex_;
  std::map<std::string, std::string> values_;
  std::map<std::string, std::int64_t> counters_;
};

/// Which of a study's processes this one is, and where rank 0 serves the key store that all of them
/// take their work from.
struct Rendezvous {
  int rank = 0;   ///< number of this process, from 0
  int ranks = 1;  ///< number of processes
  std::string address = "localhost";
  std::uint16_t port = 29500;  ///< torchrun's own default
};

/// Reads an environment variable; empty if it is not set.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;
/// Returns the environment of this process.
Environment process_environment();

/// Reads the variables of torchrun (RANK, WORLD_SIZE, MASTER_ADDR, MASTER_PORT), else those of srun
/// (SLURM_PROCID, SLURM_NTASKS, the first host of SLURM_STEP_NODELIST). Empty if neither started
/// this process. Throws UsageError that names an invalid variable.
std::optional<Rendezvous> rendezvous_of(const Environment& environment);

/// Returns the first host of a SLURM node list: "node03" of "node[03-07,12],gpu1", "a" of "a,b".
std::string first_host(const std::string& list);

}  // namespace sketchscope::study
