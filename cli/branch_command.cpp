#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>

#include "cli/branch_output.hpp"
#include "cli/common_options.hpp"
#include "cli/output.hpp"
#include "cli/prompt_options.hpp"
#include "cli/result_output.hpp"
#include "cli/standard_streams.hpp"
#include "cli/subcommand.hpp"
#include "engine/branch/branch_measurement.hpp"
#include "engine/branch/branch_study.hpp"
#include "engine/core/error.hpp"
#include "engine/core/files.hpp"
#include "engine/core/text.hpp"
#include "engine/corpus/corpus.hpp"

namespace sketchscope::cli {
namespace {

constexpr int kStudyPromptsMaximum = 1000;
constexpr std::size_t kTaleCharacters = 8000;  // enough for the longest prompt of a study
constexpr std::string_view kAllStudies = "all";

std::vector<std::string_view> study_names() {
  std::vector<std::string_view> names = {kAllStudies};
  for (const branch::BranchStudyKind& kind : branch::branch_study_kinds())
    names.push_back(kind.name);
  return names;
}

/// Branching samples by default, since a greedy choice has no entropy.
settings::Knobs branch_knobs() {
  return {.temperature = 1};
}

std::string paths_text(const std::vector<branch::SampledPath>& paths) {
  std::string text;
  for (const branch::SampledPath& path : paths) {
    text += decimals(path.log_probability, 2) + "  " + path.text + "\n\n";
  }
  return text;
}

std::string cost_text(const branch::BranchCost& cost) {
  return std::to_string(cost.tokens_forwarded) + " tokens forwarded, " + decimals(cost.wall_ms, 0) +
         " ms, " + core::bytes_text(cost.kv_bytes_peak) + " of keys and values";
}

std::string against(const branch::BranchCost& baseline, const branch::BranchCost& branching) {
  return cost_text(baseline) + " (" + decimals(baseline.wall_ms / branching.wall_ms, 2) +
         " x the time)";
}

void print_diversity(std::ostream& stream, const std::string& label,
                     const branch::Diversity& diversity) {
  std::string text = std::to_string(diversity.distinct_texts) + " texts, effectively " +
                     decimals(diversity.effective_texts, 1);
  if (diversity.distinct_2) text += "; distinct-2 " + decimals(*diversity.distinct_2, 3);
  if (diversity.self_bleu) text += "; self-BLEU-2 " + decimals(*diversity.self_bleu, 3);
  print_line(stream, label, text);
}

void print_summary(std::ostream& stream, const branch::BranchMeasurement& measurement) {
  const branch::BranchSamples& branching = measurement.branching;
  const branch::BranchCost& cost = branching.meter.cost();
  if (branching.reached_context_end) stream << "Paths ended where the model's context is full.\n";
  stream << branching.paths.size() << " paths\n";
  print_line(stream, "branching", cost_text(cost));
  if (measurement.copies) {
    print_line(stream, "on full copies", against(measurement.copies->cost(), cost));
  }
  for (const auto& [method, meter] : measurement.baselines) {
    print_line(stream, core::name_of(method), against(meter.cost(), cost));
  }
  print_line(stream, "distinct tokens",
             std::to_string(cost.tree_nodes) + " held at once; " +
                 core::bytes_text(branching.meter.logical_bytes_peak()) +
                 " were each path's its own");
  print_line(stream, "evictions", std::to_string(branching.meter.evictions()));
  print_diversity(stream, "diversity", measurement.plain);
  print_diversity(stream, "by probability", measurement.weighted);
  if (!measurement.baselines.empty()) {
    print_diversity(stream, "independent ones", measurement.independent);
  }
}

/// `branch`: draws samples of one prompt that share common prefixes, and compares their cost with
/// independent samples.
class BranchCommand final : public Subcommand {
 public:
  void declare(Flags& flags) override {
    prompt_.declare(flags);
    flags.group("Run");
    flags.add("--max-new-tokens", max_new_tokens_, {1, kNewTokensMaximum},
              "tokens of a path at most (default: 50)");
    flags.add_switch("--ignore-eos", ignore_end_of_text_, "do not end a path at end-of-text");
    flags.add_choice("--cache", cache_, {"cow", "copy", "both"},
                     "forks share pages and copy on write, or copy all, or one after the other "
                     "(default: cow)");
    common_.declare_json(flags);
    flags.group("Studies");
    flags.add_choice("--study", study_, study_names(),
                     "vary something and write tables and a plot of what it costs, instead");
    flags.add("--out", out_, "folder for them; made if it is missing");
    flags.add("--prompts", prompts_, {1, kStudyPromptsMaximum},
              "prompts of each setting, stretches of the prompt given or of a tale (default: 3)");
    common_.declare_max_bytes(flags);
    common_.declare(flags, branch_knobs(), kAllKnobs);
  }

