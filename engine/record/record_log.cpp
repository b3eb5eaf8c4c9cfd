#include "engine/record/record_log.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "engine/core/text.hpp"

namespace sketchscope::record {

namespace {

std::size_t bytes_of_all(const std::vector<RecordPointer>& records) {
  return std::accumulate(
      records.begin(), records.end(), std::size_t{0},
      [](std::size_t sum, const RecordPointer& record) { return sum + bytes_of(*record); });
}

template <typename Row>
std::size_t list_bytes(const std::vector<Row>& rows) {
  return rows.capacity() * sizeof(Row);
}

}  // namespace

std::size_t bytes_of(const StepRecord& record) {
  return sizeof(StepRecord) + list_bytes(record.tokens) + list_bytes(record.candidates) +
         list_bytes(record.layers) + list_bytes(record.evictions) + list_bytes(record.changes);
}

std::size_t RecordLog::bytes() const {
  const std::scoped_lock lock(mutex_);
  return bytes_;
}

void RecordLog::start_run(std::uint64_t run) {
  const std::scoped_lock lock(mutex_);
  records_.clear();
  bytes_ = 0;
  run_ = run;
  ++generation_;
}

void RecordLog::append(RecordPointer record) {
  const std::scoped_lock lock(mutex_);
  bytes_ += bytes_of(*record);
  records_.push_back(std::move(record));
}

void RecordLog::truncate(std::int64_t step) {
  const std::scoped_lock lock(mutex_);
  const auto kept = std::ranges::find_if(
      records_, [&](const RecordPointer& record) { return record->step >= step; });
  records_.erase(kept, records_.end());
  bytes_ = bytes_of_all(records_);
  ++generation_;
}

void RecordLog::continue_from(std::int64_t step, std::uint64_t run, RecordLog& whole) {
  const std::scoped_lock lock(mutex_, whole.mutex_);
  whole.records_ = records_;
  whole.bytes_ = bytes_;
  std::erase_if(records_, [&](const RecordPointer& record) { return record->step >= step; });
  bytes_ = bytes_of_all(records_);
  run_ = whole.run_ = run;
  generation_ = whole.generation_ = std::max(generation_, whole.generation_) + 1;
}

void RecordLog::swap(RecordLog& other) {
  const std::scoped_lock lock(mutex_, other.mutex_);
  std::swap(records_, other.records_);
  std::swap(bytes_, other.bytes_);
  std::swap(run_, other.run_);
  // Readers of either log must read it from the start.
  generation_ = other.generation_ = std::max(generation_, other.generation_) + 1;
}

RecordLog::Update RecordLog::read(std::uint64_t generation, std::size_t from) const {
  const std::scoped_lock lock(mutex_);
  const std::size_t first = generation == generation_ ? std::min(from, records_.size()) : 0;
  return {.run = run_,
          .generation = generation_,
          .records = {records_.begin() + static_cast<std::ptrdiff_t>(first), records_.end()}};
}

std::string RecordBudget::extend() {
  const std::string taken = core::bytes_text(all_);
  all_ += each_;
  return "the records of this run take " + taken +
         ", and all are kept: save the run, or play on to " + "set aside " +
         core::bytes_text(each_) + " more";
}

}  // namespace sketchscope::record
