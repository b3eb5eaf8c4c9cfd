#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cli/print_figure.hpp"
#include "cli/print_size_options.hpp"
#include "cli/result_output.hpp"
#include "cli/standard_streams.hpp"
#include "cli/subcommand.hpp"
#include "engine/core/error.hpp"
#include "engine/core/files.hpp"
#include "engine/measure/run_json.hpp"
#include "engine/settings/knob_changes.hpp"
#include "engine/study/study_pairs.hpp"
#include "gui/report/ranking.hpp"
#include "gui/report/study_report.hpp"

namespace sketchscope::cli {
namespace {

study::StudyResults read_results(const std::filesystem::path& folder) {
  study::StudyResults results = study::read_study(folder);
  for (const std::string& warning : results.warnings) std::cerr << warning << '\n';
  if (!results.results.empty()) return results;
  throw core::Error({.what = folder.string() + " has no results yet",
                     .expected = "at least one configuration that was measured",
                     .remedy = "Go on with sweep --resume"});
}

void write_plots(const std::filesystem::path& folder, const report::Document& document) {
  core::make_folder(folder / "plots");
  for (const report::Figure* figure : report::figures_of(document)) {
    core::write_file(folder / "plots" / (figure->name + ".svg"), figure->svg);
    core::write_file(folder / "plots" / (figure->name + ".csv"), figure->csv);
  }
}

/// Sets a figure of a row and its interval, where they were measured.
void set_figure(nlohmann::json& json, const study::StudyRow& row, const std::string& figure) {
  for (const char* part : {"", "_low", "_high"}) {
    measure::set_measured(json, figure + part, row.figure(figure + part));
  }
}

/// Returns all configurations by perplexity, the lowest first.
nlohmann::json ranking_json(const std::vector<study::StudyRow>& rows) {
  auto ranking = nlohmann::json::array();
  for (const study::StudyRow* row : report::ranked_by_perplexity(rows)) {
    nlohmann::json one = {{"place", ranking.size() + 1}, {"configuration", row->name}};
    set_figure(one, *row, "perplexity");
    set_figure(one, *row, "perplexity_ratio");
    measure::set_measured(one, "bytes", study::total_bytes(*row));
    measure::set_measured(one, "share_of_full", report::share_of_full(*row));
    measure::set_measured(one, "texts", row->figure("texts"));
    ranking.push_back(std::move(one));
  }
  return ranking;
}

nlohmann::json pairs_json(const std::vector<study::StudyRow>& rows,
                          const std::vector<std::string>& references) {
  auto pairs = nlohmann::json::array();
  for (const std::string& reference : references) {
    for (const study::StudyPair& pair : study::pairs_against(rows, reference)) {
      nlohmann::json one = {{"configuration", pair.row->name}, {"against", pair.reference->name}};
      measure::set_estimate(one, "perplexity_ratio", pair.perplexity_ratio);
      measure::set_estimate(one, "logit_kl_difference", pair.logit_kl_difference);
      const auto& measured =
          pair.perplexity_ratio ? pair.perplexity_ratio : pair.logit_kl_difference;
      if (measured) one["texts"] = measured->portions;
      pairs.push_back(std::move(one));
    }
  }
  return pairs;
}

nlohmann::json report_json(const study::StudyResults& results,
                           const std::vector<std::string>& references) {
  const std::vector<study::StudyRow> rows = study::study_rows(results.results);
  return {{"schema", "sketchscope/pairs/1"},
          {"study", results.study.value("name", "")},
          {"ranking", ranking_json(rows)},
          {"pairs", pairs_json(rows, references)}};
}

/// `report`: writes a folder of results, or the differences of two, as one HTML file and Markdown.
class ReportCommand final : public Subcommand {
 public:
  void declare(Flags& flags) override {
    flags.group("Report");
    flags.add_argument("DIR", folder_, "folder of results, as sweep wrote it");
    flags.add_optional_argument("DIR2", other_, "another one: the differences");
    flags.add("--out", out_, "folder to write into (default: DIR)");
    flags.add_reader(
        "--against", "NAME;...",
        [this](const std::string& text) { references_ = settings::list_parts(text, ';'); },
        "also ratios to this configuration, paired by text: its name, a baseline's, or values of "
        "knobs, as in policy=window");
    flags.add_output(
        "--json", json_,
        "all configurations by perplexity, and those ratios, as JSON to this file instead of "
        "a report; - is standard output");
    flags.group("A figure for print");
    flags.add_output(
        "--figure", figure_,
        "that figure of the report alone, for print, as this .svg or .pdf file, whose name "
        "says which: ratio-against-capacity.pdf");
    size_.declare(flags, "the figure for print");
  }

  void run(const std::stop_token& stop) override {
    check_flags();
    const study::StudyResults results = read_results(folder_);
    if (!json_.empty()) {
      return ResultOutput(json_, stop).write(study::with_study_json([&] {
        return report_json(results, references_);
      }));
    }
    const bool alone = other_.empty();
    const report::Document document =
        alone ? report::study_report(results, references_)
              : report::difference_report(results, read_results(other_));
    if (stop.stop_requested()) throw core::Cancelled("the report was interrupted");
    if (!figure_.empty()) {
      write_print_figure(document, size_.size(), figure_);
      return write_standard_output("  figure  " + figure_.string() + "\n");
    }
    write_report(document, alone ? "report" : "differences");
  }

 private:
  /// Throws UsageError if flags contradict each other.
  void check_flags() const {
    if (!other_.empty() && !references_.empty()) {
      throw core::UsageError({.what = "--against",
                              .found = other_.string() + " beside it",
                              .expected = "one folder of results"});
    }
    if (!json_.empty() && !other_.empty()) {
      throw core::UsageError({.what = "--json",
                              .found = other_.string() + " beside it",
                              .expected = "one folder of results"});
    }
    if (size_.given() != nullptr && figure_.empty()) {
      throw core::UsageError({.what = size_.given(), .expected = "--figure beside it"});
    }
  }

  void write_report(const report::Document& document, const std::string& name) const {
    const std::filesystem::path out = out_.empty() ? folder_ : out_;
    write_plots(out, document);
    core::write_file(out / (name + ".md"), report::markdown_of(document));
    core::write_file(out / (name + ".html"), report::html_of(document));
    write_standard_output("  report  " + (out / (name + ".html")).string() + "\n");
  }

  std::filesystem::path folder_;
  std::filesystem::path other_;
  std::filesystem::path out_;
  std::vector<std::string> references_;
  std::filesystem::path json_;
  std::filesystem::path figure_;
  PrintSizeOptions size_;
};

}  // namespace

std::unique_ptr<Subcommand> make_report_command() {
  return std::make_unique<ReportCommand>();
}

}  // namespace sketchscope::cli
