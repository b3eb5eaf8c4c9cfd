#include <algorithm>
#include <cmath>
#include <filesystem>
#include <iomanip>
#include <iostream>
#include <nlohmann/json.hpp>

#include "cli/common_options.hpp"
#include "cli/output.hpp"
#include "cli/result_output.hpp"
#include "cli/subcommand.hpp"
#include "cli/text_input.hpp"
#include "engine/core/error.hpp"
#include "engine/core/files.hpp"
#include "engine/core/text.hpp"
#include "engine/measure/heads.hpp"
#include "engine/measure/read_comparison.hpp"
#include "engine/measure/run_json.hpp"
#include "engine/model/prompt.hpp"

namespace sketchscope::cli {
namespace {

nlohmann::json study_json(const settings::Knobs& knobs, const measure::AttentionStudy& study) {
  nlohmann::json rows = nlohmann::json::array();
  for (const measure::HeadMeans& head : study.heads.means()) {
    nlohmann::json row = {{"layer", head.layer}, {"head", head.head}};
    for (std::size_t at = 0; at < measure::kHeadFigures.size(); ++at) {
      measure::set_measured(row, std::string(measure::kHeadFigures[at].name),
                            head.figures[at].value());
    }
    rows.push_back(std::move(row));
  }
  return {{"schema", "sketchscope/attention/1"},
          {"config", settings::knobs_to_json(knobs)},
          {"queries", study.heads.queries()},
          {"heads", std::move(rows)}};
}

std::string study_csv(const measure::AttentionStudy& study) {
  std::string csv = "layer,head";
  for (const measure::HeadFigure& figure : measure::kHeadFigures)
    csv += "," + std::string(figure.name);
  csv += '\n';
  for (const measure::HeadMeans& head : study.heads.means()) {
    csv += std::to_string(head.layer) + "," + std::to_string(head.head);
    for (const record::Mean& mean : head.figures) {
      csv += "," + (mean.value() ? core::number_text(*mean.value()) : "");
    }
    csv += '\n';
  }
  return csv;
}

void print_table(std::ostream& stream, const measure::AttentionStudy& study) {
  stream << "Attention against the full one, means over " << study.heads.queries() << " queries\n"
         << "layer  head  retained  KL, nats      TV  cosine  peak shift  moved\n";
  for (const measure::HeadMeans& head : study.heads.means()) {
    std::array<double, measure::kHeadFigures.size()> of_head{};
    std::ranges::transform(head.figures, of_head.begin(),
                           [](const record::Mean& mean) { return mean.value().value_or(0); });
    const auto& [retained, kl, tv, cosine, shift, moved] = of_head;
    stream << std::setw(5) << head.layer << std::setw(6) << head.head << std::setw(10)
           << decimals(retained, 4) << std::setw(10) << decimals(kl, 4) << std::setw(8)
           << decimals(tv, 4) << std::setw(8) << decimals(cosine, 4) << std::setw(12)
           << decimals(shift, 1) << std::setw(6) << decimals(100 * moved, 0) << "%\n";
  }
}

/// `attention`: measures the divergence of each head's attention from that over a full cache.
class AttentionCommand final : public Subcommand {
 public:
  void declare(Flags& flags) override {
    flags.group("Run");
    flags.add("--text", text_, "file to read; - is standard input");
    flags.add("--max-tokens", max_tokens_, {2, kAny}, "its first N tokens (default: 2048)");
    flags.add("--context", context_, {2, kAny}, "tokens of a chunk (default: the model's context)");
    flags.add("--lanes", lanes_, {1, kLanesMaximum}, "chunks that advance together (default: 8)");
    flags.add_list("--layers", selection_.layers, {0, kAny}, "to look at (default: all)");
    flags.add_list("--heads", selection_.heads, {0, kAny}, "of each of them (default: all)");
    flags.add_list("--queries", selection_.queries, {0, kAny},
                   "positions in a chunk whose queries are compared (default: all)");
    flags.add("--every", selection_.every, {1, kAny}, "of these, each N-th position (default: 1)");
    flags.add_output("--csv", csv_, "write one row a head into this file");
    common_.declare_json(flags);
    common_.declare_max_bytes(flags);
    common_.declare(flags);
  }

  void run(const std::stop_token& stop) override {
    require_text(text_, "attention", "a text to read");
    const model::LoadedModel model = common_.open(stop);
    const settings::Knobs knobs = common_.knobs(model);
    const std::vector<int> tokens = measured_tokens(model, text_, max_tokens_, stop);
    ResultOutput output(common_.json(), stop);
    const measure::AttentionStudy study = measure::study_attention(
        model.model, tokens,
        {.knobs = knobs,
         .selection = selection_,
         .context = context_,
         .start_token = model::start_token(model, model::StartToken::automatic),
         .lanes = lanes_,
         .threads = common_.threads()},
        Progress("attention").sink(), stop);
    output.write(study_json(knobs, study));
    write_csv(study);
    output.print(study.heads.queries() > 0,
                 [&](std::ostream& words) { print_table(words, study); });
  }

