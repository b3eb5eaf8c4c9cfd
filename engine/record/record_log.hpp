#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "engine/record/step_record.hpp"

namespace sketchscope::record {

using RecordPointer = std::shared_ptr<const StepRecord>;

/// The complete log of a run's step records, which the worker appends to and the frame loop reads.
/// A new run empties it under a new run number.
class RecordLog {
 public:
  /// Empties the log for a new run.
  void start_run(std::uint64_t run);
  void append(RecordPointer record);
  /// Drops the records from `step` on, since the run is replayed from there.
  void truncate(std::int64_t step);

  /// Starts a run that continues this one from before `step`: `whole` takes all records, and this
  /// log keeps those before `step`, which both runs share. No other thread may change either log
  /// meanwhile.
  void continue_from(std::int64_t step, std::uint64_t run, RecordLog& whole);

  /// Returns the bytes that the records take.
  [[nodiscard]] std::size_t bytes() const;

  /// Exchanges all records with those of `other`. No other thread may swap the same logs meanwhile.
  void swap(RecordLog& other);

  /// The result of read().
  struct Update {
    std::uint64_t run = 0;
    std::uint64_t generation = 0;        ///< changes when earlier records were replaced
    std::vector<RecordPointer> records;  ///< the records that the reader lacks
  };
  /// Returns the records from index `from` on if `generation` is current, else all of them.
  [[nodiscard]] Update read(std::uint64_t generation, std::size_t from) const;

 private:
  mutable std::mutex mutex_;
  std::vector<RecordPointer> records_;
  std::size_t bytes_ = 0;  // of records_
  std::uint64_t run_ = 0;
  std::uint64_t generation_ = 0;
};

/// The bytes that are set aside for the records of a run. An endless run pauses when it has taken
/// them rather than fill the memory; none of its records is dropped.
class RecordBudget {
 public:
  explicit RecordBudget(std::size_t bytes) : each_(bytes), all_(bytes) {}

  [[nodiscard]] bool is_taken_by(const RecordLog& log) const { return log.bytes() >= all_; }
  /// Sets as many bytes aside again. Returns why the run pauses before it takes them, for people.
  std::string extend();
  /// Begins anew, for another run.
  void restart() { all_ = each_; }

 private:
  std::size_t each_;
  std::size_t all_;
};

/// Returns the bytes of a record and of what it points to.
[[nodiscard]] std::size_t bytes_of(const StepRecord& record);

}  // namespace sketchscope::record
