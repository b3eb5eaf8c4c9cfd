#include "gui/app/run_loader.hpp"

#include <chrono>
#include <utility>

#include "engine/core/error.hpp"

namespace sketchscope::app {
namespace {

/// Returns the path of the model that made the run: the one it names, else the embedded one.
std::filesystem::path model_of(const run::SavedRun& saved, const std::filesystem::path& embedded) {
  const std::filesystem::path named = saved.model.directory;
  return !named.empty() && model::is_model(named) ? named : embedded;
}

std::string shape_text(const run::ModelInfo& model) {
  const model::ModelConfig& config = model.config;
  return std::to_string(config.layers) + " layers, " + std::to_string(config.heads) + " heads, " +
         std::to_string(config.width) + " wide, " + std::to_string(config.vocabulary) +
         " tokens, weights " + model.dtype;
}

/// Throws Error if the opened model is not that of the run.
void check_same(const run::ModelInfo& saved, const run::ModelInfo& opened) {
  if (shape_text(saved) == shape_text(opened)) return;
  throw core::Error(
      {.what = "the run cannot go on with the model " + opened.name,
       .found = shape_text(opened),
       .expected = shape_text(saved) + ", as " + saved.name + " had that made it",
       .remedy = "Put that model where it was: " +
                 (saved.directory.empty() ? "no directory is known" : saved.directory)});
}

}  // namespace

LoadTask::LoadTask(std::string name, Work work, std::function<void()> wake)
    : name_(std::move(name)), wake_(std::move(wake)) {
  result_ = std::async(std::launch::async, [this, work = std::move(work)] {
    // The window is woken at the end, also after an exception.
    struct Waker {
      const std::function<void()>& wake;
      ~Waker() {
        if (wake) wake();
      }
    };
    const Waker waker{wake_};
    return work([this](double share) { report(share); });
  });
}

LoadTask::~LoadTask() {
  cancel();
  if (result_.valid()) result_.wait();
}

void LoadTask::report(double share) {
  if (cancelled_) throw core::Cancelled("opening " + name_ + " was given up");
  share_ = share;
  if (wake_) wake_();
}

bool LoadTask::done() const {
  return result_.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
}

RunLoader::RunLoader(ReplaceableSource& source, ModelAccess models, std::function<void()> wake)
    : source_(source), models_(std::move(models)), wake_(std::move(wake)) {}

void RunLoader::open_model(const std::filesystem::path& directory, run::WorkerOptions options) {
  const std::filesystem::path path = directory.empty() ? models_.embedded : directory;
  start(path, [this, path, options](const core::ProgressSink& progress) {
    model::LoadedModel model = models_.read(path, progress);
    run::WorkerOptions fitting = options;
    fitting.threads = models_.threads;
    // Without a tokenizer, neither ids of another vocabulary nor texts can be used.
    if (!model.tokenizer) fitting.prompt.clear();
    return std::make_unique<WorkerSource>(std::move(model), std::move(fitting), wake_);
  });
}

void RunLoader::open_run(const std::filesystem::path& file) {
  start(file, [file](const core::ProgressSink&) { return std::make_unique<FileSource>(file); });
}

void RunLoader::continue_run(const std::filesystem::path& file) {
  start(file, [this, file](const core::ProgressSink& progress) {
    const run::SavedRun saved = run::load_run(file);
    model::LoadedModel model = models_.read(model_of(saved, models_.embedded), progress);
    check_same(saved.model, run::model_info(model));
    run::Recording recording = run::recording_of(saved.knobs, saved.records);
    return std::make_unique<WorkerSource>(std::move(model),
                                          run::WorkerOptions{.knobs = recording.last,
                                                             .prompt = saved.prompt,
                                                             .twin = saved.twin,
                                                             .audit = saved.audit,
                                                             .running = false,
                                                             .threads = models_.threads,
                                                             .continued = std::move(recording)},
                                          wake_);
  });
}

void RunLoader::start(const std::filesystem::path& path, LoadTask::Work work) {
  if (current_) {
    current_->cancel();
    given_up_.push_back(std::move(current_));
  }
  current_ = std::make_unique<LoadTask>(path.filename().string(), std::move(work), wake_);
}

bool RunLoader::exchange() {
  std::erase_if(given_up_, [](const auto& opening) { return opening->done(); });
  if (!current_ || !current_->done()) return false;
  const auto done = std::exchange(current_, nullptr);
  std::unique_ptr<view::RunSource> run = done->take();
  if (done->cancelled()) throw core::Cancelled("opening " + done->name() + " was given up");
  auto former = source_.exchange(std::move(run));
  ending_.emplace_back([former = std::move(former)]() mutable { former.reset(); });
  return true;
}

}  // namespace sketchscope::app
