#include "tests/cuda_emulator/block.hpp"

#include <algorithm>
#include <array>
#include <boost/context/fiber.hpp>
#include <boost/context/pooled_fixedsize_stack.hpp>
#include <memory>
#include <numeric>
#include <random>
#include <span>
#include <vector>

namespace sketchscope::cuda_emulator {
namespace {

namespace context = boost::context;

constexpr unsigned kWarp = 32;
constexpr std::size_t kStackBytes = std::size_t{64} << 10;

enum class Wait : std::uint8_t { nothing, warp, block };

struct Thread {
  context::fiber fiber;
  context::fiber scheduler;
  Wait wait = Wait::nothing;
  std::source_location at;  // where it waits
  bool ended = false;
};

std::string place(const std::source_location& at) {
  return std::string(at.file_name()) + ":" + std::to_string(at.line());
}

/// Returns the fault if threads wait for one another at different places; else empty.
std::string meeting_fault(std::span<const Thread> threads, Wait wait) {
  const Thread* first = nullptr;
  for (const Thread& thread : threads) {
    if (thread.wait != wait) continue;
    if (first == nullptr) first = &thread;
    if (place(thread.at) != place(first->at)) {
      return "threads wait for one another at " + place(first->at) + " and at " + place(thread.at);
    }
  }
  return {};
}

/// The threads of one block under way.
class Block {
 public:
  Block(Extent index, unsigned threads, context::pooled_fixedsize_stack& stacks,
        const std::function<void()>& body)
      : index_(index), threads_(threads), order_(threads), shared_((threads + kWarp - 1) / kWarp) {
    std::iota(order_.begin(), order_.end(), 0U);
    for (Thread& thread : threads_) {
      thread.fiber =
          context::fiber(std::allocator_arg, stacks, [&thread, &body](context::fiber&& scheduler) {
            thread.scheduler = std::move(scheduler);
            body();
            thread.ended = true;
            return std::move(thread.scheduler);
          });
    }
  }

  /// Returns what went wrong, if anything.
  std::string run(std::mt19937_64& random) {
    while (std::ranges::any_of(threads_, [](const Thread& thread) { return !thread.ended; })) {
      std::ranges::shuffle(order_, random);
      for (const unsigned index : order_) resume(index);
      std::string fault = release_waiting();
      if (!fault.empty()) return fault;
    }
    return {};
  }

  [[nodiscard]] Extent index() const { return index_; }
  [[nodiscard]] unsigned running() const { return running_; }

  void wait(Wait wait, const std::source_location& at) {
    Thread& self = threads_[running_];
    self.wait = wait;
    self.at = at;
    self.scheduler = std::move(self.scheduler).resume();
  }

  std::uint64_t exchange(std::uint64_t value, unsigned from, const std::source_location& at) {
    std::array<std::uint64_t, kWarp>& values = shared_[running_ / kWarp];
    values[running_ % kWarp] = value;
    wait(Wait::warp, at);
    const std::uint64_t received = values[from];
    wait(Wait::warp, at);
    return received;
  }

 private:
  void resume(unsigned index) {
    Thread& thread = threads_[index];
    if (thread.ended || thread.wait != Wait::nothing) return;
    running_ = index;
    thread.fiber = std::move(thread.fiber).resume();
  }

  // Releases complete groups of waiting threads: warps first, then the block.
  std::string release_waiting() {
    bool released = false;
    for (std::size_t first = 0; first < threads_.size(); first += kWarp) {
      const auto warp =
          std::span(threads_).subspan(first, std::min<std::size_t>(kWarp, threads_.size() - first));
      const auto exchanging = std::ranges::count(warp, Wait::warp, &Thread::wait);
      if (exchanging == 0) continue;
      if (exchanging != std::ssize(warp)) {
        return "threads of a warp exchange values while others of it have ended or wait elsewhere";
      }
      if (std::string fault = meeting_fault(warp, Wait::warp); !fault.empty()) return fault;
      for (Thread& thread : warp) thread.wait = Wait::nothing;
      released = true;
    }
    if (released) return {};
    if (std::string fault = meeting_fault(threads_, Wait::block); !fault.empty()) return fault;
    for (Thread& thread : threads_) thread.wait = Wait::nothing;
    return {};
  }

  Extent index_;
  std::vector<Thread> threads_;
  std::vector<unsigned> order_;
  std::vector<std::array<std::uint64_t, kWarp>> shared_;
  unsigned running_ = 0;
};

thread_local Block* current = nullptr;
thread_local std::mt19937_64 orders;

}  // namespace

std::string run_grid(const Launch& launch, const std::function<void()>& thread) {
  context::pooled_fixedsize_stack stacks(kStackBytes);
  for (unsigned z = 0; z < launch.blocks.z; ++z) {
    for (unsigned y = 0; y < launch.blocks.y; ++y) {
      for (unsigned x = 0; x < launch.blocks.x; ++x) {
        Block block({x, y, z}, launch.threads, stacks, thread);
        current = &block;
        std::string fault = block.run(orders);
        current = nullptr;
        if (!fault.empty()) return fault;
      }
    }
  }
  return {};
}

Extent block_index() {
  return current->index();
}

unsigned thread_index() {
  return current->running();
}

unsigned lane_index() {
  return current->running() % kWarp;
}

void draw_orders_from(std::uint64_t seed) {
  orders.seed(seed);
}

void wait_for_block(const std::source_location& at) {
  current->wait(Wait::block, at);
}

std::uint64_t exchange_in_warp(std::uint64_t value, unsigned from, const std::source_location& at) {
  return current->exchange(value, from, at);
}

}  // namespace sketchscope::cuda_emulator
