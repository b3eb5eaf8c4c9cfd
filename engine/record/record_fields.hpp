#pragma once

#include <string_view>
#include <tuple>

#include "engine/record/field.hpp"
#include "engine/record/step_record.hpp"

// The single description of the contents of a step record. The JSON of records, the arrays of saved
// runs, the tables of CSV files, the values that scripts expect, the series of the window, the
// figures of a whole run in results and summaries, and docs/records.md are derived from it.
//
// A new figure takes a member in step_record.hpp, a line here, and its computation in
// schedule/record_builder.cpp. The member is optional, since earlier saved runs lack it.

namespace sketchscope::record {

template <>
inline constexpr auto kFields<StepRecord> = std::tuple{
    Field{"step", "", "Number of the session's forward pass, from 0.", &StepRecord::step},
    Field{"position", "", "Position of the last token fed.", &StepRecord::position},
    Field{"prompt_tokens", "", "Tokens of the step that belong to the prompt.",
          &StepRecord::prompt_tokens},
    Field{"token_probability",
          "share",
          "Probability of the last token fed, as foreseen one step before.",
          &StepRecord::token_probability,
          {},
          kShares},
    Field{"token_rank", "", "Its rank among all tokens, 0 for the likeliest.",
          &StepRecord::token_rank},
    Field{"twin_token_probability",
          "share",
          "Probability of the last token fed under the twin.",
          &StepRecord::twin_token_probability,
          {},
          kShares},
    Field{"twin_token_rank", "", "Its rank under the twin.", &StepRecord::twin_token_rank},
    Field{"entropy", "nats", "Entropy of the next-token distribution.", &StepRecord::entropy},
    Field{"global_eviction_ratio",
          "share",
          "Positions fed that no head of any layer stores any more.",
          &StepRecord::global_eviction_ratio,
          {.over = OverRun::mean_at_ends,
           .name = "global_eviction_ratio",
           .label = "gone everywhere"},
          kShares},
    Field{"logit_kl",
          "nats",
          "KL(full‖lane) of the next-token distributions.",
          &StepRecord::logit_kl,
          {.over = OverRun::mean, .name = "logit_kl", .label = "logit KL, nats", .digits = 6}},
    Field{"top1_agrees",
          "",
          "Whether lane and twin find the same next token the likeliest.",
          &StepRecord::top1_agrees,
          {.over = OverRun::mean, .name = "top1_agreement", .label = "top-1 agreement"}},
    Field{"top_rank_under_twin", "", "Rank that the twin gives to the lane's likeliest next token.",
          &StepRecord::top_rank_under_twin},
};

template <>
inline constexpr auto kFields<LayerRecord> = std::tuple{
    Field{"stored", "", "Positions in each table; their mean where tables differ in length.",
          &LayerRecord::stored},
    Field{"tables", "", "One, or one for each key/value head.", &LayerRecord::tables},
    Field{"stored_least", "", "Positions in the shortest table, where tables differ in length.",
          &LayerRecord::stored_least},
    Field{"stored_most", "", "Positions in the longest table, where tables differ in length.",
          &LayerRecord::stored_most},
    Field{"retained_mass",
          "share",
          "Attention mass that falls on what was read, under the same query.",
          &LayerRecord::retained_mass,
          {.over = OverRun::mean,
           .name = "retained_mass",
           .label = "retained mass",
           .by_layer = true},
          kShares},
    Field{"attention_kl",
          "nats",
          "KL(lane‖full) of attention.",
          &LayerRecord::attention_kl,
          {.over = OverRun::mean, .name = "attention_kl", .by_layer = true}},
    Field{"attention_tv",
          "share",
          "Total variation between the lane's and the full attention.",
          &LayerRecord::attention_tv,
          {.over = OverRun::mean, .name = "attention_tv", .by_layer = true},
          kShares},
    Field{
        "output_error",
        "share",
        "‖o′−o‖/‖o‖ of the attention's output o.",
        &LayerRecord::output_error,
        {.over = OverRun::mean, .name = "output_error", .label = "output error", .by_layer = true}},
    Field{"output_cosine",
          "",
          "Cosine of the attention's output and the full one.",
          &LayerRecord::output_cosine,
          {.over = OverRun::mean, .by_layer = true},
          kCosines},
    Field{"regret",
          "mass",
          "Mass that all evicted positions would have received since they left.",
          &LayerRecord::regret,
          {.over = OverRun::sum_at_ends,
           .name = "regret",
           .label = "regret",
           .digits = 1,
           .by_layer = true}},
    Field{"capacity",
          "",
          "Slots that each table may fill; absent where nothing is ever evicted.",
          &LayerRecord::capacity,
          {.over = OverRun::mean, .name = "mean_capacity", .label = "mean capacity", .digits = 1}},
};

template <>
inline constexpr auto kFields<EvictionRecord> = std::tuple{
    Field{"layer", "", "The layer that the position left.", &EvictionRecord::layer},
    Field{"head", "", "Its head, where each head has a table of its own.", &EvictionRecord::head},
    Field{"position", "", "The position that left.", &EvictionRecord::position},
    Field{"token", "", "The token at that position.", &EvictionRecord::token},
    Field{"score", "", "Its score, as the policy saw it.", &EvictionRecord::score, {}, kAnyScore},
    Field{"exact_score", "mass", "Its exact accumulated mass.", &EvictionRecord::exact_score},
    Field{"margin",
          "",
          "The next candidate's score less this one's.",
          &EvictionRecord::margin,
          {},
          kAnyScore},
    Field{"next_position", "", "The position of the next candidate.",
          &EvictionRecord::next_position},
    Field{"candidates", "", "Unprotected slots that there were to choose from.",
          &EvictionRecord::candidates},
    Field{"reason", "", "Why a position had to leave.", &EvictionRecord::reason},
    Field{"degenerate", "", "True where all positions were protected: there was no choice.",
          &EvictionRecord::degenerate},
};

template <>
inline constexpr auto kFields<Candidate> = std::tuple{
    Field{"token", "", "A likely next token.", &Candidate::token},
    Field{"probability", "share", "Its probability.", &Candidate::probability, {}, kShares},
    Field{"twin_probability",
          "share",
          "Its probability under the twin.",
          &Candidate::twin_probability,
          {},
          kShares},
};

template <>
inline constexpr auto kFields<KnobChange> = std::tuple{
    Field{"knob", "", "The live knob that took effect.", &KnobChange::knob},
    Field{"from", "", "Its value before the step.", &KnobChange::from},
    Field{"to", "", "Its value from the step on.", &KnobChange::to},
    Field{"note", "", "What the change did to what is stored.", &KnobChange::note},
};

template <>
inline constexpr auto kFields<PhaseTimes> = std::tuple{
    Field{"total_ms", "ms", "The whole step.", &PhaseTimes::total_ms, {}, kFinite},
    Field{"linear_ms", "ms", "The model outside attention.", &PhaseTimes::linear_ms, {}, kFinite},
    Field{"attention_ms", "ms", "Reading the caches.", &PhaseTimes::attention_ms, {}, kFinite},
    Field{"policy_ms",
          "ms",
          "Scores, victims, statistics and sketch.",
          &PhaseTimes::policy_ms,
          {},
          kFinite},
    Field{"audit_ms",
          "ms",
          "Shadow attention and exact counters.",
          &PhaseTimes::audit_ms,
          {},
          kFinite},
    Field{"record_ms",
          "ms",
          "Comparing logits and building records.",
          &PhaseTimes::record_ms,
          {},
          kFinite},
};

template <>
inline constexpr auto kFields<MemoryLedger> = std::tuple{
    Field{"kv_stored", "bytes", "Keys and values of filled slots.", &MemoryLedger::kv_stored,
          peak("kv_bytes")},
    Field{"sketch", "bytes", "The sketch's counters.", &MemoryLedger::sketch, peak("sketch_bytes")},
    Field{"statistics", "bytes", "Exact accumulators that the policy needs.",
          &MemoryLedger::statistics, peak("statistics_bytes")},
    Field{"tail", "bytes", "The summary of the evicted positions.", &MemoryLedger::tail,
          peak("tail_bytes")},
    Field{"audit", "bytes", "What is kept only to measure.", &MemoryLedger::audit,
          peak("audit_bytes")},
    Field{"kv_full", "bytes", "What the full cache would hold at this position.",
          &MemoryLedger::kv_full, peak("kv_full_bytes")},
    Field{"weights", "bytes", "The model's weights.", &MemoryLedger::weights,
          peak("weights_bytes")},
    Field{"activations", "bytes", "Activations of the session.", &MemoryLedger::activations,
          peak("activation_bytes")},
    Field{"pages_reserved", "bytes", "Slabs of pages of the session, used or not.",
          &MemoryLedger::pages_reserved, peak()},
    Field{"process", "bytes", "The resident set of the process.", &MemoryLedger::process, peak()},
    Field{"process_peak", "bytes", "The largest resident set so far.", &MemoryLedger::process_peak,
          peak("process_peak_bytes")},
    Field{"device_used", "bytes", "Memory in use on the device.", &MemoryLedger::device_used},
    Field{"device_total", "bytes", "Memory that the device has.", &MemoryLedger::device_total},
};

/// A part or a list of each record, with its name in files.
template <typename Member>
struct RecordSection {
  std::string_view name;
  std::string_view help;  ///< meaning of one row
  Member StepRecord::*member;
};

inline constexpr std::tuple kRecordParts = {
    RecordSection{"times", "Where the step's time went, all lanes together.", &StepRecord::times},
    RecordSection{"memory", "Bytes by category, of one lane.", &StepRecord::memory},
};

inline constexpr std::tuple kRecordLists = {
    RecordSection{"tokens", "The tokens fed in the step.", &StepRecord::tokens},
    RecordSection{"layers", "A layer after the step; means over heads, which the audit measures.",
                  &StepRecord::layers},
    RecordSection{"evictions", "A position that left a table.", &StepRecord::evictions},
    RecordSection{"candidates", "A likely next token, the likeliest first.",
                  &StepRecord::candidates},
    RecordSection{"changes", "A live knob that took effect.", &StepRecord::changes},
};

/// Calls `visit` with each of kRecordParts or kRecordLists.
template <typename Sections, typename Visit>
constexpr void for_each_section(const Sections& sections, Visit&& visit) {
  std::apply([&](const auto&... section) { (visit(section), ...); }, sections);
}

}  // namespace sketchscope::record
