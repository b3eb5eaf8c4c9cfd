#pragma once

#include <gtest/gtest.h>

#include <memory>

#include "engine/core/error.hpp"
#include "gui/platform/platform.hpp"

namespace sketchscope::test {

/// A window in memory. Skips the test if the machine cannot draw offscreen.
class OffscreenWindow : public ::testing::Test {
 protected:
  void SetUp() override {
    try {
      platform_ = platform::open_offscreen({1600, 1000});
    } catch (const core::Error& error) {
      GTEST_SKIP() << error.what();
    }
  }

  std::unique_ptr<platform::Platform> platform_;
};

}  // namespace sketchscope::test
