#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "engine/record/step_record.hpp"

namespace sketchscope {

using RecordPointer = std::shared_ptr<const StepRecord>;

/// The complete, append-only log of a run's step records: written by the worker, read by the frame
/// loop. A new run empties it and raises `run`.
class RecordLog {
 public:
  void start_run(std::uint64_t run);
  void append(RecordPointer record);
  /// Drops records from `step` on: the run is replayed from there.
  void truncate(std::int64_t step);

  /// A run that goes on from before `step` of this one: `whole` takes all records, this log keeps
  /// those that both share. No other thread changes either.
  void continue_from(std::int64_t step, std::uint64_t run, RecordLog& whole);

  /// Exchanges all records with those of `other`, which no other thread swaps.
  void swap(RecordLog& other);

  struct Update {
    std::uint64_t run = 0;
    std::uint64_t generation = 0;        ///< changes when earlier records were replaced
    std::vector<RecordPointer> records;  ///< those after `from`
  };
  /// Records from index `from` on if the reader's generation is current, else all of them.
  [[nodiscard]] Update read(std::uint64_t generation, std::size_t from) const;

 private:
  mutable std::mutex mutex_;
  std::vector<RecordPointer> records_;
  std::uint64_t run_ = 0;
  std::uint64_t generation_ = 0;
};

}  // namespace sketchscope
