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

}  // namespace
}  // namespace sketchscope::record
