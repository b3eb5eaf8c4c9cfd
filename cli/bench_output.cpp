#include "cli/bench_output.hpp"

#include <iomanip>
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/run_summary.hpp"
#include "engine/measure/run_json.hpp"

namespace sketchscope {
namespace {

constexpr double kMegabyte = 1e6;

nlohmann::json machine_json(const MachineSpeed& machine) {
  nlohmann::json json = {{"cpu", machine.cpu}, {"threads", machine.threads}};
  if (machine.gpu) json["gpu"] = *machine.gpu;
  set_measured(json, "read_gb_per_s", machine.read_gb_per_s);
  set_measured(json, "gflop_per_s", machine.gflop_per_s);
  return json;
}

nlohmann::json row_json(const MachineSpeed& machine, const BenchRow& row) {
  nlohmann::json json = {{"what", row.what}};
  if (row.lanes > 0) json["lanes"] = row.lanes;
  if (!row.dtype.empty()) json["dtype"] = row.dtype;
  if (row.context > 0) json["context"] = row.context;
  if (!row.policy.empty()) json["policy"] = row.policy;
  set_measured(json, "median_ms", row.times.median());
  set_measured(json, "min_ms", row.times.minimum());
  if (row.bytes > 0) {
    json["bytes"] = static_cast<std::int64_t>(row.bytes);
    set_measured(json, "bandwidth_share", bandwidth_share(row, machine));
  }
  return json;
}

std::string percent(double share) {
  return decimals(100.0 * share, 0) + " %";
}

void print_cells(std::ostream& stream, const std::vector<std::string>& cells) {
  constexpr int kWordWidth = 22;
  constexpr int kNumberWidth = 11;
  stream << std::left << std::setw(kWordWidth) << cells[0] << std::setw(kWordWidth) << cells[1]
         << std::right;
  for (std::size_t i = 2; i < cells.size(); ++i) stream << std::setw(kNumberWidth) << cells[i];
  stream << '\n';
}

}  // namespace

nlohmann::json bench_json(const MachineSpeed& machine, std::span<const BenchRow> rows) {
  nlohmann::json json = {{"schema", "sketchscope/bench/1"},
                         {"machine", machine_json(machine)},
                         {"rows", nlohmann::json::array()}};
  for (const BenchRow& row : rows) json["rows"].push_back(row_json(machine, row));
  return json;
}

void print_bench(std::ostream& stream, const MachineSpeed& machine,
                 std::span<const BenchRow> rows) {
  stream << machine.cpu << ", threads: " << machine.threads;
  if (machine.gpu) stream << ", " << *machine.gpu;
  stream << "\na plain loop reads " << decimals(machine.read_gb_per_s, 1)
         << " GB/s; multiply-adds on registers reach " << decimals(machine.gflop_per_s, 0)
         << " GFLOP/s\n\n";
  print_cells(stream, {"what", "policy", "lanes", "dtype", "context", "median ms", "min ms", "MB",
                       "of memory", "of peak"});
  for (const BenchRow& row : rows) {
    const auto given = [](int number) { return number > 0 ? std::to_string(number) : ""; };
    print_cells(stream, {row.what, row.policy, given(row.lanes), row.dtype, given(row.context),
                         decimals(row.times.median(), 3), decimals(row.times.minimum(), 3),
                         row.bytes > 0 ? decimals(row.bytes / kMegabyte, 1) : "",
                         row.bytes > 0 ? percent(bandwidth_share(row, machine)) : "",
                         row.operations > 0 ? percent(arithmetic_share(row, machine)) : ""});
  }
}

}  // namespace sketchscope
