#include <filesystem>
#include <iostream>

#include "cli/standard_streams.hpp"
#include "cli/subcommand.hpp"
#include "engine/core/error.hpp"
#include "engine/core/files.hpp"
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
  for (const report::Section& section : document.sections) {
    for (const auto& block : section.blocks) {
      const auto* figure = std::get_if<report::Figure>(&block);
      if (figure == nullptr) continue;
      core::write_file(folder / "plots" / (figure->name + ".svg"), figure->svg);
      core::write_file(folder / "plots" / (figure->name + ".csv"), figure->csv);
    }
  }
}

/// `report`: writes a folder of results, or the differences of two, as one HTML file and Markdown.
class ReportCommand final : public Subcommand {
 public:
  void declare(Flags& flags) override {
    flags.group("Report");
    flags.add_argument("DIR", folder_, "folder of results, as sweep wrote it");
    flags.add_optional_argument("DIR2", other_, "another one: the differences");
    flags.add("--out", out_, "folder to write into (default: DIR)");
  }

  void run(const std::stop_token& stop) override {
    const study::StudyResults results = read_results(folder_);
    const bool alone = other_.empty();
    const report::Document document =
        alone ? report::study_report(results)
              : report::difference_report(results, read_results(other_));
    if (stop.stop_requested()) throw core::Cancelled("the report was interrupted");
    const std::filesystem::path out = out_.empty() ? folder_ : out_;
    const std::string name = alone ? "report" : "differences";
    write_plots(out, document);
    core::write_file(out / (name + ".md"), report::markdown_of(document));
    core::write_file(out / (name + ".html"), report::html_of(document));
    write_standard_output("  report  " + (out / (name + ".html")).string() + "\n");
  }

 private:
  std::filesystem::path folder_;
  std::filesystem::path other_;
  std::filesystem::path out_;
};

}  // namespace

std::unique_ptr<Subcommand> make_report_command() {
  return std::make_unique<ReportCommand>();
}

}  // namespace sketchscope::cli
