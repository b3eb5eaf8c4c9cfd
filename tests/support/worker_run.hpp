#pragma once

#include <chrono>
#include <functional>
#include <thread>
#include <vector>

#include "engine/run/worker.hpp"
#include "tests/support/tiny_model.hpp"

namespace sketchscope::support {

/// Options of a paused worker at full speed with a small capacity.
inline run::WorkerOptions paused_worker() {
  run::WorkerOptions options;
  options.knobs.max_cache_size = 12;
  options.knobs.recent_window = 4;
  options.knobs.temperature = 0.7;
  options.prompt = "1 2 3";
  options.running = false;
  options.tokens_per_second = 0;
  options.threads = 1;
  return options;
}

inline model::LoadedModel tiny_loaded_model() {
  return {.model = make_tiny_model(), .name = "tiny"};
}

/// Waits until `condition` holds. Returns false after ten seconds.
inline bool wait_for(const std::function<bool()>& condition) {
  using namespace std::chrono_literals;
  const auto deadline = std::chrono::steady_clock::now() + 10s;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(1ms);
  }
  return true;
}

/// Returns every record of a run so far.
inline std::vector<record::RecordPointer> records(const record::RecordLog& log) {
  return log.read(0, 0).records;
}

/// Returns every token that the run was fed.
inline std::vector<int> tokens(const record::RecordLog& log) {
  std::vector<int> all;
  for (const auto& record : records(log)) {
    all.insert(all.end(), record->tokens.begin(), record->tokens.end());
  }
  return all;
}

}  // namespace sketchscope::support
