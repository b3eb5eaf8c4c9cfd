// The emulator itself: what would hang or go wrong on a GPU has to show here too.
#include <gtest/gtest.h>

#include <numeric>
#include <string>
#include <vector>

#include "tests/cuda_emulator/block.hpp"
#include "tests/cuda_emulator/toolkit/cuda_runtime_api.h"

namespace sketchscope::cuda_emulator {
namespace {

TEST(Emulator, RunsEveryThreadOfEveryBlockOnce) {
  std::vector<int> visits(3 * 2 * 70);
  const std::string fault = run_grid({.blocks = {3, 2, 1}, .threads = 70}, [&] {
    ++visits[(block_index().y * 3 + block_index().x) * 70 + thread_index()];
  });
  EXPECT_EQ(fault, "");
  EXPECT_EQ(visits, std::vector<int>(visits.size(), 1));
}

TEST(Emulator, LetsNoThreadPassAWaitBeforeAllHaveCome) {
  constexpr unsigned kThreads = 64;
  std::vector<int> written(kThreads);
  int early = 0;
  const std::string fault = run_grid({.threads = kThreads}, [&] {
    written[thread_index()] = 1;
    wait_for_block();
    if (std::accumulate(written.begin(), written.end(), 0) < static_cast<int>(kThreads)) ++early;
  });
  EXPECT_EQ(fault, "");
  EXPECT_EQ(early, 0);
}

TEST(Emulator, ShowsAMissingWait) {
  constexpr unsigned kThreads = 64;
  std::vector<int> written(kThreads);
  int missed = 0;
  (void)run_grid({.threads = kThreads}, [&] {
    const unsigned self = thread_index();
    written[self] = 1;
    if (written[(self + 1) % kThreads] == 0) ++missed;  // no wait before the neighbour's is read
  });
  EXPECT_GT(missed, 0);
}

TEST(Emulator, ExchangesWithinAWarp) {
  std::vector<std::uint64_t> received(64);
  const std::string fault = run_grid({.threads = 64}, [&] {
    received[thread_index()] = exchange_in_warp(thread_index(), lane_index() ^ 1);
  });
  EXPECT_EQ(fault, "");
  for (unsigned thread = 0; thread < 64; ++thread) EXPECT_EQ(received[thread], thread ^ 1);
}

TEST(Emulator, NamesAnExchangeThatPartOfAWarpHasLeft) {
  const std::string fault = run_grid({.threads = 32}, [] {
    if (lane_index() < 4) return;
    (void)exchange_in_warp(1, 0);
  });
  EXPECT_NE(fault.find("warp"), std::string::npos) << fault;
}

TEST(Emulator, NamesBothPlacesWhereThreadsOfABlockWaitApart) {
  const std::string fault = run_grid({.threads = 64}, [] {
    if (thread_index() < 32) {
      wait_for_block();
    } else {
      wait_for_block();
    }
  });
  EXPECT_NE(fault.find("emulator_test.cpp:"), fault.rfind("emulator_test.cpp:")) << fault;
}

TEST(Emulator, NamesThreadsOfAWarpThatExchangeApart) {
  const std::string fault = run_grid({.threads = 32}, [] {
    if (thread_index() % 2 == 0) {
      (void)exchange_in_warp(1, 0);
    } else {
      (void)exchange_in_warp(2, 0);
    }
  });
  EXPECT_NE(fault.find(" and at "), std::string::npos) << fault;
}

TEST(Emulator, TimesEventsAtEachStartOfARecordingAndRefusesOnesThatWouldHaveNoTime) {
  cudaStream_t stream = nullptr;
  cudaEvent_t before = nullptr;
  cudaEvent_t behind = nullptr;
  cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking);
  cudaEventCreate(&before);
  cudaEventCreate(&behind);
  float ms = -1;
  EXPECT_EQ(cudaEventElapsedTime(&ms, before, behind), cudaErrorInvalidValue) << "never come to";
  EXPECT_EQ(cudaEventRecordWithFlags(before, stream, cudaEventRecordExternal),
            cudaErrorInvalidValue);
  cudaStreamBeginCapture(stream, cudaStreamCaptureModeThreadLocal);
  EXPECT_EQ(cudaEventRecordWithFlags(before, stream, 0), cudaErrorInvalidValue);
  EXPECT_EQ(cudaEventRecordWithFlags(before, stream, cudaEventRecordExternal), cudaSuccess);
  EXPECT_EQ(cudaEventRecordWithFlags(behind, stream, cudaEventRecordExternal), cudaSuccess);
  cudaGraph_t graph = nullptr;
  cudaGraphExec_t recording = nullptr;
  cudaStreamEndCapture(stream, &graph);
  cudaGraphInstantiate(&recording, graph, 0);
  cudaGraphDestroy(graph);
  EXPECT_EQ(cudaEventElapsedTime(&ms, before, behind), cudaErrorInvalidValue) << "only recorded";
  cudaGraphLaunch(recording, stream);
  EXPECT_EQ(cudaEventElapsedTime(&ms, before, behind), cudaSuccess);
  EXPECT_GE(ms, 0);
  cudaGraphExecDestroy(recording);
  cudaEventDestroy(before);
  cudaEventDestroy(behind);
  cudaStreamDestroy(stream);
}

/// The order in which the threads of one block come first.
std::vector<unsigned> arrival() {
  std::vector<unsigned> order;
  (void)run_grid({.threads = 40}, [&] { order.push_back(thread_index()); });
  return order;
}

TEST(Emulator, DrawsAnotherOrderForEveryLaunchAndTheSameForTheSameSeed) {
  draw_orders_from(7);
  const std::vector<std::vector<unsigned>> first = {arrival(), arrival(), arrival()};
  draw_orders_from(7);
  const std::vector<std::vector<unsigned>> again = {arrival(), arrival(), arrival()};
  draw_orders_from(8);
  EXPECT_EQ(first, again);
  EXPECT_NE(first[0], first[1]);
  EXPECT_NE(first[1], first[2]);
  EXPECT_NE(first[0], arrival());
}

}  // namespace
}  // namespace sketchscope::cuda_emulator