 private:
  void write_csv(const measure::AttentionStudy& study) const {
    if (csv_.empty()) return;
    if (study.interrupted) {
      std::cerr << csv_.string() << " is left out, since a table cannot say that it is partial\n";
    } else {
      core::write_file(csv_, study_csv(study));
    }
  }

  CommonOptions common_;
  measure::HeadSelection selection_;
  std::filesystem::path text_;
  std::filesystem::path csv_;
  int max_tokens_ = 2048;
  int context_ = 0;
  int lanes_ = 8;
};

std::string name_of(const measure::ReadRow& row) {
  return row.aggregate.empty() ? row.read : row.read + " " + row.aggregate;
}

nlohmann::json comparison_json(const settings::Knobs& knobs,
                               const measure::ReadComparison& comparison) {
  nlohmann::json rows = nlohmann::json::array();
  for (const measure::ReadRow& row : comparison.rows) {
    nlohmann::json json = {
        {"read", row.read}, {"kv_bytes", row.kv_bytes}, {"tail_bytes", row.tail_bytes}};
    if (!row.aggregate.empty()) json["aggregate"] = row.aggregate;
    if (comparison.steps > 0) {
      json["output_error_by_layer"] = row.output_error;
      json["output_error"] = row.mean_output_error;
      json["lower_than_dropping"] = row.lower_than_dropping;
      json["retained_mass"] = row.retained_mass;
      measure::set_measured(json, "attention_kl", row.attention_kl);
    }
    if (comparison.scored > 0) measure::set_measured(json, "perplexity", std::exp(row.nll));
    rows.push_back(std::move(json));
  }
  return {{"schema", "sketchscope/reads/1"},
          {"config", settings::knobs_to_json(knobs)},
          {"steps", comparison.steps},
          {"rows", std::move(rows)}};
}

void print_table(std::ostream& stream, const measure::ReadComparison& comparison) {
  stream << "Output error against the full attention, " << comparison.steps
         << " steps after the first eviction\n"
         << std::left << std::setw(22) << "read" << std::right << std::setw(8) << "error"
         << std::setw(8) << "lower" << std::setw(10) << "KL, nats" << std::setw(12) << "perplexity"
         << std::setw(12) << "tail bytes"
         << "  by layer\n";
  for (const measure::ReadRow& row : comparison.rows) {
    stream << std::left << std::setw(22) << name_of(row) << std::right << std::setw(8)
           << decimals(row.mean_output_error, 4) << std::setw(7)
           << decimals(100 * row.lower_than_dropping, 0) << '%' << std::setw(10)
           << decimals(row.attention_kl, 4) << std::setw(12) << decimals(std::exp(row.nll), 3)
           << std::setw(12) << row.tail_bytes << ' ';
    for (const double error : row.output_error) stream << ' ' << decimals(error, 3);
    stream << '\n';
  }
}

void print_comparison(std::ostream& stream, const measure::ReadComparison& comparison) {
  if (comparison.steps > 0) return print_table(stream, comparison);
  stream << "Nothing was evicted, so that all reads are the full attention.\n";
  print_line(stream, "perplexity", decimals(std::exp(comparison.rows.front().nll), 3));
}

/// `reads`: compares all reads on the same steps of a text.
class ReadsCommand final : public Subcommand {
 public:
  void declare(Flags& flags) override {
    flags.group("Run");
    flags.add("--text", text_, "file to read; - is standard input");
    flags.add("--max-tokens", max_tokens_, {2, kAny}, "its first N tokens (default: 2048)");
    flags.add("--context", context_, {2, kAny}, "tokens of a chunk (default: the model's context)");
    common_.declare_json(flags);
    common_.declare_max_bytes(flags);
    common_.declare(flags);
  }

  void run(const std::stop_token& stop) override {
    require_text(text_, "reads", "a text to read");
    const model::LoadedModel model = common_.open(stop);
    const settings::Knobs knobs = common_.knobs(model);
    const std::vector<int> tokens = measured_tokens(model, text_, max_tokens_, stop);
    ResultOutput output(common_.json(), stop);
    const measure::ReadComparison comparison = measure::compare_reads(
        model.model, tokens,
        {.knobs = knobs,
         .context = context_,
         .start_token = model::start_token(model, model::StartToken::automatic),
         .threads = common_.threads()},
        Progress("reads").sink(), stop);
    output.write(comparison_json(knobs, comparison));
    output.print(comparison.scored > 0,
                 [&](std::ostream& words) { print_comparison(words, comparison); });
  }

 private:
  CommonOptions common_;
  std::filesystem::path text_;
  int max_tokens_ = 2048;
  int context_ = 0;
};

}  // namespace

std::unique_ptr<Subcommand> make_attention_command() {
  return std::make_unique<AttentionCommand>();
}

std::unique_ptr<Subcommand> make_reads_command() {
  return std::make_unique<ReadsCommand>();
}

}  // namespace sketchscope::cli
