#include "tests/support/invented_source.hpp"

#include <utility>
#include <variant>

#include "engine/core/error.hpp"

namespace sketchscope::test {
namespace {

template <typename... Cases>
struct Overloaded : Cases... {
  using Cases::operator()...;
};

}  // namespace

InventedSource::InventedSource(InventedRunOptions options, bool running)
    : options_(std::move(options)), running_(running) {
  model_.name = "invented";
  model_.dtype = "f32";
  model_.weight_bytes = 12'000'000;
  model_.config.layers = options_.layers;
  model_.config.width = 192;
  model_.config.heads = 6;
  model_.config.kv_heads = 6;
  model_.config.head_width = 32;
  model_.config.positions = options_.positions;
  model_.config.vocabulary = options_.vocabulary;
  start();
}

void InventedSource::start() {
  run_ = std::make_unique<InventedRun>(options_);
  position_ = -1;
  logs_[0].start_run(++runs_);
}

void InventedSource::add(const settings::Knobs& knobs) {
  std::size_t place = 1;
  while (others_.contains(place)) ++place;
  InventedRunOptions options = options_;
  options.knobs = knobs;
  options.seed += place;
  auto other = std::make_unique<InventedRun>(options);
  logs_.at(place).start_run(runs_);
  const std::int64_t steps = run_->state().steps;
  for (std::int64_t step = 0; step < steps; ++step) logs_.at(place).append(other->step());
  others_[place] = std::move(other);
}

void InventedSource::make_step() {
  if (position_ + 1 >= options_.positions) return;
  auto record = run_->step();
  position_ = record->position;
  logs_[0].append(std::move(record));
  for (auto& [place, other] : others_) logs_.at(place).append(other->step());
}

void InventedSource::advance(int steps) {
  for (int i = 0; i < steps; ++i) make_step();
}

void InventedSource::notify(run::Notice::Kind kind, std::string text) {
  notices_.push_back({.id = notices_.size() + 1, .kind = kind, .text = std::move(text)});
}

void InventedSource::send(run::Command command, std::string) {
  std::visit(Overloaded{[&](const run::command::SetKnob& set) {
                          commands_.push_back("SetKnob " + set.name + " " + set.value);
                          settings::Knobs knobs = run_->state().wanted;
                          try {
                            settings::set_knob(knobs, set.name, set.value);
                            settings::check_knobs(knobs);
                            run_->set(set.name, set.value);
                            options_.knobs = knobs;
                          } catch (const core::Error& error) {
                            notify(run::Notice::Kind::error, error.what());
                          }
                        },
                        [&](const run::command::SetKnobs& all) {
                          commands_.emplace_back("SetKnobs");
                          for (const settings::KnobInfo& knob : settings::knob_table()) {
                            run_->set(knob.name, settings::knob_text(all.knobs, knob));
                          }
                          options_.knobs = all.knobs;
                        },
                        [&](const run::command::Play&) {
                          commands_.push_back("Play");
                          running_ = true;
                        },
                        [&](const run::command::Pause&) {
                          commands_.push_back("Pause");
                          running_ = false;
                        },
                        [&](const run::command::Step& step) {
                          commands_.push_back("Step " + std::to_string(step.count));
                          running_ = false;
                          advance(step.count);
                        },
                        [&](const run::command::Restart& again) {
                          commands_.push_back("Restart " + again.prompt);
                          if (!again.prompt.empty()) prompt_ = again.prompt;
                          start();
                        },
                        [&](const run::command::SetSpeed& speed) {
                          commands_.push_back("SetSpeed");
                          speed_ = speed.tokens_per_second;
                        },
                        [&](const run::command::AddRun& added) {
                          commands_.push_back("AddRun");
                          add(added.knobs);
                        },
                        [&](const run::command::RemoveRun& removed) {
                          commands_.push_back("RemoveRun " + std::to_string(removed.place));
                          others_.erase(removed.place);
                          logs_.at(removed.place).start_run(0);
                        },
                        [&](const auto&) { commands_.push_back("other"); }},
             command);
}

std::shared_ptr<const run::LiveState> InventedSource::state() const {
  auto* self = const_cast<InventedSource*>(this);
  if (running_) self->make_step();
  auto state = std::make_shared<run::LiveState>(run_->state());
  state->run = runs_;
  state->speed = speed_;
  for (const auto& [place, other] : others_) {
    run::LiveState beside = other->state();
    beside.place = place;
    beside.layers.clear();
    state->others.push_back(std::make_shared<const run::LiveState>(std::move(beside)));
  }
  state->phase = position_ + 1 >= options_.positions ? run::RunPhase::at_context_end
                 : running_                          ? run::RunPhase::running
                                                     : run::RunPhase::paused;
  return state;
}

std::vector<run::Notice> InventedSource::take_notices() {
  return std::exchange(notices_, {});
}

}  // namespace sketchscope::test
