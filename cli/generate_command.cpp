#include <filesystem>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <stop_token>
#include <vector>

#include "cli/common_options.hpp"
#include "cli/output.hpp"
#include "cli/prompt_options.hpp"
#include "cli/result_output.hpp"
#include "cli/standard_streams.hpp"
#include "cli/subcommand.hpp"
#include "engine/core/error.hpp"
#include "engine/core/files.hpp"
#include "engine/core/program.hpp"
#include "engine/core/text.hpp"
#include "engine/measure/continuation.hpp"
#include "engine/measure/run_json.hpp"
#include "engine/record/step_record.hpp"
#include "engine/run/run_file.hpp"
#include "engine/run/watched_run.hpp"
#include "engine/run/worker.hpp"
#include "engine/schedule/record_builder.hpp"
#include "engine/text/streaming_decoder.hpp"
#include "engine/trace/chrome_trace.hpp"
#include "engine/trace/machine_speed.hpp"

namespace sketchscope::cli {
namespace {

/// Returns tokens as text, or as ids if the model has no tokenizer.
std::string readable(const model::LoadedModel& model, const std::vector<int>& tokens) {
  if (model.tokenizer) return model.tokenizer->decode(tokens);
  std::string ids;
  for (const int token : tokens) ids += std::to_string(token) + " ";
  return ids;
}

/// Streams the text of new tokens to standard output as they are fed, each character whole, and the
/// remainder at the end.
class TextStream {
 public:
  /// What else the run leaves, which is wanted although nobody reads standard output any more.
  enum class Besides { nothing, files };

  TextStream(const model::LoadedModel& model, bool silent, Besides besides)
      : model_(model), silent_(silent), besides_(besides) {
    if (model.tokenizer) decoder_.emplace(*model.tokenizer);
  }

  void show(const record::StepRecord& record) {
    if (record.prompt_tokens > 0) return;
    show(record.tokens);
    shown_ += record.tokens.size();
  }

  void finish(const std::vector<int>& tokens) {
    show({tokens.begin() + static_cast<std::ptrdiff_t>(shown_), tokens.end()});
    write((decoder_ ? decoder_->flush() : std::string()) + "\n");
  }

 private:
  void show(const std::vector<int>& tokens) {
    std::string text;
    for (const int token : tokens)
      text += decoder_ ? decoder_->push(token) : readable(model_, {token});
    if (!text.empty()) write(text);
  }

  void write(const std::string& bytes) {
    if (silent_) return;
    try {
      write_standard_output(bytes);
    } catch (const ReaderGone&) {
      if (besides_ == Besides::nothing) throw;
      silent_ = true;
    }
  }

  const model::LoadedModel& model_;
  bool silent_;
  Besides besides_;
  std::optional<text::StreamingDecoder> decoder_;
  std::size_t shown_ = 0;
};

nlohmann::json generation_json(const model::LoadedModel& model, const settings::Knobs& knobs,
                               const run::Generation& generation,
                               const std::optional<measure::LikenessMeans>& likeness) {
  nlohmann::json result = measure::result_json(generation.totals);
  result["tokens"] = generation.tokens;
  if (likeness) measure::set_likeness(result, *likeness);
  if (model.tokenizer) result["text"] = model.tokenizer->decode(generation.tokens);
  return {{"schema", "sketchscope/generate/1"},
          {"config", settings::knobs_to_json(knobs)},
          {"result", std::move(result)},
          {"memory", measure::memory_json(generation.totals)},
          {"timing", measure::timing_json(generation.totals)}};
}

std::string ending(const run::Generation& generation, const model::ModelConfig& config) {
  if (generation.reached_context_end) {
    return "the model's context of " + std::to_string(config.positions) + " tokens is full";
  }
  return {};
}

void print_summary(std::ostream& stream, const run::Generation& generation,
                   const model::LoadedModel& model,
                   const std::optional<measure::LikenessMeans>& likeness) {
  const std::string why = ending(generation, model.model->config());
  stream << '\n'
         << generation.tokens.size() << " new tokens" << (why.empty() ? "" : ": " + why) << '\n';
  std::string stored;
  for (const int count : generation.stored) stored += std::to_string(count) + " ";
  print_line(stream, "stored per layer", stored);
  if (likeness) print_likeness(stream, *likeness);
  print_totals(stream, generation.totals);
}

/// Returns the note that marks a saved run as cut short, if it was.
std::vector<run::StepNote> notes_of(const run::Generation& generation,
                                    const std::vector<record::RecordPointer>& records) {
  if (records.empty()) return {};
  const std::int64_t last = records.back()->step;
  if (!generation.failure.empty())
    return {{.step = last, .text = "Broken off here: " + generation.failure}};
  if (!generation.interrupted) return {};
  return {{.step = last, .text = "Interrupted here; more tokens were asked for."}};
}

/// A Chrome trace of a run's steps, whose operations are related to the machine's peak rates.
class TraceFile {
 public:
  /// Measures the machine, so that the run is not disturbed.
  TraceFile(const std::filesystem::path& path, int threads, const settings::Knobs& knobs)
      : file_(path), writer_(file_.stream(), speed_of(threads)), knobs_(knobs) {}

  void add(const trace::StepTrace& step) {
    writer_.add(step, "generate", "step " + std::to_string(step.step));
  }
  void finish() {
    writer_.finish(settings::knobs_to_json(knobs_).dump());
    file_.commit();
  }

 private:
  static trace::MachineSpeed speed_of(int threads) {
    trace::MachineProbe probe(threads);
    probe.measure();
    return probe.speed();
  }

