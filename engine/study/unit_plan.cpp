#include "engine/study/unit_plan.hpp"

namespace sketchscope::study {
namespace {

// Returns whether a lane needs the audit only to hold its target.
bool holds_by_audit(const settings::Knobs& knobs) {
  return knobs.target == settings::TargetKind::retained_mass;
}

}  // namespace

std::vector<Unit> units_of(const StudyMaterial& material) {
  std::vector<Unit> units;
  const auto add = [&](Unit::Kind kind, std::size_t count) {
    for (std::size_t index = 0; index < count; ++index) units.push_back({kind, index});
  };
  add(Unit::Kind::chunk, material.chunks.size());
  add(Unit::Kind::continuation, material.continuations.size());
  add(Unit::Kind::question, material.questions.size());
  return units;
}

void ScoredLane::add(const schedule::LaneStep& step) {
  // A prefill in one pass has full attention, so there is no divergence to measure.
  if (step.whole_prompt) return;
  const std::vector<record::LayerRecord> records = schedule::add_step(totals, step);
  layers.resize(records.size());
  for (std::size_t layer = 0; layer < records.size(); ++layer) {
    layers[layer].add(records[layer]);
    if (step.last) layers[layer].add<&record::LayerRecord::regret>(records[layer].regret.value());
  }
  if (!step.last) return;
  estimates = schedule::estimate_error_of(step.lane());
  row_loads = schedule::sketch_row_loads(step.lane());
}

void UnitPlan::add(const settings::Knobs& knobs) {
  switch (unit_.kind) {
    case Unit::Kind::chunk:
      add_scored(knobs, {.given = material_.chunks[unit_.index]});
      break;
    case Unit::Kind::continuation:
      add_continuation(knobs, material_.continuations[unit_.index]);
      break;
    case Unit::Kind::question:
      add_question(knobs, material_.questions[unit_.index]);
  }
}

std::size_t UnitPlan::push(schedule::LaneRequest request) {
  requests_.push_back(std::move(request));
  return requests_.size() - 1;
}

std::size_t UnitPlan::full_cache(const settings::Knobs& knobs, const schedule::Passage& passage) {
  const std::string key =
      core::name_of(knobs.prefill) + (passage.drawn.tokens > 0 ? " drawn" : " given");
  const auto known = full_.find(key);
  if (known != full_.end()) return known->second;
  const settings::Knobs full{.policy = "full", .prefill = knobs.prefill};
  return full_[key] = push({.lane = {.knobs = full}, .passage = passage});
}

UnitPlan::Places& UnitPlan::add_scored(const settings::Knobs& knobs,
                                       const schedule::Passage& passage) {
  const std::size_t twin = full_cache(knobs, passage);
  auto scored = std::make_shared<ScoredLane>();
  if (material_.attention_every > 0) {
    scored->heads = std::make_shared<measure::HeadWatch>(
        config_, measure::HeadSelection{.every = material_.attention_every});
  }
  const std::size_t own =
      push({.lane = {.knobs = knobs, .audit = true, .observer = scored->heads},
            .passage = passage,
            .twin = twin,
            .on_step = [scored](const schedule::LaneStep& step) { scored->add(step); }});
  return places_.emplace_back(Places{.own = own, .scored = std::move(scored)});
}

void UnitPlan::add_continuation(const settings::Knobs& knobs, const Continuation& continuation) {
  const schedule::Passage drawing = {
      .prompt = continuation.prompt,
      .drawn = {.tokens = static_cast<int>(continuation.follows.size())}};
  Places& places =
      add_scored(knobs, {.prompt = continuation.prompt, .given = continuation.follows});
  places.reference = full_cache(knobs, drawing);
  places.drawn =
      push({.lane = {.knobs = knobs, .audit = holds_by_audit(knobs)}, .passage = drawing});
}

void UnitPlan::add_question(const settings::Knobs& knobs, const measure::RecallQuestion& question) {
  const std::size_t own =
      push({.lane = {.knobs = knobs, .audit = holds_by_audit(knobs)},
            .passage = {.prompt = question.context,
                        .given = question.question,
                        .drawn = {.tokens = static_cast<int>(question.answer.size())}}});
  places_.push_back({.own = own});
}

}  // namespace sketchscope::study
