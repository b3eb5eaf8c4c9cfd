#include "tests/support/invented_trace.hpp"

#include "engine/core/random.hpp"

namespace sketchscope::test {
namespace {

using trace::Operation;

constexpr std::int64_t kUs = 1000;

/// Appends operations one after the other.
class Steps {
 public:
  Steps(std::int64_t step, const InventedTraceOptions& options)
      : options_(options), random_(static_cast<std::uint64_t>(step) + 1) {
    trace_.step = step;
    trace_.threads = options.threads;
    trace_.begin_ns = options.begin_ns;
  }

  /// An operation of about so many microseconds, which helpers share if it has bytes.
  void add(Operation operation, int layer, int us, trace::Work work = {}) {
    const std::int64_t begin = now_;
    now_ +=
        us * kUs + static_cast<std::int64_t>(random_.below(static_cast<std::uint64_t>(us) * 200));
    trace_.spans.push_back({.operation = operation,
                            .place = {.layer = layer},
                            .begin_ns = begin,
                            .end_ns = now_,
                            .work = work});
    for (int thread = 1; work.multiply_adds > 0 && thread < options_.threads; ++thread) {
      const std::int64_t late = 2 * kUs * thread;
      trace_.busy.push_back({.operation = operation,
                             .layer = layer,
                             .thread = thread,
                             .begin_ns = begin + late,
                             .end_ns = now_ - kUs});
    }
    now_ += kUs / 4;
  }

  void add_layer(int layer) {
    const trace::Work product{.bytes = 600'000, .multiply_adds = 150'000};
    add(Operation::norm, layer, 3, {.bytes = 1536});
    add(Operation::qkv, layer, 40, product);
    if (options_.evicts) {
      add(Operation::choose_victim, layer, 6);
      add(Operation::evict, layer, 2);
    }
    add(Operation::store, layer, 2);
    add(Operation::choose_slots, layer, 1);
    add(Operation::attention, layer, 25, {.bytes = 190'000, .multiply_adds = 50'000});
    add_update(layer);
    if (options_.audit) add(Operation::audit, layer, 12, {.bytes = 40'000, .multiply_adds = 9'000});
    add(Operation::attention_output, layer, 16, product);
    add(Operation::residual, layer, 1, {.bytes = 2304});
    add(Operation::norm, layer, 3, {.bytes = 1536});
    add(Operation::up_projection, layer, 55, product);
    add(Operation::activation, layer, 6, {.bytes = 6144});
    add(Operation::down_projection, layer, 52, product);
    add(Operation::residual, layer, 1, {.bytes = 2304});
  }

  trace::StepTrace finish() {
    trace_.duration_ns = trace_.spans.back().end_ns;
    return trace_;
  }

 private:
  void add_update(int layer) {
    const std::size_t first = trace_.spans.size();
    add(Operation::update, layer, 14);
    const trace::OperationSpan around = trace_.spans[first];
    const std::int64_t middle = (around.begin_ns + around.end_ns) / 2;
    for (const Operation within : {Operation::statistics, Operation::count}) {
      const bool earlier = within == Operation::statistics;
      trace_.spans.push_back({.operation = within,
                              .place = {.layer = layer, .row = 0},
                              .begin_ns = earlier ? around.begin_ns + kUs : middle,
                              .end_ns = earlier ? middle : around.end_ns - kUs});
    }
  }

  InventedTraceOptions options_;
  core::SplitMix64 random_;
  trace::StepTrace trace_;
  std::int64_t now_ = 0;
};

}  // namespace

trace::StepTrace invented_trace(std::int64_t step, const InventedTraceOptions& options) {
  Steps steps(step, options);
  steps.add(Operation::prepare, -1, 9);
  steps.add(Operation::embed, -1, 2, {.bytes = 1536});
  for (int layer = 0; layer < options.layers; ++layer) steps.add_layer(layer);
  steps.add(Operation::vocabulary, -1, 180, {.bytes = 3'000'000, .multiply_adds = 750'000});
  steps.add(Operation::keep_logits, -1, 4);
  steps.add(Operation::sample, -1, 15);
  steps.add(Operation::record, -1, 40);
  return steps.finish();
}

}  // namespace sketchscope::test
