#include "engine/bench/kernel_bench.hpp"

#include <benchmark/benchmark.h>

#include <array>
#include <string>

namespace sketchscope {
namespace {

/// Collects the repetitions of each case. A case is registered under its index.
class RowReporter final : public benchmark::BenchmarkReporter {
 public:
  explicit RowReporter(std::vector<KernelCase>& cases) : cases_(cases) {}

  bool ReportContext(const Context&) override { return true; }
  void ReportRuns(const std::vector<Run>& runs) override {
    for (const Run& run : runs) {
      if (run.run_type != Run::RT_Iteration) continue;
      const std::size_t index = std::stoul(run.run_name.function_name);
      cases_[index].row.times.add(run.GetAdjustedRealTime());
    }
  }

 private:
  std::vector<KernelCase>& cases_;
};

void initialise_library() {
  std::array<std::string, 3> words{"bench", "--benchmark_enable_random_interleaving=true",
                                   "--benchmark_min_time=0.01"};
  std::array<char*, 3> arguments{words[0].data(), words[1].data(), words[2].data()};
  int count = static_cast<int>(arguments.size());
  benchmark::Initialize(&count, arguments.data());
}

}  // namespace

std::vector<BenchRow> run_kernel_cases(std::vector<KernelCase> cases, int repetitions,
                                       MachineProbe& machine) {
  initialise_library();
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const auto& work = cases[i].work;
    benchmark::RegisterBenchmark(std::to_string(i).c_str(),
                                 [&work](benchmark::State& state) {
                                   for ([[maybe_unused]] auto _ : state) work();
                                 })
        ->Unit(benchmark::kMillisecond)
        ->UseRealTime()
        ->Repetitions(repetitions);
  }
  machine.measure();
  RowReporter reporter(cases);
  benchmark::RunSpecifiedBenchmarks(&reporter);
  benchmark::ClearRegisteredBenchmarks();
  machine.measure();
  std::vector<BenchRow> rows;
  for (KernelCase& one : cases) rows.push_back(std::move(one.row));
  return rows;
}

}  // namespace sketchscope
