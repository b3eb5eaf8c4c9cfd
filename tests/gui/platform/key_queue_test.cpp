#include "gui/platform/key_queue.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "engine/core/random.hpp"

namespace sketchscope::platform {
namespace {

constexpr int kControl = 1;

KeyEvent event(int key, bool down) {
  return {.key = key, .is_down = down, .is_modifier = key == kControl};
}

/// Returns what a frame sees that looks only at the keys that are held when it begins: "Ctrl P", by
/// frame.
std::vector<std::string> chords_of(KeyQueue& queue) {
  std::vector<std::string> chords;
  std::set<int> held;
  while (!queue.empty()) {
    const std::set<int> before = held;
    for (const KeyEvent& one : queue.take_frame()) {
      if (one.is_down) held.insert(one.key);
      if (!one.is_down) held.erase(one.key);
    }
    for (const int key : held) {
      if (key == kControl || before.contains(key)) continue;
      chords.push_back((held.contains(kControl) ? "Ctrl " : "") +
                       std::string(1, static_cast<char>(key)));
    }
  }
  return chords;
}

TEST(KeyQueue, LosesNoChordThatIsTappedBetweenTwoFrames) {
  KeyQueue queue;
  for (const int key : {'P', 'R', 'P'}) {
    queue.push(event(kControl, true));
    queue.push(event(key, true));
    queue.push(event(key, false));
    queue.push(event(kControl, false));
    queue.push(event('E', true));
    queue.push(event('E', false));
  }
  EXPECT_EQ(chords_of(queue),
            (std::vector<std::string>{"Ctrl P", "E", "Ctrl R", "E", "Ctrl P", "E"}));
}

TEST(KeyQueue, KeepsTheModifierOfAKeyThoughItIsLetGoFirst) {
  KeyQueue queue;
  queue.push(event(kControl, true));
  static_cast<void>(queue.take_frame());
  queue.push(event('P', true));
  queue.push(event(kControl, false));
  queue.push(event('P', false));
  const auto first = queue.take_frame();
  ASSERT_EQ(first.size(), 1U) << "the frame in which P is pressed still has Ctrl";
  EXPECT_EQ(first[0].key, 'P');
}

TEST(KeyQueue, GivesEveryPressToOneFrameWhateverIsTyped) {
  core::SplitMix64 random(2);
  for (int trial = 0; trial < 200; ++trial) {
    KeyQueue queue;
    std::vector<std::string> typed;
    bool control = false;
    for (int tap = 0; tap < 20; ++tap) {
      const bool wants = random.below(2) == 0;
      if (wants != control) queue.push(event(kControl, wants));
      control = wants;
      const int key = 'A' + static_cast<int>(random.below(4));
      queue.push(event(key, true));
      queue.push(event(key, false));
      typed.push_back((control ? "Ctrl " : "") + std::string(1, static_cast<char>(key)));
    }
    EXPECT_EQ(chords_of(queue), typed) << "trial " << trial;
  }
}

}  // namespace
}  // namespace sketchscope::platform
