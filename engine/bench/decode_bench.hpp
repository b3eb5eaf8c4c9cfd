#pragma once

#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/bench/bench_row.hpp"
#include "engine/core/error.hpp"
#include "engine/core/random.hpp"
#include "engine/decode/lane.hpp"
#include "engine/model/model.hpp"
#include "engine/settings/knobs.hpp"
#include "engine/trace/chrome_trace.hpp"

namespace sketchscope::bench {

/// Fills an empty lane with a synthetic context of `tokens` tokens with random keys and values, in
/// the state that a pruned prefill would leave, without running the model.
void fill_synthetic_context(decode::Lane& lane, const model::ModelConfig& config, int tokens,
                            core::SplitMix64& random);

/// The cache settings of one row's lanes.
struct DecodeSetting {
  settings::Knobs knobs;
  int context = 128;  ///< tokens fed before the measurement
  bool audit = false;
  bool twin = false;  ///< adds a full-cache twin, one more row per pass
};

/// Options of bench_decode().
struct DecodeBenchOptions {
  std::string what = "decode";
  std::shared_ptr<const model::Model> model;
  std::vector<int> lanes = {1, 2, 4, 8, 20, 144};
  std::vector<DecodeSetting> settings = {{}};
  int rounds = 15;
  int threads = 1;
  bool by_operation = false;  ///< rows are the operations of a step (operation_rows())
  trace::ChromeTraceWriter* writer = nullptr;  ///< receives every step; may be null
};

/// Times decode steps for every number of lanes under every setting, interleaved in rounds. Throws
/// Error where the context leaves no room for the rounds.
std::vector<BenchRow> bench_decode(const DecodeBenchOptions& options, trace::MachineProbe& machine,
                                   const core::ProgressSink& progress, const std::stop_token& stop);

/// Returns the bytes of weights that one forward pass reads.
double streamed_weight_bytes(const model::Model& model);
/// Returns the multiply-adds with weights that one row of a pass takes.
double multiply_adds_per_row(const model::ModelConfig& config);

}  // namespace sketchscope::bench
