#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sketchscope {

enum class EvictionReason : std::uint8_t {
  capacity,
  capacity_lowered,
  prompt_cut,
  policy_changed,
  budget_moved
};

/// "capacity", "capacity lowered", "prompt cut", "policy changed", "budget moved".
std::string_view reason_text(EvictionReason reason);
/// The reason of that text. Throws Error on another.
EvictionReason parse_reason(std::string_view text);

/// One victim: what left which layer, and how close the decision was.
struct EvictionRecord {
  int layer = 0;
  std::optional<int> head;  ///< at granularity `head`; else it left for all heads
  int position = 0;
  int token = 0;
  float score = 0;                   ///< as the policy saw it
  std::optional<float> exact_score;  ///< exact accumulated mass (audit)
  std::optional<float> margin;       ///< next candidate's score minus this one's
  std::optional<int> next_position;  ///< the next candidate
  int candidates = 0;                ///< unprotected slots there were to choose from
  EvictionReason reason = EvictionReason::capacity;
  bool degenerate = false;
};

/// One layer after the step. The divergence figures need the audit; they are means over heads.
struct LayerRecord {
  int stored = 0;               ///< positions in each table
  int tables = 1;               ///< one, or one per head
  std::optional<int> capacity;  ///< slots each may fill; absent where nothing is ever evicted
  std::optional<double> retained_mass;
  std::optional<double> attention_kl;  ///< −ln(retained mass), nats
  std::optional<double> attention_tv;  ///< 1 − retained mass
  std::optional<double> output_error;  ///< ‖o′−o‖/‖o‖
  std::optional<double> output_cosine;
  /// Mass that all evicted positions would have received since they left, of all heads, so far.
  std::optional<double> regret;
};

/// A likely next token, under the lane and its twin.
struct Candidate {
  int token = 0;
  float probability = 0;
  std::optional<float> twin_probability;
};

/// A live knob that took effect at this step.
struct KnobChange {
  std::string knob;
  std::string from;
  std::string to;
  std::string note;  ///< "marked approximate: table seeded with current estimates", or empty
};

/// Where a step's time went, milliseconds. Phases of all lanes together.
struct PhaseTimes {
  double total_ms = 0;      ///< the whole step
  double linear_ms = 0;     ///< the model outside attention
  double attention_ms = 0;  ///< reading the caches
  double policy_ms = 0;     ///< scores, victims, statistics, sketch
  double audit_ms = 0;      ///< shadow attention and exact counters
  double record_ms = 0;     ///< logits compared, records built
};

/// Bytes by category, of one lane (design section 3, Memory).
struct MemoryLedger {
  std::size_t weights = 0;
  std::size_t kv_stored = 0;  ///< keys and values of filled slots
  std::size_t sketch = 0;
  std::size_t statistics = 0;      ///< exact accumulators the policy needs
  std::size_t tail = 0;            ///< summary of the evicted positions
  std::size_t audit = 0;           ///< kept only to measure
  std::size_t activations = 0;     ///< of the session
  std::size_t pages_reserved = 0;  ///< of the session: slabs, used or not
  std::size_t kv_full = 0;         ///< what the full cache would hold at this position
  std::size_t process = 0;         ///< resident set now
  std::size_t process_peak = 0;
  std::optional<std::size_t> device_used;
  std::optional<std::size_t> device_total;
};

/// What one step of one lane did. Immutable once published; a number that was not measured is
/// absent.
struct StepRecord {
  std::int64_t step = 0;    ///< counts the session's forward passes from 0
  int position = 0;         ///< of the last token fed
  std::vector<int> tokens;  ///< fed in this step; more than one only for a prompt in one pass
  int prompt_tokens = 0;    ///< how many of them belong to the prompt

  std::optional<double> token_probability;  ///< of the last token, as foreseen one step before
  std::optional<int> token_rank;
  std::optional<double> twin_token_probability;
  std::optional<int> twin_token_rank;

  double entropy = 0;                 ///< of the next-token distribution, nats
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

}  // namespace sketchscope
