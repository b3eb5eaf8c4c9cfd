#pragma once

#include <functional>
#include <memory>
#include <stop_token>
#include <vector>

#include "engine/model/model.hpp"
#include "engine/record/step_record.hpp"
#include "engine/schedule/run_totals.hpp"
#include "engine/settings/knobs.hpp"

namespace sketchscope {

/// Options of generate().
struct GenerationOptions {
  Knobs knobs;
  std::vector<int> prompt;
  int max_new_tokens = 100;
  bool stop_at_end_of_text = true;
  bool twin = false;
  bool audit = true;
  int threads = 1;
};

/// The results of generate().
struct Generation {
  std::vector<int> tokens;  ///< new tokens without the end-of-text
  RunTotals totals;
  std::vector<int> stored;  ///< positions stored per table of each layer at the end, (L)
  bool reached_context_end = false;
  bool interrupted = false;
};

/// Continues a prompt. `on_record` receives every step's record when it is made. A stop request
/// ends the run at the next step boundary with the result so far.
Generation generate(std::shared_ptr<const Model> model, const GenerationOptions& options,
                    const std::function<void(const StepRecord&)>& on_record, std::stop_token stop);

}  // namespace sketchscope
