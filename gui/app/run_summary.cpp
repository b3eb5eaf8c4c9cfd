#include "gui/app/run_summary.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace sketchscope::app {
namespace {

constexpr std::size_t kLatest = 32;  // decode steps that times are taken from

std::optional<double> latest_of(const view::StepSeries& series) {
  const bool measured = !series.empty() && std::isfinite(series.back());
  return measured ? std::optional(series.back()) : std::nullopt;
}

/// Returns the latest decode steps, without prefill steps.
std::span<const record::RecordPointer> latest_single_steps(
    std::span<const record::RecordPointer> records) {
  while (!records.empty() && records.front()->tokens.size() > 1) records = records.subspan(1);
  return records.last(std::min(records.size(), kLatest));
}

}  // namespace

RunSummary summarize(const view::History& history) {
  RunSummary summary;
  const auto latest = latest_single_steps(history.records());
  if (!latest.empty()) {
    std::vector<double> totals;
    double total = 0;
    double policy = 0;
    for (const auto& record : latest) {
      totals.push_back(record->times.total_ms);
      total += record->times.total_ms;
      policy += record->times.policy_ms;
    }
    const auto middle = totals.begin() + static_cast<std::ptrdiff_t>(totals.size() / 2);
    std::ranges::nth_element(totals, middle);
    summary.step_ms = *middle;
    if (total > 0) summary.policy_share = policy / total;
  }
  summary.drawn = view::drawn_tokens(history.records());
  const view::PerplexityHistory& given = history.perplexity().given;
  summary.given_tokens = given.tokens();
  summary.given_perplexity = latest_of(given.lane());
  summary.given_twin_perplexity = latest_of(given.twin());
  summary.given_perplexity_change = given.change();
  if (!history.empty() && history.latest()->memory.kv_full > 0) {
    const record::MemoryLedger& memory = history.latest()->memory;
    const auto kept = static_cast<double>(memory.kv_stored + memory.sketch + memory.statistics);
    summary.cache_change = kept / static_cast<double>(memory.kv_full) - 1;
  }
  return summary;
}

}  // namespace sketchscope::app