  void run(const std::stop_token& stop) override {
    if (!study_.empty()) return run_studies(stop);
    if (!out_.empty()) {
      throw core::UsageError({.what = "--out", .expected = "a --study whose files it takes"});
    }
    prompt_.check_one();
    const model::LoadedModel model = common_.open(stop);
    branch::BranchOptions options = this->options(model);
    options.prompt = prompt_.tokens(model, stop);
    ResultOutput output(common_.json(), stop, ResultOutput::Words::to_standard_error);

    const branch::BranchMeasurement measurement = [&] {
      Progress progress("branch");
      return branch::measure_branching(
          model, options, caches(), [&](const std::string&, double share) { progress.show(share); },
          stop);
    }();
    output.write(branch_json(model, options, measurement));
    if (!output.takes_standard_output()) {
      write_standard_output(paths_text(measurement.branching.paths));
    }
    output.print(!measurement.branching.paths.empty(),
                 [&](std::ostream& words) { print_summary(words, measurement); });
  }

 private:
  branch::CacheChoice caches() const {
    if (cache_ == "both") return branch::CacheChoice::both;
    return cache_ == "copy" ? branch::CacheChoice::copy : branch::CacheChoice::cow;
  }

  branch::BranchOptions options(const model::LoadedModel& model) const {
    branch::BranchOptions options{.knobs = common_.knobs(model, branch_knobs()),
                                  .max_new_tokens = max_new_tokens_,
                                  .stop_at_end_of_text = !ignore_end_of_text_,
                                  .threads = common_.threads()};
    branch::check_branch_options(options);
    return options;
  }

  void run_studies(const std::stop_token& stop) const {
    if (out_.empty()) {
      throw core::UsageError({.what = "--study", .expected = "a folder for its files: --out DIR"});
    }
    const bool given = prompt_.given();
    const model::LoadedModel model = common_.open(stop);
    branch::StudyRequest request{.base = options(model), .prompts = prompts_};
    request.text = given ? prompt_.tokens(model, stop)
                         : corpus::tale_tokens(model::tokenizer_of(model), 1, kTaleCharacters);
    core::make_folder(out_);
    for (const branch::BranchStudyKind& kind : branch::branch_study_kinds()) {
      if (study_ != kAllStudies && study_ != kind.name) continue;
      const std::vector<branch::BranchStudyRow> rows = branch::run_branch_study(
          model, kind, request, Progress(std::string(kind.name)).sink(), stop);
      if (stop.stop_requested() && rows.empty()) return;
      if (rows.empty()) {
        std::cerr << kind.title
                  << ": left out, the model's context or the text is too short for it\n";
        continue;
      }
      write_branch_study(out_, kind, request.base, rows, stop.stop_requested());
      std::cerr << kind.title << ": " << (out_ / "branch-").string() << kind.name
                << (stop.stop_requested() ? ".json, without a table and a plot\n" : ".svg\n");
    }
  }

  CommonOptions common_;
  PromptOptions prompt_;
  int max_new_tokens_ = 50;
  bool ignore_end_of_text_ = false;
  std::string cache_ = "cow";
  std::string study_;
  std::filesystem::path out_;
  int prompts_ = 3;
};

}  // namespace

std::unique_ptr<Subcommand> make_branch_command() {
  return std::make_unique<BranchCommand>();
}

}  // namespace sketchscope::cli
