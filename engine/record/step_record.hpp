#pragma once

#include <cstddef>
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sketchscope::record {

/// The event that made a position leave (docs/cache.md, "Victims").
enum class EvictionReason : std::uint8_t {
  capacity,
  capacity_lowered,
  prompt_cut,
  policy_changed,
  budget_moved
};

/// Returns "capacity", "capacity lowered", "prompt cut", "policy changed" or "budget moved".
std::string_view reason_text(EvictionReason reason);

/// One victim: the position that left a layer, and how close the choice was.
struct EvictionRecord {
  int layer = 0;
  std::optional<int> head;  ///< head with granularity `head`; absent if it left for all heads
  int position = 0;
  int token = 0;
  float score = 0;                   ///< score of the policy
  std::optional<float> exact_score;  ///< exact accumulated mass (audit)
  std::optional<float> margin;       ///< score of the next candidate minus `score`
  std::optional<int> next_position;  ///< position of the next candidate
  int candidates = 0;                ///< number of unprotected slots
  EvictionReason reason = EvictionReason::capacity;
  bool degenerate = false;
};

/// The state and the divergence of one layer after the step. The divergence figures need the audit;
/// they are means over heads.
struct LayerRecord {
  int stored = 0;                   ///< positions in each table; their mean where tables differ
  int tables = 1;                   ///< one, or one per head
  std::optional<int> stored_least;  ///< of the shortest table, where tables differ
  std::optional<int> stored_most;   ///< of the longest
  std::optional<int> capacity;      ///< slots each may fill; absent where nothing is ever evicted
  std::optional<double> retained_mass;
  std::optional<double> attention_kl;  ///< KL(lane‖full) of attention, nats
  std::optional<double> attention_tv;  ///< total variation of lane and full attention
  std::optional<double> output_error;  ///< ‖o′−o‖/‖o‖ of the output o of full attention
  std::optional<double> output_cosine;
  /// Mass that full attention would have given to all evicted positions since they left, summed
  /// over heads.
  std::optional<double> regret;
};

/// A likely next token with its probabilities under the lane and the twin.
struct Candidate {
  int token = 0;
  float probability = 0;
  std::optional<float> twin_probability;
};

/// The change of a live knob that took effect at this step.
struct KnobChange {
  std::string knob;
  std::string from;
  std::string to;
  std::string note;  ///< "marked approximate: table seeded with current estimates", or empty
};

/// The time of a step by phase in milliseconds, summed over all lanes.
struct PhaseTimes {
  double total_ms = 0;      ///< the whole step
  double linear_ms = 0;     ///< the model outside attention
  double attention_ms = 0;  ///< reading the caches
  double policy_ms = 0;     ///< scores, victims, statistics, sketch
  double audit_ms = 0;      ///< shadow attention and exact counters
  double record_ms = 0;     ///< logits compared, records built
};

/// The bytes of one lane by category (docs/cache.md, "Memory ledger").
struct MemoryLedger {
  std::size_t weights = 0;
  std::size_t kv_stored = 0;  ///< keys and values of filled slots
  std::size_t sketch = 0;
  std::size_t statistics = 0;      ///< exact accumulators the policy needs
  std::size_t tail = 0;            ///< summary of the evicted positions
  std::size_t audit = 0;           ///< kept only to measure
  std::size_t activations = 0;     ///< activations of the session
  std::size_t pages_reserved = 0;  ///< slabs of the session, used or not
  std::size_t kv_full = 0;         ///< what the full cache would hold at this position
  std::size_t process = 0;         ///< resident set now
  std::size_t process_peak = 0;
  std::optional<std::size_t> device_used;
  std::optional<std::size_t> device_total;
};

/// The record of one step of one lane. It is immutable once published; a number that was not
/// measured is absent.
struct StepRecord {
  std::int64_t step = 0;    ///< number of the session's forward pass, from 0
  int position = 0;         ///< position of the last token fed
  std::vector<int> tokens;  ///< fed in this step; more than one only for a prompt in one pass
  int prompt_tokens = 0;    ///< how many of them belong to the prompt

  std::optional<double> token_probability;  ///< of the last token, predicted one step before
  std::optional<int> token_rank;
  std::optional<double> twin_token_probability;
  std::optional<int> twin_token_rank;

  double entropy = 0;                 ///< entropy of the next-token distribution, nats
  std::vector<Candidate> candidates;  ///< the likeliest next tokens, best first
  std::optional<double> logit_kl;     ///< KL(full‖lane), nats
  std::optional<bool> top1_agrees;
  std::optional<int> top_rank_under_twin;  ///< rank that the twin gives the lane's top token

  /// Share of the positions fed that no head of any layer stores any more.
  double global_eviction_ratio = 0;
  std::vector<LayerRecord> layers;
  std::vector<EvictionRecord> evictions;
  std::vector<KnobChange> changes;
  PhaseTimes times;
  MemoryLedger memory;
};

/// Converts a step record to JSON under the names of its fields; values that were not measured are
/// left out.
nlohmann::json step_record_to_json(const StepRecord& record);

}  // namespace sketchscope::record