  core::PendingFile file_;
  trace::ChromeTraceWriter writer_;
  const settings::Knobs& knobs_;
};

void check_greedy(const settings::Knobs& knobs) {
  if (knobs.temperature == 0) return;
  throw core::UsageError({.what = "--against-full",
                          .found = "temperature " + core::number_text(knobs.temperature),
                          .expected = "0: drawn texts differ whatever the cache"});
}

/// `generate`: continues a prompt, prints the text, and measures.
class GenerateCommand final : public Subcommand {
 public:
  void declare(Flags& flags) override {
    prompt_.declare(flags);
    flags.group("Run");
    flags.add("--max-new-tokens", max_new_tokens_, {1, kNewTokensMaximum},
              "where to stop at the latest (default: 100)");
    flags.add_switch("--ignore-eos", ignore_end_of_text_, "do not stop at end-of-text");
    flags.add_switch("--against-full", against_full_,
                     "compare the text with what the full cache goes on to write");
    flags.add_switch("--twin", twin_, "compare every step with the full cache");
    common_.declare_audit(flags);
    common_.declare_json(flags);
    flags.add_output("--record", record_, "write every step record to this file, JSON Lines");
    flags.add_output("--trace", trace_,
                     "write the operations of every step to this file, a Chrome trace");
    flags.add_output("--save", save_, "write the run to this .scope file, which view opens");
    common_.declare_max_bytes(flags);
    common_.declare(flags);
  }

  void run(const std::stop_token& stop) override {
    prompt_.check_one();
    const model::LoadedModel model = common_.open(stop);
    const settings::Knobs knobs = common_.knobs(model);
    if (against_full_) check_greedy(knobs);
    const std::vector<int> tokens = prompt_.tokens(model, stop);
    ResultOutput output(common_.json(), stop, ResultOutput::Words::to_standard_error);
    std::unique_ptr<core::PendingFile> records;
    if (!record_.empty()) records = std::make_unique<core::PendingFile>(record_);

    std::vector<record::RecordPointer> kept;
    std::optional<TraceFile> steps;
    if (!trace_.empty()) steps.emplace(trace_, common_.threads(), knobs);
    const bool leaves_files = output.has_file() || records || steps || !save_.empty();
    TextStream text(model, output.takes_standard_output(),
                    leaves_files ? TextStream::Besides::files : TextStream::Besides::nothing);
    run::Generation generation = run::generate(
        model.model,
        {.knobs = knobs,
         .prompt = tokens,
         .max_new_tokens = max_new_tokens_,
         .stop_at_end_of_text = !ignore_end_of_text_,
         .twin = twin_,
         .audit = common_.audit(),
         .keep_layers = !save_.empty(),
         .on_trace = steps ? [&](const trace::StepTrace& step) { steps->add(step); }
                           : std::function<void(const trace::StepTrace&)>(),
         .threads = common_.threads()},
        [&](const record::StepRecord& record) {
          text.show(record);
          if (!save_.empty()) kept.push_back(std::make_shared<const record::StepRecord>(record));
          if (records) records->stream() << json_text(record::step_record_to_json(record)) << '\n';
        },
        stop);

    text.finish(generation.tokens);
    if (records) records->commit();
    if (steps) steps->finish();
    if (!save_.empty()) {
      run::save_run(save_, {.version = std::string(core::program_version()),
                            .prompt = readable(model, tokens),
                            .knobs = knobs,
                            .twin = twin_,
                            .audit = common_.audit(),
                            .model = run::model_info(model),
                            .records = kept,
                            .layers = std::move(generation.layers),
                            .notes = notes_of(generation, kept)});
    }
    const auto likeness = compare(model, knobs, tokens, generation, stop);
    nlohmann::json json = generation_json(model, knobs, generation, likeness);
    if (!generation.failure.empty()) json["partial"] = true;
    output.write(std::move(json));
    output.print(generation.totals.passes() > 0,
                 [&](std::ostream& words) { print_summary(words, generation, model, likeness); });
    if (!generation.failure.empty()) throw core::Error(generation.failure);
  }

 private:
  std::optional<measure::LikenessMeans> compare(const model::LoadedModel& model,
                                                const settings::Knobs& knobs,
                                                const std::vector<int>& prompt,
                                                const run::Generation& generation,
                                                std::stop_token stop) const {
    if (!against_full_ || !generation.failure.empty()) return std::nullopt;
    const measure::Continuations full =
        measure::continue_prompts(model.model, {&prompt, 1},
                                  {.knobs = schedule::full_cache_knobs(knobs),
                                   .max_new_tokens = max_new_tokens_,
                                   .stop_at_end_of_text = !ignore_end_of_text_,
                                   .threads = common_.threads()},
                                  {}, std::move(stop));
    if (generation.interrupted || full.interrupted) return std::nullopt;
    const measure::Likeness likeness =
        measure::compare_continuation(generation.tokens, full.tokens.front());
    return measure::means_of({&likeness, 1});
  }

  CommonOptions common_;
  PromptOptions prompt_;
  int max_new_tokens_ = 100;
  bool ignore_end_of_text_ = false;
  bool against_full_ = false;
  bool twin_ = false;
  std::filesystem::path record_;
  std::filesystem::path trace_;
  std::filesystem::path save_;
};

}  // namespace

std::unique_ptr<Subcommand> make_generate_command() {
  return std::make_unique<GenerateCommand>();
}

}  // namespace sketchscope::cli
