#include "engine/settings/knob_changes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/core/error.hpp"
#include "tests/support/random_knobs.hpp"

namespace sketchscope::settings {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::ThrowsMessage;

TEST(ListParts, AreDividedOutsideOfBracketsAlone) {
  EXPECT_THAT(list_parts("a=1, b=2 ,c=3"), ElementsAre("a=1", "b=2", "c=3"));
  EXPECT_THAT(list_parts("formula=max(mass, last),sinks=2"),
              ElementsAre("formula=max(mass, last)", "sinks=2"));
  EXPECT_THAT(list_parts("sinks=2;;policy=window;", ';'),
              ElementsAre("sinks=2", "", "policy=window"))
      << "an empty part is a run that differs in nothing, but the end is none";
  EXPECT_THAT(list_parts(""), IsEmpty());
  EXPECT_THAT(list_parts("  "), IsEmpty());
}

TEST(KnobChanges, LeadFromOneSetOfKnobsToTheOther) {
  core::SplitMix64 random(5);
  for (int trial = 0; trial < 200; ++trial) {
    const Knobs from = support::random_knobs(random);
    const Knobs to = support::random_knobs(random);
    EXPECT_EQ(with_changes(from, changes_between(from, to)), to) << changes_between(from, to);
    EXPECT_EQ(changes_between(from, from), "");
  }
}

TEST(KnobChanges, MayContradictEachOtherOnTheWayButNotInTheEnd) {
  const Knobs small = with_changes({}, "sinks=2, max_cache_size=3, recent_window=1");
  EXPECT_EQ(with_changes(small, "sinks=20, max_cache_size=64").sinks, 20);
  EXPECT_THAT([&] { static_cast<void>(with_changes(small, "sinks=20")); },
              ThrowsMessage<core::UsageError>(HasSubstr("sinks")));
}

TEST(KnobChanges, AreRefusedWithWhatWasFound) {
  EXPECT_THAT([] { static_cast<void>(with_changes({}, "sinks")); },
              ThrowsMessage<core::UsageError>(HasSubstr("'sinks'")));
  EXPECT_THAT([] { static_cast<void>(with_changes({}, "sink=3")); },
              ThrowsMessage<core::UsageError>(HasSubstr("sink")));
  EXPECT_THAT([] { static_cast<void>(with_changes({}, "sinks=many")); },
              ThrowsMessage<core::UsageError>(HasSubstr("many")));
}

}  // namespace
}  // namespace sketchscope::settings
