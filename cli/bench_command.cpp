#include <algorithm>
#include <array>
#include <filesystem>
#include <iomanip>
#include <iostream>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "cli/bench_kinds.hpp"
#include "cli/common_options.hpp"
#include "cli/output.hpp"
#include "cli/result_output.hpp"
#include "cli/subcommand.hpp"
#include "engine/core/files.hpp"
#include "engine/measure/run_json.hpp"

namespace sketchscope::cli {
namespace {

constexpr int kContextMaximum = 1 << 20;
constexpr int kRoundsMaximum = 10000;

std::vector<std::string_view> names_of_kinds() {
  std::vector<std::string_view> names;
  for (const BenchKind& kind : bench_kinds()) names.push_back(kind.name);
  return names;
}

std::string help_of_kinds() {
  std::string help;
  for (const BenchKind& kind : bench_kinds()) {
    help += (help.empty() ? "" : "; ") + std::string(kind.name) + ": " + std::string(kind.help);
  }
  return help;
}

constexpr double kMegabyte = 1e6;

nlohmann::json machine_json(const trace::MachineSpeed& machine) {
  nlohmann::json json = {{"cpu", machine.cpu}, {"threads", machine.threads}};
  if (machine.gpu) json["gpu"] = *machine.gpu;
  measure::set_measured(json, "read_gb_per_s", machine.read_gb_per_s);
  measure::set_measured(json, "gflop_per_s", machine.gflop_per_s);
  return json;
}

nlohmann::json row_json(const trace::MachineSpeed& machine, const bench::BenchRow& row) {
  nlohmann::json json = {{"what", row.what}};
  if (row.lanes > 0) json["lanes"] = row.lanes;
  if (!row.dtype.empty()) json["dtype"] = row.dtype;
  if (row.context > 0) json["context"] = row.context;
  if (!row.policy.empty()) json["policy"] = row.policy;
  measure::set_measured(json, "median_ms", row.times.median());
  measure::set_measured(json, "min_ms", row.times.minimum());
  if (row.bytes > 0) {
    json["bytes"] = static_cast<std::int64_t>(row.bytes);
    measure::set_measured(json, "bandwidth_share", bench::bandwidth_share(row, machine));
  }
  if (const auto share = bench::bound_share(row, machine); share && row.one_operation) {
    json["bound"] = bench::bound_name(row, machine);
    measure::set_measured(json, "bound_share", *share);
  }
  return json;
}

std::string whole_percent(double share) {
  return decimals(100.0 * share, 0) + " %";
}

std::string bound_cell(const bench::BenchRow& row, const trace::MachineSpeed& machine) {
  const auto share = bench::bound_share(row, machine);
  return share ? whole_percent(*share) : std::string();
}

/// Prints rows of cells: two of words, which are as wide as their longest, then numbers.
void print_cells(std::ostream& stream, const std::vector<std::vector<std::string>>& rows) {
  constexpr std::size_t kWords = 2;
  constexpr int kNumberWidth = 11;
  constexpr std::size_t kGap = 2;
  std::array<std::size_t, kWords> widths{};
  for (const auto& cells : rows) {
    for (std::size_t i = 0; i < kWords; ++i)
      widths[i] = std::max(widths[i], cells[i].size() + kGap);
  }
  for (const auto& cells : rows) {
    for (std::size_t i = 0; i < kWords; ++i) {
      stream << std::left << std::setw(static_cast<int>(widths[i])) << cells[i];
    }
    stream << std::right;
    for (std::size_t i = kWords; i < cells.size(); ++i)
      stream << std::setw(kNumberWidth) << cells[i];
    stream << '\n';
  }
}

/// Returns the results in schema sketchscope/bench/1.
nlohmann::json bench_json(const trace::MachineSpeed& machine,
                          std::span<const bench::BenchRow> rows) {
  nlohmann::json json = {{"schema", "sketchscope/bench/1"},
                         {"machine", machine_json(machine)},
                         {"rows", nlohmann::json::array()}};
  for (const bench::BenchRow& row : rows) json["rows"].push_back(row_json(machine, row));
  return json;
}

/// Prints the results as a table.
void print_bench(std::ostream& stream, const trace::MachineSpeed& machine,
                 std::span<const bench::BenchRow> rows) {
  stream << machine.cpu << ", threads: " << machine.threads;
  if (machine.gpu) stream << ", " << *machine.gpu;
  stream << "\na plain loop reads " << decimals(machine.read_gb_per_s, 1)
         << " GB/s; multiply-adds on registers reach " << decimals(machine.gflop_per_s, 0)
         << " GFLOP/s\n\n";
  std::vector<std::vector<std::string>> cells = {{"what", "policy", "lanes", "dtype", "context",
                                                  "median ms", "min ms", "MB", "of memory",
                                                  "of peak", "of bound", "limited by"}};
  for (const bench::BenchRow& row : rows) {
    const auto given = [](int number) { return number > 0 ? std::to_string(number) : ""; };
    cells.push_back({row.what, row.policy, given(row.lanes), row.dtype, given(row.context),
                     decimals(row.times.median(), 3), decimals(row.times.minimum(), 3),
                     row.bytes > 0 ? decimals(row.bytes / kMegabyte, 1) : "",
                     row.bytes > 0 ? whole_percent(bench::bandwidth_share(row, machine)) : "",
                     row.operations > 0 ? whole_percent(bench::arithmetic_share(row, machine)) : "",
                     bound_cell(row, machine), bench::bound_name(row, machine)});
  }
  print_cells(stream, cells);
}

/// `bench`: times one kind of work, and relates it to the peak rates of memory and arithmetic.
class BenchCommand final : public Subcommand {
 public:
  void declare(Flags& flags) override {
    flags.add_argument("WHAT", what_, names_of_kinds(), help_of_kinds());
    flags.group("Benchmark");
    flags.add_list("--lanes", request_.lanes, {1, kLanesMaximum},
                   "sequences that advance together (default: 1,2,4,8,20,144)");
    flags.add("--context", request_.context, {1, kContextMaximum},
              "tokens that each lane was fed before (default: 128)");
    flags.add("--rounds", request_.rounds, {1, kRoundsMaximum}, "times that all rows are measured");
    flags.add_choice("--shape", request_.shape, {"124m", "embedded", "all"},
                     "GPT-2 124M with random weights, the embedded model, or both (default: all)");
    flags.add_output("--trace", trace_,
                     "write the steps of decode, operations or prefill as a Chrome trace");
    common_.declare_audit(flags);
    common_.declare_json(flags);
    common_.declare(flags, {.policy = "full"});
  }

  void run(const std::stop_token& stop) override {
    ResultOutput output(common_.json(), stop);
    std::optional<core::PendingFile> trace_file;
    std::optional<trace::ChromeTraceWriter> writer;
    if (!trace_.empty()) {
      trace_file.emplace(trace_);
      writer.emplace(trace_file->stream());
    }
    trace::MachineProbe machine(common_.threads());
    const std::vector<bench::BenchRow> rows =
        bench_kind(what_).run({.common = common_,
                               .request = request_,
                               .machine = machine,
                               .writer = writer ? &*writer : nullptr,
                               .stop = stop});
    if (trace_file) {
      writer->finish();
      trace_file->commit();
    }
    if (rows.empty()) machine.measure();
    const trace::MachineSpeed speed = machine.speed();
    output.write(bench_json(speed, rows));
    output.print(!rows.empty(), [&](std::ostream& words) { print_bench(words, speed, rows); });
  }

 private:
  CommonOptions common_;
  BenchRequest request_;
  std::string what_;
  std::filesystem::path trace_;
};

}  // namespace

std::unique_ptr<Subcommand> make_bench_command() {
  return std::make_unique<BenchCommand>();
}

}  // namespace sketchscope::cli
