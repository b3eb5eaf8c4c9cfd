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

/// Commands from any thread to the worker, first in, first out. A command with a tag takes the
/// place of the newest unread one if that has the same tag: a dragged slider leaves one, and
/// commands that build on each other stay in order.
class CommandQueue {
 public:
  using Clock = std::chrono::steady_clock;

  void push(Command command, std::string tag);

  /// The next command; empty if none came before `deadline` or the queue was closed.
  std::optional<Command> pop_until(Clock::time_point deadline);
  std::optional<Command> pop();  ///< waits until there is one or the queue is closed
  std::optional<Command> try_pop();

  /// Notes that the command last popped was carried out.
  void done();
  /// Whether every command pushed so far was popped and carried out.
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
