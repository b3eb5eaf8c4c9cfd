#include "gui/view/knob_rows.hpp"

#include <gmock/gmock.h>

namespace sketchscope::view {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

const KnobRow& row_of(const std::vector<KnobRow>& rows, std::string_view name) {
  return *std::ranges::find_if(rows, [&](const KnobRow& row) { return row.info->name == name; });
}

TEST(KnobRows, CoverTheWholeTable) {
  std::size_t rows = 0;
  for (const auto group : {settings::KnobGroup::cache, settings::KnobGroup::sketch,
                           settings::KnobGroup::sampling, settings::KnobGroup::branching}) {
    rows += knob_rows(group, run::LiveState(), 1024).size();
  }
  EXPECT_EQ(rows, settings::knob_table().size());
}

TEST(KnobRows, TellPendingFromAppliedValues) {
  run::LiveState state;
  state.wanted.sketch_width = 256;
  state.applied_at["sketch_depth"] = 287;
  const auto rows = knob_rows(settings::KnobGroup::sketch, state, 1024);
  EXPECT_TRUE(row_of(rows, "sketch_width").pending);
  EXPECT_EQ(knob_note(row_of(rows, "sketch_width")), "was 512 · next step");
  EXPECT_EQ(knob_note(row_of(rows, "sketch_depth")), "applied at step 287");
  EXPECT_THAT(knob_note(row_of(rows, "sketch_key")), IsEmpty());
}

TEST(KnobRows, SayWhichKnobsWaitForTheNextRun) {
  run::LiveState state;
  state.wanted.prefill = settings::Prefill::stream;
  const auto rows = knob_rows(settings::KnobGroup::cache, state, 1024);
  EXPECT_THAT(knob_note(row_of(rows, "prefill")), HasSubstr("next run"));
}

TEST(KnobRows, SayWhichHaveNoEffectAndWhichTablesNeverFill) {
  run::LiveState state;
  state.wanted.policy = state.applied.policy = "full";
  const auto full = knob_rows(settings::KnobGroup::cache, state, 1024);
  EXPECT_EQ(knob_note(row_of(full, "max_cache_size")), "no effect");
  EXPECT_EQ(knob_note(row_of(full, "sinks")), "no effect");
  EXPECT_EQ(knob_note(row_of(full, "budget")), "no effect");
  EXPECT_THAT(knob_note(row_of(full, "kv")), IsEmpty());
  state.wanted = state.applied = {};
  state.wanted.max_cache_size = state.applied.max_cache_size = 9999;
  const auto large = knob_rows(settings::KnobGroup::cache, state, 1024);
  EXPECT_EQ(knob_note(row_of(large, "max_cache_size")), "never full");
  EXPECT_THAT(knob_note(row_of(large, "sinks")), IsEmpty());
  const auto larger_model = knob_rows(settings::KnobGroup::cache, state, 10000);
  EXPECT_THAT(knob_note(row_of(larger_model, "max_cache_size")), IsEmpty());
}

TEST(KnobRows, OfferNoChoiceWhereThereIsNone) {
  const auto rows = knob_rows(settings::KnobGroup::cache, run::LiveState(), 1024);
  for (const auto& row : rows) {
    if (row.info->choices.empty()) continue;
    EXPECT_EQ(row.control == KnobControl::fixed, row.info->choices.size() == 1) << row.info->name;
  }
}

TEST(Sliders, StopAtTheRoundestValueOfAPixel) {
  constexpr double kPixel = 1.0 / 80;
  const settings::KnobInfo& slots = settings::knob_info("max_cache_size");
  for (const int value : {32, 64, 128, 256, 512}) {
    for (const double beside : {-0.45, 0.0, 0.45}) {
      const double share = slider_share(slots, value, 1024) + beside * kPixel;
      EXPECT_EQ(slider_text(slots, share, 1024, kPixel), std::to_string(value));
    }
  }
  const settings::KnobInfo& temperature = settings::knob_info("temperature");
  EXPECT_EQ(slider_text(temperature, slider_share(temperature, 1.01, 1024), 1024, kPixel), "1.00");
  EXPECT_EQ(slider_text(temperature, 1, 1024, kPixel), "2.00") << "the end";
}

TEST(Sliders, ReachEveryWholeNumberTheyShow) {
  for (const settings::KnobInfo& knob : settings::knob_table()) {
    if (!std::holds_alternative<int settings::Knobs::*>(knob.field)) continue;
    for (const int value : {2, 17, 128, 199, 200}) {
      if (value < knob.minimum || value > knob.maximum) continue;
      if (knob.odd && value % 2 == 0) continue;
      const double share = slider_share(knob, value, 1024);
      if (share <= 0 || share >= 1) continue;
      EXPECT_EQ(slider_text(knob, share, 1024), std::to_string(value)) << knob.name;
    }
  }
}

TEST(Sliders, EndAtTheModelsContextForWhatIsCountedInPositions) {
  EXPECT_EQ(slider_text(settings::knob_info("max_cache_size"), 1, 640), "640");
  EXPECT_EQ(slider_text(settings::knob_info("max_cache_size"), 0, 640), "1");
  EXPECT_EQ(slider_share(settings::knob_info("max_cache_size"), 60000, 640), 1);
}

TEST(Sliders, NeverLeaveTheKnobsRange) {
  for (const settings::KnobInfo& knob : settings::knob_table()) {
    if (!knob.choices.empty() || knob.is_text() ||
        std::holds_alternative<std::uint64_t settings::Knobs::*>(knob.field))
      continue;
    for (int tenth = -1; tenth <= 11; ++tenth) {
      settings::Knobs knobs;
      EXPECT_NO_THROW(settings::set_knob(knobs, knob.name, slider_text(knob, tenth / 10.0, 1024)))
          << knob.name;
    }
  }
}

}  // namespace
}  // namespace sketchscope::view
