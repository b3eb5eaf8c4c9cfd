#include <unistd.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <ostream>
#include <string>
#include <vector>

#include "cli/common_options.hpp"
#include "cli/finding.hpp"
#include "cli/manual/wrapped_text.hpp"
#include "cli/output.hpp"
#include "cli/result_output.hpp"
#include "cli/shipped_files.hpp"
#include "cli/subcommand.hpp"
#include "cli/version.hpp"
#include "engine/bench/bench_row.hpp"
#include "engine/core/error.hpp"
#include "engine/core/program.hpp"
#include "engine/core/text.hpp"

namespace sketchscope::cli {
namespace {

/// Returns what follows the first ": " of a text such as "cuda: not built".
std::string after_colon(const std::string& text) {
  const std::size_t colon = text.find(": ");
  return colon == std::string::npos ? text : text.substr(colon + 2);
}

Finding find_processor(const trace::MachineSpeed& speed) {
  Finding finding{.what = "processor",
                  .found = speed.cpu + ", " + std::to_string(speed.threads) + " threads, " +
                           after_colon(core::instructions_text()) + " kernels"};
  if (finding.found.ends_with("plain kernels")) {
    finding.remedy = "Steps take several times as long as on a processor with AVX2";
  }
  return finding;
}

Finding find_speed(const trace::MachineSpeed& speed) {
  return {.what = "speed",
          .found = "reads " + decimals(speed.read_gb_per_s, 1) + " GB/s, multiplies and adds " +
                   decimals(speed.gflop_per_s, 0) + " GFLOP/s"};
}

Finding find_gpu() {
  Finding finding{.what = "GPU", .found = after_colon(core::cuda_text())};
  if (finding.found == "not built") {
    finding.remedy = "For --device cuda install a CUDA toolkit and build again";
  } else if (finding.found == "built, no device") {
    finding.remedy =
        "For --device cuda, a GPU and its driver are needed; everything else works without them";
  }
  return finding;
}

Finding find_torch() {
  Finding finding{.what = "LibTorch", .found = after_colon(torch_text())};
  if (finding.found == "not built") {
    finding.remedy = "Only the command train needs it: build with -DSKETCHSCOPE_TORCH=ON";
  }
  return finding;
}

Finding find_embedded_model() {
  try {
    return {.what = "embedded model", .found = embedded_model().string()};
  } catch (const core::Error& error) {
    return {.what = "embedded model", .found = "none", .remedy = error.what()};
  }
}

void append_trained_models(std::vector<Finding>& findings) {
  try {
    for (const model::OfferedModel& model : offered_models()) {
      Finding finding{.what = "model " + model.name,
                      .found = model.is_there() ? model.file.string() : "not installed"};
      if (!model.is_there()) finding.remedy = model.command() + " installs it: " + model.about;
      findings.push_back(std::move(finding));
    }
  } catch (const core::Error& error) {
    findings.push_back({.what = "trained models", .found = "none", .remedy = error.what()});
  }
}

std::vector<Finding> examine() {
  trace::MachineProbe probe(CommonOptions().threads());
  probe.measure();
  const trace::MachineSpeed speed = probe.speed();
  std::vector<Finding> findings = {
      {.what = "version",
       .found = std::string(core::program_version()) + ", commit " + std::string(program_commit())},
      find_processor(speed),
      {.what = "memory", .found = core::bytes_text(core::available_memory()) + " available"},
      find_speed(speed),
      find_gpu(),
      find_torch(),
      find_embedded_model(),
  };
  append_trained_models(findings);
  findings.push_back(find_folder("models folder", model::models_folder()));
  for (Finding& finding : window_findings()) findings.push_back(std::move(finding));
  return findings;
}

nlohmann::json findings_json(const std::vector<Finding>& findings) {
  nlohmann::json list = nlohmann::json::array();
  for (const Finding& finding : findings) {
    nlohmann::json entry = {{"what", finding.what}, {"found", finding.found}};
    if (!finding.remedy.empty()) entry["remedy"] = finding.remedy;
    list.push_back(std::move(entry));
  }
  return {{"schema", "sketchscope/doctor/1"}, {"findings", std::move(list)}};
}

void print_findings(std::ostream& stream, const std::vector<Finding>& findings) {
  constexpr std::size_t kFoundColumn = 18;
  for (const Finding& finding : findings) {
    std::string label = finding.what;
    label.resize(std::max(label.size() + 1, kFoundColumn), ' ');
    stream << label << wrapped(finding.found, kFoundColumn, label.size()) << '\n';
    if (finding.remedy.empty()) continue;
    stream << std::string(kFoundColumn, ' ')
           << wrapped("-> " + finding.remedy, kFoundColumn + 3, kFoundColumn) << '\n';
  }
}

/// The command `doctor`: reports which optional components were found on this machine and how to
/// obtain the missing ones.
class DoctorCommand final : public Subcommand {
 public:
  void declare(Flags& flags) override { common_.declare_json(flags); }

  void run(const std::stop_token& stop) override {
    ResultOutput output(common_.json(), stop);
    const std::vector<Finding> findings = examine();
    output.print(true, [&](std::ostream& stream) { print_findings(stream, findings); });
    output.write(findings_json(findings));
  }

 private:
  CommonOptions common_;
};

}  // namespace

Finding find_folder(const std::string& what, const std::filesystem::path& folder) {
  if (folder.empty()) {
    return {.what = what, .found = "none", .remedy = "Set HOME, or see ENVIRONMENT in the manual"};
  }
  // A missing folder would be created in its nearest existing ancestor, which must be writable.
  std::filesystem::path above = folder;
  std::error_code ignored;
  while (!std::filesystem::exists(above, ignored) && above.has_relative_path()) {
    above = above.parent_path();
  }
  Finding finding{.what = what, .found = folder.string()};
  if (above != folder) finding.found += " (created on first use)";
  if (::access(above.c_str(), W_OK | X_OK) != 0) {
    finding.remedy = above.string() + " is not writable by you";
  }
  return finding;
}

std::unique_ptr<Subcommand> make_doctor_command() {
  return std::make_unique<DoctorCommand>();
}

}  // namespace sketchscope::cli
