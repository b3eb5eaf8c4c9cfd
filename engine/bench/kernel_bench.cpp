#include "engine/bench/kernel_bench.hpp"

#include <benchmark/benchmark.h>
#include <array>
#include <cstddef>
#include <memory>
#include <string>

#include "engine/core/random.hpp"
#include "engine/settings/knobs.hpp"
#include "engine/sketch/sketch.hpp"
#include "kernels/attention.hpp"

namespace sketchscope::bench {
namespace {

// The attention of one layer of GPT-2 small, with full tables of kContext slots.
constexpr int kHeads = 12;
constexpr int kHeadWidth = 64;
constexpr int kContext = 512;
constexpr int kPages = kContext / kernels::kSlotsPerPage;
// The pages of a prompt of 500 tokens, which all lanes share.
constexpr int kSharedPages = 500 / kernels::kSlotsPerPage;

/// The slot tables of one layer for all lanes, and one query per lane.
class AttentionWork {
 public:
  AttentionWork(kernels::ThreadPool& pool, kernels::KvFormat format, int lanes, int shared_pages)
      : pool_(pool) {
    const auto count = static_cast<std::size_t>(lanes);
    const std::size_t width = std::size_t{kHeads} * kHeadWidth;
    vector_bytes_ = kernels::kv_vector_bytes(format, kHeadWidth);
    queries_.assign(count * width, 0.1F);
    outputs_.resize(count * width);
    masses_.resize(count * kHeads * kContext);
    pages_.resize(count);
    for (std::size_t lane = 0; lane < count; ++lane) {
      for (int page = 0; page < kPages; ++page) {
        const bool shared = page < shared_pages && lane > 0;
        pages_[lane].push_back(shared ? pages_[0][static_cast<std::size_t>(page)]
                                      : add_page(format));
      }
      inputs_.push_back({.pages = pages_[lane],
                         .format = format,
                         .stored = kContext,
                         .heads = kHeads,
                         .head_width = kHeadWidth,
                         .scale = 0.125F,
                         .query = std::span(queries_).subspan(lane * width, width)});
      results_.push_back(
          {.output = std::span(outputs_).subspan(lane * width, width),
           .mass = std::span(masses_).subspan(lane * kHeads * kContext, kHeads * kContext)});
    }
  }

  void run() { kernels::decode_attention(pool_, inputs_, results_); }

  /// Returns the bytes of all pages, shared pages counted once.
  [[nodiscard]] double bytes() const {
    return static_cast<double>(memory_.size() * kHeads * kernels::kSlotsPerPage * vector_bytes_);
  }
  [[nodiscard]] double operations() const {
    return 4.0 * kHeads * kHeadWidth * kContext * static_cast<double>(inputs_.size());
  }

 private:
  const std::byte* add_vectors(kernels::KvFormat format) {
    constexpr int kVectors = kHeads * kernels::kSlotsPerPage;
    std::vector<float> numbers(std::size_t{kVectors} * kHeadWidth);
    for (float& number : numbers) number = static_cast<float>(random_.uniform() - 0.5);
    auto& memory = memory_.emplace_back(kVectors * vector_bytes_);
    kernels::encode_kv(
        {.format = format, .width = kHeadWidth, .count = kVectors, .stride = vector_bytes_},
        numbers, memory);
    return memory.data();
  }
  kernels::PageView add_page(kernels::KvFormat format) {
    const std::byte* const keys = add_vectors(format);
    return {.keys = keys, .values = add_vectors(format)};
  }

