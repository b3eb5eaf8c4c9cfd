#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <vector>

#include "engine/measure/bootstrap.hpp"
#include "engine/model/model.hpp"
#include "engine/schedule/run_totals.hpp"
#include "engine/settings/knobs.hpp"

namespace sketchscope {

/// Options of evaluate().
struct EvaluationOptions {
  Knobs knobs;
  int context = 0;  ///< tokens per chunk; 0 means n_positions
  bool twin = false;
  bool audit = true;
  /// Evicts by the attention that the full cache will give (OraclePolicy) instead of the knobs'
  /// policy, as a bound to compare policies with. Every chunk first runs through the full cache;
  /// fewer lanes advance together if their recorded masses would take more than 512 MiB.
  bool oracle = false;
  int lanes = 8;  ///< chunks that advance together
  int threads = 1;
};

/// The total NLL of the scored tokens of one chunk, nats.
struct ChunkScore {
  double nll = 0;
  int scored = 0;
};

/// The results of evaluate().
struct Evaluation {
  std::int64_t scored = 0;
  double nll = 0;                       ///< mean, nats; undefined if nothing was scored
  std::vector<ChunkScore> chunks;       ///< in text order
  std::vector<ChunkScore> full_chunks;  ///< under the full cache; empty without a twin
  RunTotals totals;
  bool interrupted = false;

  [[nodiscard]] double perplexity() const;  ///< e^nll
};

/// Returns e^(mean NLL) with its interval over chunks; empty if nothing was scored.
std::optional<Estimate> perplexity(std::span<const ChunkScore> chunks);
/// Returns the ratio of the perplexity to the full cache's. The interval is paired: both score the
/// same chunks, so the difficulty of a chunk cancels. Throws Error if the chunks differ; empty if
/// nothing was scored.
std::optional<Estimate> perplexity_ratio(std::span<const ChunkScore> chunks,
                                         std::span<const ChunkScore> full);

/// Cuts `tokens` into disjoint chunks of `context` tokens (0: the model's n_positions) and drops a
/// last chunk of one token. Throws UsageError on a context outside 2 … n_positions.
std::vector<std::span<const int>> chunks_of(std::span<const int> tokens, const Model& model,
                                            int context);

/// Measures the perplexity of `tokens` under a capped cache (docs/cache.md, "Perplexity"): disjoint
/// chunks of `context` tokens, each fed token by token to an empty cache. The first token of a
/// chunk is not scored, and a chunk of one token is skipped. `progress` receives the share done.
/// Throws UsageError on a context outside 2 … n_positions, with `prefill full`, under which no
/// token would meet a capped cache, or with the oracle when nothing may be evicted or the read
/// needs a sketch.
Evaluation evaluate(std::shared_ptr<const Model> model, std::span<const int> tokens,
                    const EvaluationOptions& options, const std::function<void(double)>& progress,
                    std::stop_token stop);

}  // namespace sketchscope
