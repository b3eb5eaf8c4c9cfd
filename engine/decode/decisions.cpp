#include "engine/decode/decisions.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace sketchscope::decode {
namespace {

bool is_number(float score) {
  return !std::isnan(score) && score != -std::numeric_limits<float>::infinity();
}

std::string of(std::int64_t count, const char* what) {
  return std::to_string(count) + " " + what;
}

}  // namespace

void Decisions::note_victim(const policy::Victim& victim, bool older_stays) {
  if (victim.candidates < 2) return;
  ++victims;
  unlike_window += older_stays ? 1 : 0;
  without_number += is_number(victim.score) ? 0 : 1;
}

void Decisions::note_read(int slots_read, int slots_stored, bool summary) {
  ++reads;
  reads_skipping += slots_read < slots_stored ? 1 : 0;
  reads_of_summary += summary ? 1 : 0;
}

void Decisions::note_written(const cache::SlotTable& table, int slot, std::span<const float> key,
                             std::span<const float> value, std::span<float> workspace) {
  ++slots;
  if (table.format() == kernels::KvFormat::f32) return;
  table.read_key(slot, workspace);
  bool same = std::ranges::equal(workspace, key);
  if (same) {
    table.read_value(slot, workspace);
    same = std::ranges::equal(workspace, value);
  }
  slots_rounded += same ? 0 : 1;
}

std::span<const NamedCount> decision_counts() {
  static constexpr std::array kCounts = {
      NamedCount{"victims", &Decisions::victims},
      NamedCount{"victims_unlike_window", &Decisions::unlike_window},
      NamedCount{"victims_without_number", &Decisions::without_number},
      NamedCount{"reads", &Decisions::reads},
      NamedCount{"reads_that_skipped", &Decisions::reads_skipping},
      NamedCount{"reads_of_a_summary", &Decisions::reads_of_summary},
      NamedCount{"slots_stored", &Decisions::slots},
      NamedCount{"slots_rounded", &Decisions::slots_rounded},
      NamedCount{"tables", &Decisions::tables},
      NamedCount{"tables_resized", &Decisions::tables_resized},
  };
  return kCounts;
}

Decisions& Decisions::operator+=(const Decisions& other) {
  for (const NamedCount& named : decision_counts()) this->*named.count += other.*named.count;
  return *this;
}

std::vector<std::string> idle_knobs(const Decisions& decided, const settings::Knobs& knobs) {
  std::vector<std::string> sentences;
  const auto say = [&](bool idle, const std::string& sentence) {
    if (idle) sentences.push_back(sentence);
  };
  const bool fed = decided.reads + decided.slots > 0;
  if (knobs.policy->evicts) {
    const std::string policy = "policy " + knobs.policy.name();
    say(fed && decided.victims == 0,
        policy + " decided nothing: no table had to choose what leaves");
    say(!knobs.policy->keeps_latest && decided.victims > 0 && decided.unlike_window == 0,
        policy + " decided nothing: each of " + of(decided.victims, "victims") +
            " is the one that window would evict");
    say(knobs.budget != settings::BudgetKind::equal && decided.tables > 0 &&
            decided.tables_resized == 0,
        "budget " + core::name_of(knobs.budget) +
            " decided nothing: every table may fill max_cache_size slots");
  }
  const std::string read = "read " + knobs.read.name();
  say(knobs.read->takes_k && decided.reads > 0 && decided.reads_skipping == 0,
      read + " decided nothing: none of " + of(decided.reads, "reads") + " skipped a slot");
  say(knobs.read->reads_tail && decided.reads > 0 && decided.reads_of_summary == 0,
      read + " decided nothing: in none of " + of(decided.reads, "reads") +
          " did the summary take a share");
  say(knobs.kv != kernels::KvFormat::f32 && decided.slots > 0 && decided.slots_rounded == 0,
      "kv " + core::name_of(knobs.kv) + " decided nothing: none of " + of(decided.slots, "slots") +
          " lost a digit");
  say(decided.without_number > 0,
      of(decided.without_number, "of ") + of(decided.victims, "victims") +
          " had no number for a score (NaN or -inf), which counts as the lowest" +
          (knobs.policy->takes_formula ? ": formula '" + knobs.formula.text() + "'" : ""));
  return sentences;
}

}  // namespace sketchscope::decode
