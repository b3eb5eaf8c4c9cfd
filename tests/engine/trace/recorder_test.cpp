#include "engine/trace/recorder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

namespace sketchscope::trace {
namespace {

using ::testing::IsEmpty;

TEST(Operations, HaveNamesOfTheirOwnAndSayWhatTheirBytesAre) {
  std::set<std::string_view> names;
  for (const OperationKind& kind : operations()) {
    EXPECT_TRUE(names.insert(kind.name).second) << kind.name;
    EXPECT_EQ(&kind_of(kind.operation), &kind);
    EXPECT_EQ(kind.bytes.empty(), kind.limit == Limit::none) << kind.name;
    if (kind.within) {
      EXPECT_FALSE(kind_of(*kind.within).within) << kind.name << " lies two deep";
      EXPECT_EQ(kind_of(*kind.within).part, kind.part) << kind.name;
    }
  }
}

TEST(Recorder, NotesWhenAnOperationRanAndWhatItHadToDo) {
  Recorder recorder(1);
  { const ScopedSpan before(&recorder, Operation::norm); }
  recorder.drop();
  {
    ScopedSpan span(&recorder, Operation::qkv, {.layer = 3}, {.bytes = 10, .multiply_adds = 20});
    span.add({.bytes = 5});
  }
  { const ScopedSpan span(&recorder, Operation::sample); }
  const StepTrace trace = recorder.take(7);
  EXPECT_EQ(trace.step, 7);
  ASSERT_EQ(trace.spans.size(), 2U);
  EXPECT_EQ(trace.spans[0].operation, Operation::qkv);
  EXPECT_EQ(trace.spans[0].place.layer, 3);
  EXPECT_EQ(trace.spans[0].work, (Work{.bytes = 15, .multiply_adds = 20}));
  EXPECT_EQ(trace.spans[0].begin_ns, 0);
  EXPECT_EQ(trace.spans[1].operation, Operation::sample);
  EXPECT_LE(trace.spans[0].end_ns, trace.spans[1].begin_ns);
  EXPECT_EQ(trace.duration_ns, trace.spans[1].end_ns);
  EXPECT_THAT(recorder.take(8).spans, IsEmpty()) << "each is taken once";
}

TEST(Recorder, KeepsWhatADeviceRanApartAndByTheClockOfTheStep) {
  Recorder recorder(1);
  const auto run_on_device = [&] {
    const ScopedSpan span(&recorder, Operation::device_pass);
    const std::int64_t begin = recorder.now();
    const OperationSpan product{.operation = Operation::qkv,
                                .place = {.layer = 2},
                                .begin_ns = begin + 10,
                                .end_ns = begin + 30};
    recorder.add_on_device({&product, 1});
  };
  run_on_device();
  recorder.drop();
  run_on_device();
  const StepTrace trace = recorder.take(1);
  ASSERT_EQ(trace.spans.size(), 1U);
  ASSERT_EQ(trace.on_device.size(), 1U) << "what came before drop() is forgotten";
  EXPECT_EQ(trace.on_device[0].operation, Operation::qkv);
  EXPECT_EQ(trace.on_device[0].place.layer, 2);
  EXPECT_EQ(trace.on_device[0].duration_ns(), 20);
  EXPECT_GE(trace.on_device[0].begin_ns, trace.spans[0].begin_ns + 10);
  EXPECT_THAT(recorder.take(2).on_device, IsEmpty()) << "each is taken once";
}

TEST(Recorder, NotesNothingWhereThereIsNone) {
  EXPECT_NO_THROW(ScopedSpan(nullptr, Operation::audit).add({.bytes = 1}));
}

TEST(Recorder, TellsWhichThreadsRanThePartsOfAnOperation) {
  constexpr int kThreads = 3;
  constexpr int kParts = 64;
  kernels::ThreadPool pool(kThreads);
  Recorder recorder(kThreads);
  pool.observe(&recorder);
  pool.run(kParts, [](int) {});  // belongs to no operation
  {
    const ScopedSpan span(&recorder, Operation::update, {.layer = 1});
    pool.run(kParts, [&](int part) {
      const ScopedSpan own(&recorder, Operation::count, {.layer = 1, .row = part});
      volatile double sum = 0;
      for (int i = 0; i < 2000; ++i) sum = sum + i;
    });
  }
  const StepTrace trace = recorder.take(0);
  ASSERT_EQ(trace.spans.size(), 1U + kParts);
  EXPECT_EQ(trace.spans.front().operation, Operation::update) << "what contains others comes first";
  std::set<int> rows;
  std::set<int> threads;
  for (const OperationSpan& span : trace.spans) {
    EXPECT_GE(span.begin_ns, trace.spans.front().begin_ns);
    EXPECT_LE(span.end_ns, trace.spans.front().end_ns);
    if (span.operation != Operation::count) continue;
    rows.insert(span.place.row);
    if (span.thread == 0) continue;
    threads.insert(span.thread);
    const bool lies_in_a_busy_span = std::ranges::any_of(trace.busy, [&](const BusySpan& busy) {
      return busy.thread == span.thread && busy.begin_ns <= span.begin_ns &&
             span.end_ns <= busy.end_ns;
    });
    EXPECT_TRUE(lies_in_a_busy_span) << "row " << span.place.row;
  }
  EXPECT_EQ(rows.size(), kParts);
  EXPECT_EQ(trace.busy.size(), threads.size()) << "one for each helper that took part";
  for (const BusySpan& busy : trace.busy) {
    EXPECT_TRUE(threads.contains(busy.thread));
    EXPECT_EQ(busy.operation, Operation::update);
    EXPECT_EQ(busy.layer, 1);
    EXPECT_GT(busy.duration_ns(), 0);
  }
}

}  // namespace
}  // namespace sketchscope::trace
