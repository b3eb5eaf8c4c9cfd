#include "engine/run/worker.hpp"

#include <array>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>

#include "engine/run/run_control.hpp"

namespace sketchscope::run {
namespace {

/// Changes of capacity by a target are excluded, since the replay makes them again.
bool was_set_by_a_person(const record::KnobChange& change) {
  return !change.note.starts_with("target ");
}

}  // namespace

Recording recording_of(const settings::Knobs& first,
                       std::span<const record::RecordPointer> records) {
  Recording recording{.knobs = first, .last = first, .steps = std::ssize(records)};
  for (const record::RecordPointer& record : records) {
    for (const record::KnobChange& change : record->changes) {
      settings::set_knob(recording.last, change.knob, change.to);
      if (was_set_by_a_person(change)) recording.schedule[record->step] = recording.last;
    }
    auto& tokens = record->prompt_tokens > 0 ? recording.prompt : recording.generated;
    tokens.insert(tokens.end(), record->tokens.begin(), record->tokens.end());
    recording.last_entropy = record->entropy;
  }
  return recording;
}

struct Worker::State {
  State(model::LoadedModel model, WorkerOptions options, std::function<void()> on_change);

  void run();
  void publish(bool even_if_unread);
  void notify(Notice::Kind kind, std::string text);
  template <typename Work>
  void guarded(const Work& work);

  ModelInfo info;
  std::function<void()> wake;
  CommandQueue queue;
  std::array<record::RecordLog, kMostRuns> logs;  // by place
  RunControl control;                             // used by the worker's thread alone

  mutable std::mutex mutex;  // guards the members that follow
  std::shared_ptr<const LiveState> live = std::make_shared<const LiveState>();
  std::vector<Notice> notices;
  std::uint64_t next_notice = 1;
  std::string prompt;

  mutable std::atomic<bool> live_was_read{true};
  std::atomic<bool> asked{false};  // for what takes longer than the command that began it
  std::jthread thread;             // last member, as it uses all others
};

ModelInfo model_info(const model::LoadedModel& model) {
  return {.name = model.name,
          .directory = model.directory.string(),
          .dtype = model.model->dtype_name(),
          .weight_bytes = model.model->weight_bytes(),
          .config = model.model->config(),
          .tokenizer = model.tokenizer};
}

Worker::State::State(model::LoadedModel model, WorkerOptions options,
                     std::function<void()> on_change)
    : info(model_info(model)),
      wake(std::move(on_change)),
      control(std::move(model), options, logs),
      prompt(options.prompt) {}

template <typename Work>
void Worker::State::guarded(const Work& work) {
  try {
    work();
  } catch (const std::exception& error) {
    notify(Notice::Kind::error, error.what());
  }
}

void Worker::State::notify(Notice::Kind kind, std::string text) {
  const std::scoped_lock lock(mutex);
  notices.push_back({.id = next_notice++, .kind = kind, .text = std::move(text)});
}

// Publishes the state only if a reader waits for one or no newer one follows soon, since it copies
// all layers.
void Worker::State::publish(bool even_if_unread) {
  if (live_was_read.exchange(false) || even_if_unread) {
    // Declared before the lock, so that the former state is freed after the lock is released.
    auto state = std::make_shared<const LiveState>(control.live_state());
    const std::scoped_lock lock(mutex);
    live.swap(state);
    prompt = control.prompt();
  }
  if (wake) wake();
}

void Worker::State::run() {
  guarded([&] { control.start(); });
  publish(true);
  while (!queue.closed()) {
    const auto due = control.next_due();
    auto command = due ? queue.pop_until(*due) : queue.pop();
    while (command) {
      guarded([&] { control.carry_out(*command); });
      publish(true);
      asked = control.has_work();
      queue.done();
      command = queue.try_pop();
    }
    const auto now_due = control.next_due();
    if (queue.closed() || !now_due || *now_due > CommandQueue::Clock::now()) continue;
    guarded([&] { control.step(); });
    const auto next = control.next_due();
    publish(!next || *next > CommandQueue::Clock::now());
    asked = control.has_work();
  }
}

Worker::Worker(model::LoadedModel model, WorkerOptions options, std::function<void()> wake)
    : state_(std::make_unique<State>(std::move(model), std::move(options), std::move(wake))) {
  state_->thread = std::jthread([state = state_.get()] { state->run(); });
}

Worker::~Worker() {
  state_->queue.close();
}

void Worker::send(Command command, std::string tag) {
  state_->queue.push(std::move(command), std::move(tag));
}

std::shared_ptr<const LiveState> Worker::state() const {
  state_->live_was_read = true;
  const std::scoped_lock lock(state_->mutex);
  return state_->live;
}

const record::RecordLog& Worker::log(std::size_t place) const {
  return state_->logs.at(place);
}

const ModelInfo& Worker::model() const {
  return state_->info;
}

std::vector<Notice> Worker::take_notices() {
  const std::scoped_lock lock(state_->mutex);
  return std::exchange(state_->notices, {});
}

std::string Worker::prompt() const {
  const std::scoped_lock lock(state_->mutex);
  return state_->prompt;
}

bool Worker::idle() const {
  return state_->queue.idle() && !state_->asked;
}

}  // namespace sketchscope::run
