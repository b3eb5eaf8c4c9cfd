#include <gmock/gmock.h>

#include <set>

#include "tests/gui/panels/panel_stage.hpp"

namespace sketchscope::panels {
namespace {

using test::PanelStage;
using ::testing::HasSubstr;

/// Presses at the item's left end and drags to `share` of its width.
void drag(PanelStage& stage, const plot::Rect& item, float share) {
  const plot::Point from{item.left + 2, item.center().y};
  const plot::Point to{item.left + item.width() * share, item.center().y};
  stage.draw({.at = from});
  stage.draw({.at = from}, true);
  stage.draw({.at = to}, true);
  stage.draw({.at = to}, true);
  stage.draw({.at = to});
}

bool is_slider(const settings::KnobInfo& knob) {
  return knob.choices.empty() && !knob.is_text() &&
         !std::holds_alternative<std::uint64_t settings::Knobs::*>(knob.field);
}

/// Knobs with which every knob of the table has an effect, except `read_k`, which requires `topk`.
settings::Knobs telling_knobs() {
  settings::Knobs knobs;
  knobs.read = "aggregate";
  knobs.aggregate = "race";
  knobs.sketch_key = sketch::SketchKey::key_lsh;
  knobs.target = settings::TargetKind::retained_mass;
  knobs.temperature = 1;
  return knobs;
}

std::string path_of(const settings::KnobInfo& knob) {
  const bool typed = std::holds_alternative<std::uint64_t settings::Knobs::*>(knob.field);
  return "Knobs/" + std::string(knob.name) + (typed ? "/value" : "");
}

TEST(KnobsPanel, HasAnItemForEveryKnobThatMattersAndBothReferences) {
  PanelStage stage("knobs");
  stage.model.config.family = model::ModelFamily::llama;
  settings::Knobs topk;
  topk.read = "topk";
  settings::Knobs window;
  window.policy = "window";
  settings::Knobs formula;
  formula.policy = "formula";
  settings::Knobs snapkv;
  snapkv.policy = "snapkv";
  std::set<std::string_view> seen;
  for (const settings::Knobs& knobs :
       {telling_knobs(), topk, window, formula, snapkv, settings::Knobs()}) {
    stage.state.wanted = stage.state.applied = knobs;
    stage.draw();
    stage.draw();  // items of the frame before still count
    for (const settings::KnobInfo& knob : settings::knob_table()) {
      if (knob.group == settings::KnobGroup::branching) continue;  // shown in the branching panel
      const bool shown = stage.items.find(path_of(knob)).has_value();
      EXPECT_EQ(shown, knob.matters(knobs)) << knob.name;
      if (shown) seen.insert(knob.name);
    }
  }
  for (const settings::KnobInfo& knob : settings::knob_table()) {
    if (knob.group == settings::KnobGroup::branching) continue;
    EXPECT_TRUE(seen.contains(knob.name)) << knob.name;
  }
  EXPECT_TRUE(stage.items.find("Knobs/twin"));
  EXPECT_TRUE(stage.items.find("Knobs/audit"));
}

TEST(KnobsPanel, LeavesOutWhatTakesRotaryPositionsWhereTheyAreLearned) {
  PanelStage stage("knobs");
  stage.draw();
  stage.draw();
  EXPECT_FALSE(stage.items.find("Knobs/positions"));
  EXPECT_TRUE(stage.items.find("Knobs/granularity"));
}

TEST(KnobsPanel, SendsADraggedValueUnderTheKnobsName) {
  PanelStage stage("knobs");
  stage.draw();
  const auto slider = stage.items.find("Knobs/sketch_depth");
  ASSERT_TRUE(slider);
  drag(stage, slider->rect, 1);
  ASSERT_FALSE(stage.sent.empty());
  const auto& [command, tag] = stage.sent.back();
  const auto* set = std::get_if<run::command::SetKnob>(&command);
  ASSERT_NE(set, nullptr);
  EXPECT_EQ(set->name, "sketch_depth");
  EXPECT_EQ(set->value, "16");
  EXPECT_EQ(tag, "sketch_depth");
}

TEST(KnobsPanel, SendsOnlyValuesThatTheKnobTakes) {
  PanelStage stage("knobs");
  stage.state.wanted = stage.state.applied = telling_knobs();
  stage.draw();
  for (const settings::KnobInfo& knob : settings::knob_table()) {
    if (!is_slider(knob) || knob.group == settings::KnobGroup::branching) continue;
    if (!knob.matters(telling_knobs())) continue;
    const auto slider = stage.items.find("Knobs/" + std::string(knob.name));
    ASSERT_TRUE(slider) << knob.name;
    const std::size_t before = stage.sent.size();
    for (const float share : {0.0F, 0.37F, 1.0F}) drag(stage, slider->rect, share);
    EXPECT_GT(stage.sent.size(), before) << knob.name;
  }
  for (const auto& [command, tag] : stage.sent) {
    const auto& set = std::get<run::command::SetKnob>(command);
    settings::Knobs knobs;
    EXPECT_NO_THROW(settings::set_knob(knobs, set.name, set.value)) << set.name << " " << set.value;
  }
}

TEST(KnobsPanel, TakesATypedValueWhereANumberIsClicked) {
  PanelStage stage("knobs");
  stage.draw();
  for (const std::string knob : {"max_cache_size", "seed"}) {
    const auto value = stage.items.find("Knobs/" + knob + "/value");
    ASSERT_TRUE(value) << knob;
    drag(stage, value->rect, 0.5F);
    stage.draw();
    stage.draw();  // the input has the focus from here on
    stage.type("200");
    ASSERT_FALSE(stage.sent.empty()) << knob;
    const auto& set = std::get<run::command::SetKnob>(stage.sent.back().first);
    EXPECT_EQ(set.name, knob);
    EXPECT_EQ(set.value, "200");
  }
}

TEST(KnobsPanel, SwitchesTwinAndAudit) {
  PanelStage stage("knobs");
  stage.draw();
  for (const char* name : {"Knobs/twin", "Knobs/audit"}) {
    const auto item = stage.items.find(name);
    ASSERT_TRUE(item);
    drag(stage, item->rect, 0.1F);
  }
  ASSERT_EQ(stage.sent.size(), 2U);
  EXPECT_FALSE(std::get<run::command::SetTwin>(stage.sent[0].first).on);
  EXPECT_FALSE(std::get<run::command::SetAudit>(stage.sent[1].first).on);
}

TEST(KnobsPanel, SaysWhatIsPendingWhereTheLabelLeavesRoom) {
  PanelStage stage("knobs");
  stage.advance(5);
  stage.draw();
  EXPECT_THAT(stage.canvas.words(), Not(HasSubstr("next step")));
  stage.state.wanted.seed = 7;
  stage.draw();
  EXPECT_THAT(stage.canvas.words(), HasSubstr("next step"));
}

}  // namespace
}  // namespace sketchscope::panels
