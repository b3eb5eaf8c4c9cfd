#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <string>

#include "engine/run/command.hpp"

namespace sketchscope {

/// A thread-safe FIFO queue of commands to the worker. A tagged command replaces the newest unread
/// one if that has the same tag, so that a dragged slider leaves one command. Only the newest is
/// replaced, so that dependent commands keep their order.
class CommandQueue {
 public:
  using Clock = std::chrono::steady_clock;

  void push(Command command, std::string tag);

  /// The next command; empty if none came before `deadline` or the queue was closed.
  std::optional<Command> pop_until(Clock::time_point deadline);
  std::optional<Command> pop();  ///< blocks until a command arrives or the queue is closed
  std::optional<Command> try_pop();

  /// Marks the last popped command as carried out.
  void done();
  /// Returns whether every pushed command was carried out.
  [[nodiscard]] bool idle() const;

  void close();
  [[nodiscard]] bool closed() const;

 private:
  struct Tagged {
    Command command;
    std::string tag;
  };
  std::optional<Command> take();

  mutable std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<Tagged> waiting_;
  bool in_progress_ = false;
  bool closed_ = false;
};

}  // namespace sketchscope
