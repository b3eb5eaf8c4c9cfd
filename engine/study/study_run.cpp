#include "engine/study/study_run.hpp"

#include <algorithm>
#include <exception>
#include <nlohmann/json.hpp>
#include <thread>

#include "engine/core/error.hpp"
#include "engine/study/batch_measurement.hpp"

namespace sketchscope::study {
namespace {

using namespace std::chrono_literals;

/// Returns the number of configurations per batch: enough to fill the lanes, but few enough that
/// every worker gets a share and that the loss of a batch costs little.
std::size_t batch_size(const Study& study, std::size_t configurations, int ranks) {
  constexpr std::size_t kMaximum = 32;
  const std::size_t lanes_each = study.material.continuations.empty() ? 1 : 2;
  const std::size_t fill = static_cast<std::size_t>(study.lanes) / lanes_each;
  const auto workers = static_cast<std::size_t>(ranks);
  const std::size_t share = workers > 1 ? configurations / (2 * workers) + 1 : configurations;
  return std::clamp<std::size_t>(std::min(fill, share), 1, kMaximum);
}

std::vector<WorkBatch> work_left(const Study& study, const StudyFolder& folder, int ranks) {
  WorkBatch left;
  const auto& configurations = study.grid.configurations;
  for (std::size_t at = 0; at < configurations.size(); ++at) {
    if (!folder.finished().contains(configurations[at].name)) left.push_back(at);
  }
  std::vector<WorkBatch> batches;
  const std::size_t size = batch_size(study, left.size(), ranks);
  for (std::size_t first = 0; first < left.size(); first += size) {
    const auto begin = left.begin() + static_cast<std::ptrdiff_t>(first);
    const auto end =
        left.begin() + static_cast<std::ptrdiff_t>(std::min(first + size, left.size()));
    batches.emplace_back(begin, end);
  }
  return batches;
}

// Workers compare this identity, since the same index means another configuration in another grid.
std::string identity_of(const Study& study) {
  nlohmann::json knobs = nlohmann::json::array();
  for (const Configuration& one : study.grid.configurations) {
    knobs.push_back({one.name, settings::knobs_to_json(one.knobs)});
  }
  return study.material.fingerprint() + " " + std::to_string(study.material.attention_every) + " " +
         knobs.dump();
}

constexpr const char* kIdentity = "study";

void require_same_study(const Study& study, KeyStore& store, const std::stop_token& stop) {
  auto identity = store.get(kIdentity);
  while (!identity && !stop.stop_requested()) {
    std::this_thread::sleep_for(20ms);
    identity = store.get(kIdentity);
  }
  if (!identity || *identity == identity_of(study)) return;
  throw core::Error({.what = "study of this worker",
                     .found = "another grid, model or text than rank 0's",
                     .expected = "the same command line on every rank"});
}

std::string file_text(const nlohmann::json& json) {
  return json.dump(1, ' ', false, nlohmann::json::error_handler_t::replace) + '\n';
}

/// Runs rank 0's share of the work on a thread, and keeps the exception that it threw.
class OwnWorker {
 public:
  OwnWorker(const Study& study, KeyStore& store, const std::stop_token& stop)
      : thread_([&, stop](const std::stop_token& over) {
          const std::stop_callback forward(stop, [this] { stop_.request_stop(); });
          const std::stop_callback end(over, [this] { stop_.request_stop(); });
          try {
            work_on(study, store, 0, stop_.get_token());
          } catch (...) {
            failure_ = std::current_exception();
            failed_ = true;
          }
        }) {}

  void rethrow() {
    if (failed_) std::rethrow_exception(failure_);
  }

 private:
  std::stop_source stop_;
  std::exception_ptr failure_;
  std::atomic<bool> failed_ = false;
  std::jthread thread_;
};

}  // namespace

void work_on(const Study& study, KeyStore& store, int rank, const std::stop_token& stop) {
  require_same_study(study, store, stop);
  StudyWorker worker(store, rank, stop);
  while (const auto assignment = worker.take()) {
    std::vector<Configuration> configurations;
    for (const std::size_t at : assignment->batch) {
      configurations.push_back(study.grid.configurations.at(at));
    }
    const auto results = measure_batch(
        study.model, configurations, study.material,
        {.lanes = study.lanes, .threads = study.threads},
        [&](std::size_t tokens) { worker.count(tokens); }, worker.stop());
    if (worker.stop().stop_requested()) return;
    std::vector<std::string> files;
    for (std::size_t at = 0; at < results.size(); ++at) {
      files.push_back(file_text(result_json(configurations[at], results[at])));
    }
    worker.deliver(*assignment, files);
  }
}

void conduct(const Study& study, KeyStore& store, StudyFolder& folder, const QueueOptions& options,
             const core::ProgressSink& progress, const std::stop_token& stop) {
  const auto batches = work_left(study, folder, options.ranks);
  std::size_t left = 0;
  for (const WorkBatch& batch : batches) left += batch.size();
  // Every batch also runs the full cache once.
  const auto tokens = static_cast<double>((left + batches.size()) * study.material.steps());

  store.set(kIdentity, identity_of(study));
  Coordinator coordinator(store, batches, options);
  OwnWorker worker(study, store, stop);
  while (!coordinator.finished() && !stop.stop_requested()) {
    coordinator.poll([&](std::size_t configuration, const std::string& result) {
      folder.add(study.grid.configurations.at(configuration).name, result);
    });
    worker.rethrow();
    if (progress) progress(std::min(1.0, static_cast<double>(coordinator.tokens_fed()) / tokens));
    std::this_thread::sleep_for(20ms);
  }
}

}  // namespace sketchscope::study
