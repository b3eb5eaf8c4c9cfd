#include "engine/record/record_log.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace sketchscope::record {
namespace {

RecordPointer record_of(std::int64_t step) {
  return std::make_shared<const StepRecord>(StepRecord{.step = step});
}

TEST(RecordLog, GivesAReaderOnlyWhatIsNew) {
  RecordLog log;
  log.start_run(1);
  for (int i = 0; i < 5; ++i) log.append(record_of(i));
  const auto first = log.read(0, 0);
  EXPECT_EQ(first.records.size(), 5U);
  log.append(record_of(5));
  const auto second = log.read(first.generation, first.records.size());
  ASSERT_EQ(second.records.size(), 1U);
  EXPECT_EQ(second.records[0]->step, 5);
}

TEST(RecordLog, GivesEverythingAgainAfterEarlierRecordsWereReplaced) {
  RecordLog log;
  log.start_run(1);
  for (int i = 0; i < 5; ++i) log.append(record_of(i));
  const auto before = log.read(0, 0);
  log.truncate(2);
  log.append(record_of(2));
  const auto after = log.read(before.generation, 5);
  EXPECT_NE(after.generation, before.generation);
  EXPECT_EQ(after.records.size(), 3U);
}

TEST(RecordLog, IsCompleteForAReaderOnAnotherThread) {
  RecordLog log;
  log.start_run(1);
  constexpr std::size_t kRecords = 3000;
  std::jthread writer([&] {
    for (std::size_t i = 0; i < kRecords; ++i) log.append(record_of(static_cast<std::int64_t>(i)));
  });
  std::size_t seen = 0;
  std::uint64_t generation = log.read(0, 0).generation;
  while (seen < kRecords) {
    for (const auto& record : log.read(generation, seen).records) {
      ASSERT_EQ(record->step, static_cast<std::int64_t>(seen++));
    }
  }
}

TEST(RecordLog, CountsTheBytesOfTheRecordsThatItHolds) {
  RecordLog log, other;
  log.start_run(1);
  const auto with_evictions = [](std::int64_t step) {
    StepRecord record{.step = step};
    record.evictions.resize(100);
    return std::make_shared<const StepRecord>(std::move(record));
  };
  for (int i = 0; i < 10; ++i) log.append(i < 4 ? record_of(i) : with_evictions(i));
  const std::size_t plain = bytes_of(*record_of(0));
  const std::size_t large = bytes_of(*with_evictions(0));
  EXPECT_GE(large, plain + 100 * sizeof(EvictionRecord));
  EXPECT_EQ(log.bytes(), 4 * plain + 6 * large);
  log.truncate(8);
  EXPECT_EQ(log.bytes(), 4 * plain + 4 * large);
  log.continue_from(5, 2, other);
  EXPECT_EQ(log.bytes(), 4 * plain + large);
  EXPECT_EQ(other.bytes(), 4 * plain + 4 * large);
  log.swap(other);
  EXPECT_EQ(other.bytes(), 4 * plain + large);
  log.start_run(3);
  EXPECT_EQ(log.bytes(), 0U);
}

}  // namespace
}  // namespace sketchscope::record
