#include "engine/settings/knobs.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "engine/core/error.hpp"
#include "tests/support/random_knobs.hpp"

namespace sketchscope::settings {
namespace {

using ::testing::HasSubstr;

std::string refusal(const std::function<void()>& action) {
  try {
    action();
  } catch (const core::UsageError& error) {
    return error.what();
  }
  return "(accepted)";
}

TEST(KnobTable, HasTheDefaultsOfTheDocs) {
  const nlohmann::json defaults = knobs_to_json({});
  const nlohmann::json documented = {{"policy", "sketch"},
                                     {"max_cache_size", 128},
                                     {"budget", "equal"},
                                     {"sinks", 4},
                                     {"formula", "mass"},
                                     {"evict_batch", 1},
                                     {"observation_window", 32},
                                     {"pool_kernel", 5},
                                     {"recent_window", 32},
                                     {"granularity", "layer"},
                                     {"prefill", "auto"},
                                     {"positions", "original"},
                                     {"sketch", "count-min-conservative"},
                                     {"sketch_width", 512},
                                     {"sketch_depth", 4},
                                     {"sketch_key", "position"},
                                     {"sketch_seed", 42},
                                     {"sketch_hash", "mixed"},
                                     {"lsh_bits", 12},
                                     {"decay", 1.0},
                                     {"read", "full"},
                                     {"read_k", 64},
                                     {"aggregate", "mass"},
                                     {"clusters", 8},
                                     {"kv", "f32"},
                                     {"target", "none"},
                                     {"target_value", 0.9},
                                     {"temperature", 0.0},
                                     {"top_k", 0},
                                     {"top_p", 1.0},
                                     {"repetition_penalty", 1.0},
                                     {"seed", 42},
                                     {"threshold", 0.4},
                                     {"branch_factor", 3},
                                     {"branch_growth", "fixed"},
                                     {"max_paths", 20}};
  EXPECT_EQ(defaults, documented);
}

TEST(KnobTable, OffersEveryDefaultAmongItsChoicesOrInItsRange) {
  const Knobs defaults;
  for (const KnobInfo& knob : knob_table()) {
    Knobs knobs;
    EXPECT_NO_THROW(set_knob(knobs, knob.name, knob_text(defaults, knob))) << knob.name;
    EXPECT_FALSE(knob.help.empty()) << knob.name;
  }
}

TEST(Knobs, SurviveTheWayThroughJson) {
  core::SplitMix64 random(1);
  for (int i = 0; i < 200; ++i) {
    const Knobs knobs = support::random_knobs(random);
    const auto text = knobs_to_json(knobs).dump();
    EXPECT_EQ(knobs_from_json(nlohmann::json::parse(text), {}), knobs) << text;
  }
}

TEST(Knobs, OfFilesFromBeforeSketchHashHaveThePlainHashesOfThatTime) {
  nlohmann::json written = knobs_to_json({.sketch_width = 128});
  EXPECT_EQ(recorded_knobs(written).sketch_hash, kernels::SketchInput::mixed);
  written.erase("sketch_hash");
  EXPECT_EQ(recorded_knobs(written).sketch_hash, kernels::SketchInput::plain);
  EXPECT_EQ(recorded_knobs(written).sketch_width, 128);
  EXPECT_EQ(knobs_from_json(written, {}).sketch_hash, kernels::SketchInput::mixed);
}

TEST(Knobs, NameTheNearestOnesWhenOneIsUnknown) {
  Knobs knobs;
  EXPECT_THAT(refusal([&] { set_knob(knobs, "max_cash_size", "64"); }),
              HasSubstr("max_cache_size"));
  EXPECT_THAT(refusal([&] { knobs_from_json({{"polcy", "full"}}, {}); }), HasSubstr("policy"));
}

TEST(Knobs, RefuseValuesOutsideTheirRangeAndKeepTheOldOne) {
  Knobs knobs;
  for (const char* text : {"0", "-5", "1e9", "12.5", "", "many", "99999999999999999999"}) {
    EXPECT_THAT(refusal([&] { set_knob(knobs, "sketch_width", text); }),
                ::testing::AllOf(HasSubstr("sketch_width"), HasSubstr("1 to 65536")))
        << text;
  }
  EXPECT_THAT(refusal([&] { set_knob(knobs, "decay", "nan"); }), HasSubstr("0 to 1"));
  EXPECT_THAT(refusal([&] { set_knob(knobs, "policy", "best"); }), HasSubstr("heavy-hitter"));
  EXPECT_EQ(knobs, Knobs{});
}

TEST(Knobs, RefuseACapacityNotAboveTheSinksUnlessThePolicyIgnoresIt) {
  Knobs knobs;
  knobs.max_cache_size = 4;
  EXPECT_THAT(refusal([&] { check_knobs(knobs); }), HasSubstr("sinks"));
  knobs.policy = "full";
  EXPECT_NO_THROW(check_knobs(knobs));
}

TEST(Knobs, AcceptEverySeedOf64Bits) {
  Knobs knobs;
  set_knob(knobs, "seed", "18446744073709551615");
  EXPECT_EQ(knobs.seed, 18446744073709551615ULL);
  EXPECT_THAT(refusal([&] { set_knob(knobs, "seed", "18446744073709551616"); }),
              HasSubstr("from 0 to 18446744073709551615"));
}

TEST(Flags, AreTheKnobsNamesWithHyphens) {
  EXPECT_EQ(flag_of(knob_info("max_cache_size")), "--max-cache-size");
}

TEST(Knobs, RefuseAPoolWithoutAMiddle) {
  Knobs knobs{.policy = "snapkv"};
  for (const int odd : {1, 5, 7}) {
    knobs.pool_kernel = odd;
    EXPECT_NO_THROW(check_knobs(knobs));
  }
  knobs.pool_kernel = 4;
  EXPECT_THROW(check_knobs(knobs), core::UsageError);
  EXPECT_THROW(set_knob(knobs, "pool_kernel", "6"), core::UsageError);
  set_knob(knobs, "pool_kernel", "9");
  EXPECT_EQ(knobs.pool_kernel, 9);
}

}  // namespace
}  // namespace sketchscope::settings
