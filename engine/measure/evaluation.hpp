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

struct EvaluationOptions {
  Knobs knobs;
  int context = 0;  ///< tokens of a chunk; 0 is the model's n_positions
  bool twin = false;
  bool audit = true;
  /// Positions leave by what the full cache will give them, whatever the policy of the knobs: the
  /// bound to compare policies with (OraclePolicy). Every chunk runs through the full cache first;
  /// fewer lanes advance together where their recorded masses would take more than 512 MiB.
  bool oracle = false;
  int lanes = 8;  ///< chunks that advance together
  int threads = 1;
};

/// What the scored tokens of one chunk add up to, nats.
struct ChunkScore {
  double nll = 0;
  int scored = 0;
};

struct Evaluation {
  std::int64_t scored = 0;
  double nll = 0;                       ///< mean, nats; meaningless when nothing was scored
  std::vector<ChunkScore> chunks;       ///< in text order
  std::vector<ChunkScore> full_chunks;  ///< the same under the full cache; empty without the twin
  RunTotals totals;
  bool interrupted = false;

  [[nodiscard]] double perplexity() const;  ///< e^nll
};

/// e^(mean NLL) with its interval over chunks; empty when nothing was scored.
std::optional<Estimate> perplexity(std::span<const ChunkScore> chunks);
/// How many times the full cache's perplexity, paired: both read the same chunks, so what makes a
/// chunk hard drops out. Throws Error on scores of other chunks; empty when nothing was scored.
std::optional<Estimate> perplexity_ratio(std::span<const ChunkScore> chunks,
                                         std::span<const ChunkScore> full);

/// Disjoint chunks of `context` tokens (0: the model's n_positions), those of one token left out.
/// Throws UsageError on a context outside 2 … n_positions.
std::vector<std::span<const int>> chunks_of(std::span<const int> tokens, const Model& model,
                                            int context);

/// Perplexity of `tokens` under a capped cache: disjoint chunks of `context`, each from an empty
/// cache, token by token; the first token of a chunk is not scored, a chunk of one token is skipped
/// (design section 3). `progress` hears the share done. Throws UsageError on a context outside
/// 2 … n_positions, with `prefill full`, under which no token would meet a capped cache, or where
/// the oracle is asked for and nothing may be evicted or the read needs a sketch.
Evaluation evaluate(std::shared_ptr<const Model> model, std::span<const int> tokens,
                    const EvaluationOptions& options, const std::function<void(double)>& progress,
                    std::stop_token stop);

}  // namespace sketchscope
