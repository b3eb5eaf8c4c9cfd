#include <cmath>
#include <filesystem>
#include <iomanip>
#include <iostream>
#include <limits>
#include <nlohmann/json.hpp>

#include "cli/commands.hpp"
#include "cli/common_options.hpp"
#include "cli/interrupt.hpp"
#include "cli/json_output.hpp"
#include "cli/progress.hpp"
#include "cli/run_summary.hpp"
#include "engine/core/error.hpp"
#include "engine/core/files.hpp"
#include "engine/measure/read_comparison.hpp"
#include "engine/measure/run_json.hpp"
#include "engine/model/prompt.hpp"

namespace sketchscope {
namespace {

/// `reads`: compares all reads on the same steps of a text.
class ReadsCommand final : public Subcommand {
 public:
  void declare(Flags& flags) override;
  void run() override;

 private:
  CommonOptions common_;
  std::filesystem::path text_;
  int max_tokens_ = 2048;
  int context_ = 0;
};

std::string name_of(const ReadRow& row) {
  return row.aggregate.empty() ? row.read : row.read + " " + row.aggregate;
}

nlohmann::json comparison_json(const Knobs& knobs, const ReadComparison& comparison) {
  nlohmann::json rows = nlohmann::json::array();
  for (const ReadRow& row : comparison.rows) {
    nlohmann::json json = {{"read", row.read},
                           {"output_error_by_layer", row.output_error},
                           {"output_error", row.mean_output_error},
                           {"lower_than_dropping", row.lower_than_dropping},
                           {"retained_mass", row.retained_mass},
                           {"kv_bytes", row.kv_bytes},
                           {"tail_bytes", row.tail_bytes}};
    if (!row.aggregate.empty()) json["aggregate"] = row.aggregate;
    set_measured(json, "attention_kl", row.attention_kl);
    set_measured(json, "perplexity", std::exp(row.nll));
    rows.push_back(std::move(json));
  }
  return {{"schema", "sketchscope/reads/1"},
          {"config", knobs_to_json(knobs)},
          {"steps", comparison.steps},
          {"rows", std::move(rows)}};
}

void print_table(std::ostream& stream, const ReadComparison& comparison) {
  if (comparison.interrupted) stream << "Interrupted; this is what was measured until then.\n";
  stream << "Output error against the full attention, " << comparison.steps
         << " steps after the first eviction\n"
         << std::left << std::setw(22) << "read" << std::right << std::setw(8) << "error"
         << std::setw(8) << "lower" << std::setw(10) << "KL, nats" << std::setw(12) << "perplexity"
         << std::setw(12) << "tail bytes"
         << "  by layer\n";
  for (const ReadRow& row : comparison.rows) {
    stream << std::left << std::setw(22) << name_of(row) << std::right << std::setw(8)
           << decimals(row.mean_output_error, 4) << std::setw(7)
           << decimals(100 * row.lower_than_dropping, 0) << '%' << std::setw(10)
           << decimals(row.attention_kl, 4) << std::setw(12) << decimals(std::exp(row.nll), 3)
           << std::setw(12) << row.tail_bytes << ' ';
    for (const double error : row.output_error) stream << ' ' << decimals(error, 3);
    stream << '\n';
  }
}

void ReadsCommand::declare(Flags& flags) {
  constexpr int kAny = std::numeric_limits<int>::max();
  flags.group("Run");
  flags.add("--text", text_, "file to read");
  flags.add("--max-tokens", max_tokens_, {2, kAny}, "its first N tokens (default: 2048)");
  flags.add("--context", context_, {2, kAny}, "tokens of a chunk (default: the model's context)");
  common_.declare_json(flags);
  common_.declare_max_bytes(flags);
  common_.declare(flags);
}

void ReadsCommand::run() {
  if (text_.empty()) {
    throw UsageError({.what = "reads", .expected = "a text to read: --text FILE"});
  }
  const Interrupt interrupt;
  const LoadedModel model = common_.open();
  const Knobs knobs = common_.knobs(model);
  const std::vector<int> tokens = first_tokens(model, text_, max_tokens_);
  JsonOutput json(common_.json());
  const ReadComparison comparison = [&] {
    Progress progress("reads");
    return compare_reads(
        model.model, tokens, {.knobs = knobs, .context = context_, .threads = common_.threads()},
        [&](double share) { progress.show(share); }, interrupt.token());
  }();
  json.write(comparison_json(knobs, comparison));
  print_table(json.takes_standard_output() ? std::cerr : std::cout, comparison);
}

}  // namespace

std::unique_ptr<Subcommand> make_reads_command() {
  return std::make_unique<ReadsCommand>();
}

}  // namespace sketchscope
