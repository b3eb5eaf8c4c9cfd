#include "engine/run/command.hpp"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace sketchscope::run {
namespace {

std::string value_of(const std::optional<Command>& command) {
  return command ? std::get<command::SetKnob>(*command).value : "(none)";
}

TEST(CommandQueue, GivesCommandsInTheOrderInWhichTheyCame) {
  CommandQueue queue;
  for (const char* value : {"1", "2", "3"}) queue.push(command::SetKnob{"seed", value}, "");
  EXPECT_EQ(value_of(queue.pop()), "1");
  EXPECT_EQ(value_of(queue.pop()), "2");
  EXPECT_EQ(value_of(queue.try_pop()), "3");
  EXPECT_FALSE(queue.try_pop());
}

TEST(CommandQueue, LeavesOneOfManyUnreadCommandsWithTheSameTag) {
  CommandQueue queue;
  queue.push(command::SetKnob{"seed", "other"}, "b");
  for (int i = 0; i < 100; ++i) {
    queue.push(command::SetKnob{"seed", std::to_string(i)}, "a");
  }
  EXPECT_EQ(value_of(queue.pop()), "other");
  EXPECT_EQ(value_of(queue.pop()), "99");
  EXPECT_FALSE(queue.try_pop());
}

TEST(CommandQueue, KeepsCommandsInOrderWhereAnotherCameBetween) {
  CommandQueue queue;
  for (const auto& [knob, value] :
       {std::pair{"sinks", "0"}, std::pair{"max_cache_size", "3"}, std::pair{"sinks", "2"}}) {
    queue.push(command::SetKnob{knob, value}, knob);
  }
  EXPECT_EQ(value_of(queue.pop()), "0");
  EXPECT_EQ(value_of(queue.pop()), "3");
  EXPECT_EQ(value_of(queue.pop()), "2");
}

TEST(CommandQueue, IsIdleOnlyWhenTheLastCommandWasCarriedOut) {
  CommandQueue queue;
  EXPECT_TRUE(queue.idle());
  queue.push(command::Play{}, "");
  EXPECT_FALSE(queue.idle());
  (void)queue.pop();
  EXPECT_FALSE(queue.idle());
  queue.done();
  EXPECT_TRUE(queue.idle());
}

TEST(CommandQueue, LosesNothingBetweenThreads) {
  CommandQueue queue;
  constexpr int kEach = 2000;
  std::vector<int> seen(3, -1);
  std::thread reader([&] {
    int count = 0;
    while (auto command = queue.pop()) {
      const auto& set = std::get<command::SetKnob>(*command);
      int& last = seen[static_cast<std::size_t>(std::stoi(set.name))];
      EXPECT_EQ(std::stoi(set.value), last + 1);
      last = std::stoi(set.value);
      queue.done();
      if (++count == 3 * kEach) break;
    }
  });
  std::vector<std::jthread> writers;
  for (int writer = 0; writer < 3; ++writer) {
    writers.emplace_back([&queue, writer] {
      for (int i = 0; i < kEach; ++i) {
        queue.push(command::SetKnob{std::to_string(writer), std::to_string(i)}, "");
      }
    });
  }
  reader.join();
  EXPECT_EQ(seen, (std::vector<int>{kEach - 1, kEach - 1, kEach - 1}));
  EXPECT_TRUE(queue.idle());
}

TEST(CommandQueue, WakesItsReaderWhenItIsClosed) {
  CommandQueue queue;
  std::jthread closer([&] { queue.close(); });
  EXPECT_FALSE(queue.pop());
  EXPECT_TRUE(queue.closed());
}

}  // namespace
}  // namespace sketchscope::run
