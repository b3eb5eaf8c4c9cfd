#include <cstddef>
#include <memory>
#include <vector>

#include "engine/bench/kernel_bench.hpp"
#include "engine/core/random.hpp"
#include "engine/settings/knobs.hpp"
#include "kernels/attention.hpp"

namespace sketchscope {
namespace {

constexpr int kHeads = 12;
constexpr int kHeadWidth = 64;
constexpr int kContext = 512;
constexpr int kPages = kContext / kSlotsPerPage;
constexpr int kSharedPages = 500 / kSlotsPerPage;

/// The slot tables of one layer for all lanes, and one query per lane.
class AttentionWork {
 public:
  AttentionWork(ThreadPool& pool, KvFormat format, int lanes, int shared_pages) : pool_(pool) {
    const auto count = static_cast<std::size_t>(lanes);
    const std::size_t width = std::size_t{kHeads} * kHeadWidth;
    vector_bytes_ = kv_vector_bytes(format, kHeadWidth);
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

  void run() { decode_attention(pool_, inputs_, results_); }

  /// Returns the bytes of all pages, shared pages counted once.
  [[nodiscard]] double bytes() const {
    return static_cast<double>(memory_.size() * kHeads * kSlotsPerPage * vector_bytes_);
  }
  [[nodiscard]] double operations() const {
    return 4.0 * kHeads * kHeadWidth * kContext * static_cast<double>(inputs_.size());
  }

 private:
  const std::byte* add_vectors(KvFormat format) {
    constexpr int kVectors = kHeads * kSlotsPerPage;
    std::vector<float> numbers(std::size_t{kVectors} * kHeadWidth);
    for (float& number : numbers) number = static_cast<float>(random_.uniform() - 0.5);
    auto& memory = memory_.emplace_back(kVectors * vector_bytes_);
    encode_kv({.format = format, .width = kHeadWidth, .count = kVectors, .stride = vector_bytes_},
              numbers, memory);
    return memory.data();
  }
  PageView add_page(KvFormat format) {
    const std::byte* const keys = add_vectors(format);
    return {.keys = keys, .values = add_vectors(format)};
  }

  ThreadPool& pool_;
  SplitMix64 random_{1};
  std::size_t vector_bytes_ = 0;
  std::vector<std::vector<std::byte>> memory_;
  std::vector<std::vector<PageView>> pages_;
  std::vector<float> queries_;
  std::vector<float> outputs_;
  std::vector<float> masses_;
  std::vector<DecodeAttention> inputs_;
  std::vector<AttentionResult> results_;
};

}  // namespace

std::vector<BenchRow> bench_attention(int threads, int repetitions, MachineProbe& machine) {
  ThreadPool pool(threads);
  std::vector<KernelCase> cases;
  const auto add = [&](const char* what, const NamedValue<KvFormat>& format, int lanes,
                       int shared_pages) {
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
  for (const NamedValue<KvFormat>& format : enum_names<KvFormat>) {
    for (const int lanes : {1, 8, 20}) add("attention", format, lanes, 0);
    add("attention, 500 shared", format, 20, kSharedPages);
  }
  return run_kernel_cases(std::move(cases), repetitions, machine);
}

}  // namespace sketchscope
