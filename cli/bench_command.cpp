#include "cli/bench_command.hpp"

#include <iostream>
#include <nlohmann/json.hpp>
#include <optional>

#include "cli/bench_output.hpp"
#include "cli/interrupt.hpp"
#include "cli/json_output.hpp"
#include "engine/core/files.hpp"

namespace sketchscope {
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

}  // namespace

void BenchCommand::declare(Flags& flags) {
  flags.add_argument("WHAT", what_, names_of_kinds(), help_of_kinds());
  flags.group("Benchmark");
  flags.add_list("--lanes", request_.lanes, {1, kLanesMaximum},
                 "sequences that advance together (default: 1,2,4,8,20,144)");
  flags.add("--context", request_.context, {1, kContextMaximum},
            "tokens that each lane was fed before (default: 128)");
  flags.add("--rounds", request_.rounds, {1, kRoundsMaximum}, "times that all rows are measured");
  flags.add_choice("--shape", request_.shape, {"124m", "embedded", "all"},
                   "GPT-2 124M with random weights, the embedded model, or both (default: all)");
  flags.add("--trace", trace_, "write the steps of decode or prefill as a Chrome trace");
  common_.declare_audit(flags);
  common_.declare_json(flags);
  common_.declare(flags, {.policy = "full"});
}

void BenchCommand::run() {
  const Interrupt interrupt;
  JsonOutput json(common_.json());
  std::optional<PendingFile> trace_file;
  if (!trace_.empty()) trace_file.emplace(trace_);
  Trace trace;
  MachineProbe machine(common_.threads());
  const std::vector<BenchRow> rows = bench_kind(what_).run({.common = common_,
                                                            .request = request_,
                                                            .machine = machine,
                                                            .trace = trace_file ? &trace : nullptr,
                                                            .stop = interrupt.token()});
  if (trace_file) {
    trace.write(trace_file->stream());
    trace_file->commit();
  }
  const MachineSpeed speed = machine.speed();
  json.write(bench_json(speed, rows));
  print_bench(json.takes_standard_output() ? std::cerr : std::cout, speed, rows);
}

}  // namespace sketchscope
