#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/error.hpp"
#include "engine/measure/bootstrap.hpp"
#include "engine/model/model.hpp"
#include "engine/policy/policy.hpp"
#include "engine/schedule/run_totals.hpp"
#include "engine/settings/knobs.hpp"

namespace sketchscope::measure {

/// The attention mass that every position of a text will still receive under the full cache, by
/// table and step; 2 T (T + 1) bytes per table.
class FutureMass {
 public:
  FutureMass(int layers, int tables, int length);

  /// Records the masses (step + 1) of the query at position `step`, by position.
  void record(int layer, int table, int step, std::span<const float> mass);
  /// Turns masses into sums over a step and all later ones. Called once, after the last record().
  void accumulate();

  [[nodiscard]] int tables() const { return tables_; }
  [[nodiscard]] int length() const { return length_; }
  /// Returns the mass that queries at `step` and later give to `position` < `step`; 0 beyond the
  /// text.
  [[nodiscard]] float from(int layer, int table, int step, int position) const;

  static std::size_t bytes(int layers, int tables, int length);

 private:
  [[nodiscard]] std::size_t row(int layer, int table, int step) const;

  int tables_;
  int length_;
  std::vector<float> sums_;  // (L · tables, triangle)
};

/// Feeds `tokens` to a full cache and records the mass of each query on each position.
FutureMass record_future(std::shared_ptr<const model::Model> model, std::span<const int> tokens,
                         bool heads_apart, int threads);

/// Evicts the position that will receive the least mass under the full cache, after Belady (A Study
/// of Replacement Algorithms for a Virtual-Storage Computer, 1966). It is a practical bound rather
/// than a proven one: it is greedy, and the queries in deeper layers of a capped cache differ from
/// those of the full cache.
class OraclePolicy final : public policy::Policy {
 public:
  explicit OraclePolicy(FutureMass future) : future_(std::move(future)) {}

  void score(const policy::ScoreInput& input, std::span<float> importance) const override;

 private:
  FutureMass future_;
};

/// How a text is cut into chunks.
struct ChunkOptions {
  int context = 0;  ///< tokens per chunk; 0 means n_positions
  /// Put before the text of each chunk and counted in `context`; being the first token of its
  /// chunk, it is not scored.
  std::optional<int> start_token = {};
  settings::Knobs knobs = {};  ///< under which chunks run; some may outgrow n_positions
};

/// Options of evaluate().
struct EvaluationOptions {
  settings::Knobs knobs;
  int context = 0;                      ///< of ChunkOptions
  std::optional<int> start_token = {};  ///< of ChunkOptions
  bool twin = false;
  bool audit = true;
  /// Evicts by OraclePolicy instead of the knobs' policy. Every chunk first runs through the full
  /// cache; fewer lanes advance together if their recorded masses would exceed 512 MiB.
  bool oracle = false;
  int lanes = 8;  ///< chunks that advance together
  int threads = 1;
};

/// The total NLL (−ln probability) of the scored tokens of one chunk, nats.
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
  schedule::RunTotals totals;
  bool interrupted = false;
};

/// Returns e^(mean NLL) with its interval over chunks; empty if nothing was scored.
std::optional<Estimate> perplexity(std::span<const ChunkScore> chunks);
/// Returns the ratio of the perplexity to the full cache's. The interval is paired: both score the
/// same chunks, so the difficulty of a chunk cancels. Throws Error if the chunks differ; empty if
/// nothing was scored.
std::optional<Estimate> perplexity_ratio(std::span<const ChunkScore> chunks,
                                         std::span<const ChunkScore> full);

/// Returns a warning where the perplexity that `whose` has ("the full cache") is above a quarter of
/// the vocabulary: such a model cannot read the text, and what a cap costs it there says nothing.
std::optional<std::string> unread_text_warning(std::string_view whose, double perplexity,
                                               int vocabulary);

/// Cuts `tokens` into disjoint chunks and drops a last chunk of one token. Throws UsageError on a
/// context outside 2 … n_positions, unless the knobs let a sequence outgrow it.
std::vector<std::vector<int>> chunks_of(std::span<const int> tokens, const model::Model& model,
                                        const ChunkOptions& options);

/// Returns the `index`-th of `count` windows of `length` tokens that are spread evenly over `text`,
/// which must be at least that long.
std::span<const int> window_of(std::span<const int> text, int length, int index, int count);

/// Measures the perplexity of `tokens` under a capped cache (docs/cache.md, "Perplexity"): disjoint
/// chunks of `context` tokens, each fed token by token to an empty cache. The first token of a
/// chunk is not scored. Throws UsageError on a context that chunks_of() refuses or that a twin or
/// an oracle cannot have, on `prefill full`, and on an oracle when nothing may be evicted or the
/// read needs a sketch.
Evaluation evaluate(std::shared_ptr<const model::Model> model, std::span<const int> tokens,
                    const EvaluationOptions& options, const core::ProgressSink& progress,
                    std::stop_token stop);

}  // namespace sketchscope::measure
