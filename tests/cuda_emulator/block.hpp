#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <source_location>
#include <string>

/// Runs kernels without a GPU: the threads of a block are fibers of one thread, which pause where
/// the threads of a GPU wait for one another. Blocks run one after another. Between two waits the
/// fibers run in a new random order each time, so that a missing wait is detected (see
/// draw_orders_from).
namespace sketchscope::cuda_emulator {

struct Extent {
  unsigned x = 1;
  unsigned y = 1;
  unsigned z = 1;
};

struct Launch {
  Extent blocks;
  unsigned threads = 1;  // of a block
};

/// Calls `thread` once per thread of the grid. Returns what went wrong, as a GPU would hang or
/// answer undefined values there; empty if nothing did.
std::string run_grid(const Launch& launch, const std::function<void()>& thread);

/// Who calls, within run_grid.
[[nodiscard]] Extent block_index();
[[nodiscard]] unsigned thread_index();

/// Starts the random orders of all launches that follow. Each launch goes on where the one before
/// ended, so that no two launches run in the same order; a test that failed repeats with its seed.
void draw_orders_from(std::uint64_t seed);

/// Waits for all threads of the block that have not ended. Threads that wait for one another at
/// different places of the source are a fault: on a GPU that is undefined.
void wait_for_block(const std::source_location& at = std::source_location::current());

/// Gives every thread of the warp, all of which have to call it at the same place, the value of
/// lane `from`.
std::uint64_t exchange_in_warp(std::uint64_t value, unsigned from,
                               const std::source_location& at = std::source_location::current());

[[nodiscard]] unsigned lane_index();

}  // namespace sketchscope::cuda_emulator
