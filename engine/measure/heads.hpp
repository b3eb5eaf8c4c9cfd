#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string_view>
#include <vector>

#include "engine/cache/divergence.hpp"
#include "engine/core/error.hpp"
#include "engine/model/model.hpp"
#include "engine/model/model_config.hpp"
#include "engine/schedule/run_totals.hpp"
#include "engine/settings/knobs.hpp"

namespace sketchscope::measure {

/// The divergence of one head's attention q under one query from full attention p.
struct HeadShift {
  double retained_mass = 0;     ///< m: mass of p on the positions read
  double attention_kl = 0;      ///< KL(q‖p), nats; a summary of the evicted is one event
  double attention_tv = 0;      ///< ½ Σ |q − p|, with the same events
  double attention_cosine = 0;  ///< cosine of q and p over positions
  double peak_shift = 0;        ///< distance of argmax q from argmax p, positions
  double peak_moved = 0;        ///< 1 if the argmax differs, else 0
};
/// Returns the divergence of one head under one query.
HeadShift shift_of(const cache::ShadowAttention& attention);

/// A figure of a head and its name in files.
struct HeadFigure {
  std::string_view name;
  double HeadShift::*value;
};
inline constexpr std::array kHeadFigures = {
    HeadFigure{"retained_mass", &HeadShift::retained_mass},
    HeadFigure{"attention_kl", &HeadShift::attention_kl},
    HeadFigure{"attention_tv", &HeadShift::attention_tv},
    HeadFigure{"attention_cosine", &HeadShift::attention_cosine},
    HeadFigure{"peak_shift", &HeadShift::peak_shift},
    HeadFigure{"peak_moved", &HeadShift::peak_moved},
};

/// The heads and queries to observe; an empty list stands for all.
struct HeadSelection {
  std::vector<int> layers;
  std::vector<int> heads;
  std::vector<int> queries;  ///< positions
  int every = 1;             ///< of these, every N-th position
};

/// Means of a head's figures over the observed queries.
struct HeadMeans {
  int layer = 0;
  int head = 0;
  std::array<record::Mean, kHeadFigures.size()> figures;
};

/// Observes a lane's heads and accumulates the mean divergence of each.
class HeadWatch final : public cache::AttentionObserver {
 public:
  /// Throws UsageError on a layer, head or query that the model does not have.
  HeadWatch(const model::ModelConfig& config, HeadSelection selection);

  [[nodiscard]] bool wants(int layer, int head, int position) const override;
  void see(int layer, int head, const cache::ShadowAttention& attention) override;

  /// Adds what another observer of the same selection has accumulated.
  void merge(const HeadWatch& other);
  /// Returns the means of the selected heads, ordered by layer.
  [[nodiscard]] const std::vector<HeadMeans>& means() const { return means_; }
  /// Returns the number of observed queries.
  [[nodiscard]] std::int64_t queries() const { return seen_; }

 private:
  HeadSelection selection_;
  std::vector<HeadMeans> means_;
  std::int64_t seen_ = 0;
};

/// Options of study_attention().
struct AttentionStudyOptions {
  settings::Knobs knobs;
  HeadSelection selection;              ///< queries are positions within a chunk
  int context = 0;                      ///< tokens per chunk; 0 means n_positions
  std::optional<int> start_token = {};  ///< before each chunk (ChunkOptions)
  int lanes = 8;                        ///< chunks that advance together
  int threads = 1;
};

/// The results of study_attention().
struct AttentionStudy {
  HeadWatch heads;
  bool interrupted = false;
};

/// Feeds `tokens` in chunks, each token by token to an empty cache under the knobs, and compares
/// the attention of the selected heads with that over a full cache of the same keys and values.
/// Throws UsageError on a context outside 2 … n_positions or a selection without a query of the
/// text.
AttentionStudy study_attention(const std::shared_ptr<const model::Model>& model,
                               std::span<const int> tokens, const AttentionStudyOptions& options,
                               const core::ProgressSink& progress, const std::stop_token& stop);

/// Mean attention masses that characterise one head under full attention. Each mean is over the
/// queries for which its position exists, and absent where there was none.
struct HeadStructure {
  int layer = 0;
  int head = 0;
  std::optional<double> sink;       ///< on position 0 of a text
  std::optional<double> previous;   ///< on the token before the query, in a text
  std::optional<double> induction;  ///< after the query token's previous occurrence, in repeats
};

/// Options of measure_heads().
struct HeadStructureOptions {
  std::vector<std::vector<int>> texts;  ///< token ids; a text of one token is ignored
  int repeated_tokens = 200;            ///< random tokens, which are then repeated once
  int repetitions = 4;                  ///< number of repeated sequences
  std::uint64_t seed = 1;
  int threads = 1;
};

/// Measures every head of the model, by layer. Repeated random tokens distinguish induction heads,
/// which continue an earlier occurrence, from heads that only know the language (Olsson et al.,
/// In-context Learning and Induction Heads, 2022). A stop leaves the means of what was fed until
/// then. Throws Error if a text exceeds the context.
std::vector<HeadStructure> measure_heads(std::shared_ptr<const model::Model> model,
                                         const HeadStructureOptions& options,
                                         const std::stop_token& stop);

/// Returns `count` random tokens below `vocabulary`, followed by the same tokens again.
std::vector<int> repeated_random_tokens(int count, int vocabulary, std::uint64_t seed);

}  // namespace sketchscope::measure
