#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

/// Runs kernels without a GPU: the threads of a block are fibers of one thread, which pause where
/// the threads of a GPU wait for one another. Blocks run one after another. Between two waits the
/// fibers run in an order that is drawn anew each time, so a missing wait shows.
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

/// Waits for all threads of the block that have not ended.
void wait_for_block();

/// Gives every thread of the warp, all of which have to call, the value of lane `from`.
std::uint64_t exchange_in_warp(std::uint64_t value, unsigned from);

[[nodiscard]] unsigned lane_index();

}  // namespace sketchscope::cuda_emulator
