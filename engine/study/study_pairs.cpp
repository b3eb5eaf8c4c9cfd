#include "engine/study/study_pairs.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "engine/core/error.hpp"
#include "engine/core/text.hpp"
#include "engine/measure/evaluation.hpp"
#include "engine/settings/knob_changes.hpp"

namespace sketchscope::study {
namespace {

using Rows = std::vector<const StudyRow*>;

template <typename Test>
Rows rows_where(std::span<const StudyRow> rows, const Test& test) {
  Rows found;
  for (const StudyRow& row : rows) {
    if (test(row)) found.push_back(&row);
  }
  return found;
}

// Returns the rows that have these values of knobs, such as "policy=window,sinks=4"; none where a
// part is not of this form or names no knob.
Rows rows_with_knobs(std::span<const StudyRow> rows, const std::string& text) {
  std::vector<std::pair<const settings::KnobInfo*, std::string>> wanted;
  for (const std::string& part : settings::list_parts(text)) {
    const std::size_t equals = part.find('=');
    if (equals == std::string::npos) return {};
    const auto knob = std::ranges::find(settings::knob_table(), part.substr(0, equals),
                                        [](const settings::KnobInfo& info) { return info.name; });
    if (knob == settings::knob_table().end()) return {};
    wanted.emplace_back(&*knob, part.substr(equals + 1));
  }
  if (wanted.empty()) return {};
  return rows_where(rows, [&](const StudyRow& row) {
    return std::ranges::all_of(wanted, [&](const auto& one) {
      return settings::knob_text(row.knobs, *one.first) == one.second;
    });
  });
}

Rows references_of(std::span<const StudyRow> rows, const std::string& reference) {
  const auto named = [&](const StudyRow& row) { return row.name == reference; };
  if (Rows found = rows_where(rows, named); !found.empty()) return found;
  const auto baseline = [&](const StudyRow& row) {
    return !row.baseline.empty() && row.baseline == reference;
  };
  if (Rows found = rows_where(rows, baseline); !found.empty()) return found;
  if (Rows found = rows_with_knobs(rows, reference); !found.empty()) return found;
  std::vector<std::string_view> names;
  for (const StudyRow& row : rows) {
    names.push_back(row.name);
    if (!row.baseline.empty()) names.push_back(row.baseline);
  }
  throw core::UsageError({.what = "reference of paired ratios",
                          .found = "'" + reference + "'",
                          .expected = "a configuration, a baseline or values of knobs, nearest: " +
                                      core::join(core::nearest(reference, names)),
                          .remedy = "All names stand in the table of all configurations"});
}

// Counts the knobs that two configurations share; the same capacity counts for more than all
// others together.
std::size_t likeness(const StudyRow& row, const StudyRow& other) {
  const auto table = settings::knob_table();
  const bool same_capacity = row.knobs.max_cache_size == other.knobs.max_cache_size;
  const auto shared = std::ranges::count_if(table, [&](const settings::KnobInfo& knob) {
    return settings::same_value(row.knobs, other.knobs, knob);
  });
  return static_cast<std::size_t>(shared) + (same_capacity ? table.size() : 0);
}

std::vector<measure::ChunkScore> scores_of(const StudyRow& row) {
  std::vector<measure::ChunkScore> scores;
  for (const StudyText& text : row.texts) {
    const auto nll = text.figures.find("nll"), tokens = text.figures.find("tokens");
    if (nll == text.figures.end() || tokens == text.figures.end()) return {};
    scores.push_back({.nll = nll->second, .scored = static_cast<int>(tokens->second)});
  }
  return scores;
}

}  // namespace

std::optional<measure::Estimate> perplexity_ratio(const StudyRow& row, const StudyRow& other) {
  const auto scores = scores_of(row), others = scores_of(other);
  if (!std::ranges::equal(scores, others, {}, &measure::ChunkScore::scored,
                          &measure::ChunkScore::scored)) {
    return std::nullopt;
  }
  return measure::perplexity_ratio(scores, others);
}

std::vector<StudyPair> pairs_against(std::span<const StudyRow> rows, const std::string& reference) {
  const Rows references = references_of(rows, reference);
  std::vector<StudyPair> pairs;
  for (const StudyRow& row : rows) {
    if (std::ranges::find(references, &row) != references.end()) continue;
    const StudyRow* nearest = *std::ranges::max_element(
        references, {}, [&](const StudyRow* one) { return likeness(row, *one); });
    const std::array<const StudyRow*, 1> own = {&row}, its = {nearest};
    pairs.push_back({.row = &row,
                     .reference = nearest,
                     .perplexity_ratio = perplexity_ratio(row, *nearest),
                     .logit_kl_difference = difference_of(own, its, "logit_kl")});
  }
  return pairs;
}

}  // namespace sketchscope::study
