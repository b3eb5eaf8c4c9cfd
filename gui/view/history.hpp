#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/session/record_log.hpp"

namespace sketchscope {

/// The step records of the watched run as the frame loop has read them so far: index i is step i.
class History {
 public:
  /// Reads what is new. True if anything changed.
  bool update(const RecordLog& log);

  [[nodiscard]] std::span<const RecordPointer> records() const { return records_; }
  [[nodiscard]] bool empty() const { return records_.empty(); }
  [[nodiscard]] std::size_t size() const { return records_.size(); }
  /// The newest record; null before the first step.
  [[nodiscard]] const StepRecord* latest() const;
  /// Null if the run has no such step.
  [[nodiscard]] const StepRecord* at(std::int64_t step) const;

  [[nodiscard]] std::uint64_t run() const { return run_; }
  /// Changes when records read before were replaced (a new run, a rebuild): drop what was derived.
  [[nodiscard]] std::uint64_t generation() const { return generation_; }

 private:
  std::vector<RecordPointer> records_;
  std::uint64_t run_ = 0;
  std::uint64_t generation_ = 0;
};

}  // namespace sketchscope