  kernels::ThreadPool& pool_;
  core::SplitMix64 random_{1};
  std::size_t vector_bytes_ = 0;
  std::vector<std::vector<std::byte>> memory_;
  std::vector<std::vector<kernels::PageView>> pages_;
  std::vector<float> queries_;
  std::vector<float> outputs_;
  std::vector<float> masses_;
  std::vector<kernels::DecodeAttention> inputs_;
  std::vector<kernels::AttentionResult> results_;
};

constexpr std::uint32_t kStored = 256;  // items that gain mass in a step
constexpr sketch::SketchShape kShape{.width = 512, .depth = 4, .seed = 42};

std::vector<kernels::SketchItem> one_step() {
  core::SplitMix64 random(1);
  std::vector<kernels::SketchItem> items;
  for (std::uint32_t id = 0; id < kStored; ++id) {
    items.push_back({.id = 4 * id, .mass = static_cast<float>(random.uniform())});
  }
  return items;
}

std::vector<std::uint32_t> stored_ids() {
  std::vector<std::uint32_t> ids;
  for (const kernels::SketchItem& item : one_step()) ids.push_back(item.id);
  return ids;
}

BenchRow row_of(const char* what, std::string_view kind) {
  return {
      .what = what, .lanes = 1, .context = static_cast<int>(kStored), .policy = std::string(kind)};
}

/// Returns whether a repetition failed or was skipped. Versions from 1.8 on have one field for
/// both.
template <class Run>
bool has_failed(const Run& run) {
  if constexpr (requires { run.error_occurred; }) {
    return run.error_occurred;
  } else {
    return run.skipped != decltype(run.skipped){};
  }
}

/// Collects the repetitions of each case. A case is registered under its index.
class RowReporter final : public benchmark::BenchmarkReporter {
 public:
  explicit RowReporter(std::vector<KernelCase>& cases) : cases_(cases) {}

  bool ReportContext(const Context&) override { return true; }
  void ReportRuns(const std::vector<Run>& runs) override {
    for (const Run& run : runs) {
      if (run.run_type != Run::RT_Iteration || has_failed(run)) continue;
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

std::vector<BenchRow> bench_attention(int threads, int repetitions, trace::MachineProbe& machine,
                                      const std::stop_token& stop) {
  kernels::ThreadPool pool(threads);
  std::vector<KernelCase> cases;
  const auto add = [&](const char* what, const core::NamedValue<kernels::KvFormat>& format,
                       int lanes, int shared_pages) {
    const auto work = std::make_shared<AttentionWork>(pool, format.value, lanes, shared_pages);
    KernelCase& added = cases.emplace_back();
    added.row.what = what;
    added.row.lanes = lanes;
    added.row.dtype = format.name;
    added.row.context = kContext;
    added.row.bytes = work->bytes();
    added.row.operations = work->operations();
    added.work = [work] { work->run(); };
  };
  for (const core::NamedValue<kernels::KvFormat>& format : core::enum_names<kernels::KvFormat>) {
    for (const int lanes : {1, 8, 20}) add("attention", format, lanes, 0);
    add("attention, 500 shared", format, 20, kSharedPages);
  }
  return run_kernel_cases(std::move(cases), repetitions, machine, stop);
}

std::vector<BenchRow> bench_sketches(int repetitions, trace::MachineProbe& machine,
                                     const std::stop_token& stop) {
  std::vector<KernelCase> cases;
  for (const sketch::SketchKind& kind : sketch::sketch_kinds()) {
    const std::shared_ptr<sketch::Sketch> sketch = kind.make(kShape);
    cases.push_back({.row = row_of("sketch update", kind.name),
                     .work = [sketch, items = one_step()] { sketch->update(items); }});
    const auto estimates = std::make_shared<std::vector<float>>(kStored);
    cases.push_back(
        {.row = row_of("sketch query", kind.name), .work = [sketch, estimates, ids = stored_ids()] {
           sketch->estimate_all(ids, *estimates);
         }});
  }
  return run_kernel_cases(std::move(cases), repetitions, machine, stop);
}

std::vector<BenchRow> run_kernel_cases(std::vector<KernelCase> cases, int repetitions,
                                       trace::MachineProbe& machine, const std::stop_token& stop) {
  initialise_library();
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const auto& work = cases[i].work;
    benchmark::RegisterBenchmark(std::to_string(i).c_str(),
                                 [&work, &stop](benchmark::State& state) {
                                   if (stop.stop_requested()) {
                                     return state.SkipWithError("interrupted");
                                   }
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
  for (KernelCase& one : cases) {
    if (!one.row.times.empty()) rows.push_back(std::move(one.row));
  }
  return rows;
}

}  // namespace sketchscope::bench
