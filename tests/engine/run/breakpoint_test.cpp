#include "engine/run/pacing.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/core/error.hpp"

namespace sketchscope::run {
namespace {

using ::testing::HasSubstr;
using Kind = Breakpoint::Kind;

TEST(Breakpoint, IsReadAsItIsWritten) {
  for (const Breakpoint one :
       {Breakpoint{Kind::step, 200}, Breakpoint{Kind::eviction}, Breakpoint{Kind::position, 58},
        Breakpoint{Kind::disagreement}, Breakpoint{Kind::divergence, 0.25}}) {
    EXPECT_EQ(parse_breakpoint(breakpoint_text(one)), one) << breakpoint_text(one);
  }
}

TEST(Breakpoint, RefusesWhatItDoesNotKnowAndSaysWhatItDoes) {
  for (const char* text : {"", "step", "step x", "step -1", "step 1.5", "eviction 3", "kl nan",
                           "position 4 5", "until", "step 1e300", "position 3000000000"}) {
    try {
      parse_breakpoint(text);
      ADD_FAILURE() << text;
    } catch (const core::UsageError& error) {
      EXPECT_THAT(error.what(), HasSubstr("position P")) << text;
    }
  }
}

TEST(StopReason, NamesWhatHappened) {
  record::StepRecord record{.step = 7};
  record.evictions = {{.layer = 3, .position = 58}, {.layer = 4, .position = 60}};
  record.logit_kl = 0.5;
  record.top1_agrees = false;
  EXPECT_EQ(stop_reason({Kind::eviction}, record), "position 58 left layer 3");
  EXPECT_EQ(stop_reason({Kind::position, 60}, record), "position 60 left layer 4");
  EXPECT_EQ(stop_reason({Kind::step, 7}, record), "step 7 is reached");
  EXPECT_EQ(stop_reason({Kind::disagreement}, record), "lane and twin disagree");
  EXPECT_EQ(stop_reason({Kind::divergence, 0.49}, record), "the next-token KL is 0.5 nats");
}

TEST(StopReason, IsEmptyWhileNothingHappens) {
  const record::StepRecord record{.step = 6};
  for (const Breakpoint one :
       {Breakpoint{Kind::step, 7}, Breakpoint{Kind::eviction}, Breakpoint{Kind::position, 0},
        Breakpoint{Kind::disagreement}, Breakpoint{Kind::divergence, 0}}) {
    EXPECT_FALSE(stop_reason(one, record)) << breakpoint_text(one);
  }
}

}  // namespace
}  // namespace sketchscope::run
