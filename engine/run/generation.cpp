#include "engine/run/generation.hpp"

#include "engine/run/watched_run.hpp"

namespace sketchscope {

Generation generate(std::shared_ptr<const Model> model, const GenerationOptions& options,
                    const std::function<void(const StepRecord&)>& on_record, std::stop_token stop) {
  const ModelConfig config = model->config();
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

  StopRule rule{.tokens = options.max_new_tokens};
  if (options.stop_at_end_of_text) rule.end_tokens = config.ends_of_text;
  std::optional<SequenceEnd> end;
  for (int drawn = 1; drawn <= rule.tokens && !end; ++drawn) {
    result.interrupted = stop.stop_requested();
    if (result.interrupted) break;
    const int token = run.next_token().value();
    end = rule.end(static_cast<std::size_t>(drawn), token, run.lane().tokens().size(), config);
    if (end != SequenceEnd::end_token) result.tokens.push_back(token);
    if (!end) step();
  }
  result.reached_context_end = end && end != SequenceEnd::end_token && run.at_context_end();
  result.totals.add_lane(run.lane());
  for (const LayerView& layer : run.lane().layers()) result.stored.push_back(layer.stored());
  return result;
}

}  // namespace sketchscope
