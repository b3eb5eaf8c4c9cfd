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

struct GenerationOptions {
  Knobs knobs;
  std::vector<int> prompt;
  int max_new_tokens = 100;
  bool stop_at_end_of_text = true;
  bool twin = false;
  bool audit = true;
  int threads = 1;
};

struct Generation {
  std::vector<int> tokens;  ///< the new ones; an end-of-text that ended the run is not among them
  RunTotals totals;
  std::vector<int> stored;  ///< tokens stored in each table of a layer at the end, (L)
  bool reached_context_end = false;
  bool interrupted = false;
};

/// Continues a prompt. `on_record` sees every step's record as it is made; a stop request ends the
/// run at the next step boundary with what is there.
Generation generate(std::shared_ptr<const Model> model, const GenerationOptions& options,
                    const std::function<void(const StepRecord&)>& on_record, std::stop_token stop);

}  // namespace sketchscope
