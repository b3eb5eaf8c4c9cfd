#include "engine/run/generation.hpp"

#include "engine/run/watched_run.hpp"

namespace sketchscope {

Generation generate(std::shared_ptr<const Model> model, const GenerationOptions& options,
                    const std::function<void(const StepRecord&)>& on_record, std::stop_token stop) {
  const int end_of_text = model->config().end_of_text;
  WatchedRun run(std::move(model), {.knobs = options.knobs,
                                    .prompt = options.prompt,
                                    .twin = options.twin,
                                    .audit = options.audit,
                                    .threads = options.threads});
  Generation result;
  const auto step = [&] {
    const StepRecord record = run.step();
    result.totals.add_record(record);
    if (on_record) on_record(record);
  };
  while (run.prompt_pending() && !stop.stop_requested()) step();

  while (static_cast<int>(result.tokens.size()) < options.max_new_tokens) {
    result.interrupted = stop.stop_requested();
    if (result.interrupted) break;
    const int token = run.next_token().value();
    if (options.stop_at_end_of_text && token == end_of_text) break;
    result.tokens.push_back(token);
    result.reached_context_end = run.at_context_end();
    if (result.reached_context_end) break;
    if (static_cast<int>(result.tokens.size()) < options.max_new_tokens) step();
  }
  result.totals.add_lane(run.lane());
  for (const LayerCache& cache : run.lane().layers()) result.stored.push_back(cache.stored());
  return result;
}

}  // namespace sketchscope
