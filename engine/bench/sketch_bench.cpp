#include <memory>
#include <vector>

#include "engine/bench/kernel_bench.hpp"
#include "engine/core/random.hpp"
#include "engine/sketch/sketch.hpp"

namespace sketchscope {
namespace {

constexpr std::uint32_t kStored = 256;
constexpr SketchShape kShape{.width = 512, .depth = 4, .seed = 42};

std::vector<SketchItem> one_step() {
  SplitMix64 random(1);
  std::vector<SketchItem> items;
  for (std::uint32_t id = 0; id < kStored; ++id) {
    items.push_back({.id = 4 * id, .mass = static_cast<float>(random.uniform())});
  }
  return items;
}

std::vector<std::uint32_t> stored_ids() {
  std::vector<std::uint32_t> ids;
  for (const SketchItem& item : one_step()) ids.push_back(item.id);
  return ids;
}

BenchRow row_of(const char* what, std::string_view kind) {
  return {
      .what = what, .lanes = 1, .context = static_cast<int>(kStored), .policy = std::string(kind)};
}

}  // namespace

std::vector<BenchRow> bench_sketches(int repetitions, MachineProbe& machine) {
  std::vector<KernelCase> cases;
  for (const SketchKind& kind : sketch_kinds()) {
    const std::shared_ptr<Sketch> sketch = kind.make(kShape);
    cases.push_back({.row = row_of("sketch update", kind.name),
                     .work = [sketch, items = one_step()] { sketch->update(items); }});
    const auto estimates = std::make_shared<std::vector<float>>(kStored);
    cases.push_back(
        {.row = row_of("sketch query", kind.name), .work = [sketch, estimates, ids = stored_ids()] {
           sketch->estimate_all(ids, *estimates);
         }});
  }
  return run_kernel_cases(std::move(cases), repetitions, machine);
}

}  // namespace sketchscope
