#include "gui/report/study_report.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <iterator>

#include "gui/plot/value_format.hpp"
#include "gui/report/study_figures.hpp"

namespace sketchscope::report {
namespace {

using Rows = std::vector<const study::StudyRow*>;
using Test = std::function<bool(const study::StudyRow&)>;

Rows where(std::span<const study::StudyRow> rows, const Test& test) {
  Rows found;
  for (const study::StudyRow& row : rows) {
    if (test(row)) found.push_back(&row);
  }
  return found;
}

bool uses_sketch(const study::StudyRow& row) {
  return row.baseline.empty() && settings::uses_sketch(row.knobs);
}

std::string number(double value) {
  return plot::digits_text(value, 4);
}

std::string percent(double share) {
  return number(100 * share) + " %";
}

std::string interval_text(const measure::Estimate& estimate) {
  if (!estimate.interval) return "no interval over texts, so no verdict";
  const std::string over =
      estimate.portions > 0 ? ", over " + std::to_string(estimate.portions) + " texts" : "";
  return "95 % interval " + number(estimate.interval->low) + " to " +
         number(estimate.interval->high) + over;
}

// Describes how much lower `left` is than `right`, as words to follow their names.
std::string difference_text(const measure::Estimate& difference) {
  return " (difference over the texts " + number(difference.value) + ", " +
         interval_text(difference) + ")";
}

// Returns the difference paired over texts, or that of the medians if there are no results by text.
measure::Estimate difference_between(const Rows& left, const Rows& right,
                                     const std::string& figure) {
  if (const auto paired = study::difference_of(left, right, figure)) return *paired;
  return {.value = study::median_of(left, figure).value_or(0) -
                   study::median_of(right, figure).value_or(0)};
}

// Returns the verdict on a claim that all comparisons must support.
Verdict verdict_of_all(const std::vector<Verdict>& verdicts) {
  const auto any = [&](Verdict verdict) {
    return std::ranges::find(verdicts, verdict) != verdicts.end();
  };
  if (any(Verdict::not_held)) return Verdict::not_held;
  if (any(Verdict::no_interval)) return Verdict::no_interval;
  return any(Verdict::undecided) ? Verdict::undecided : Verdict::held;
}

const study::StudyRow* lowest(const Rows& rows, const std::string& figure) {
  const study::StudyRow* best = nullptr;
  for (const study::StudyRow* row : rows) {
    if (row->figure(figure) && (!best || *row->figure(figure) < *best->figure(figure))) best = row;
  }
  return best;
}

double share_kept(const study::StudyRow& row) {
  return row.figure("memory.kv_bytes").value_or(0) / row.figure("memory.kv_full_bytes").value_or(1);
}

// Returns a figure with its interval over texts, of which each has it as `of_text`, if it was
// measured by text.
measure::Estimate over_texts(const study::StudyRow& row, const std::string& figure,
                             const std::string& of_text) {
  std::vector<measure::Portion> portions;
  for (const study::StudyText& text : row.texts) {
    const auto found = text.figures.find(of_text);
    if (found == text.figures.end()) return {.value = *row.figure(figure)};
    portions.push_back({.sum = found->second * text.steps, .weight = text.steps});
  }
  return measure::estimate_mean(portions).value_or(measure::Estimate{.value = *row.figure(figure)});
}

// Returns the rows of sketch policies that keep at most 40 % of the bytes of keys and values.
Rows far_smaller(std::span<const study::StudyRow> rows) {
  constexpr double kKept = 0.4;
  return where(rows, [](const study::StudyRow& row) {
    return uses_sketch(row) && evicts(row) && share_kept(row) <= kKept;
  });
}

Claim loses_little(std::span<const study::StudyRow> rows) {
  constexpr double kRatio = 1.05;
  Claim claim{.statement =
                  "With 60 % fewer bytes of keys and values, perplexity stays within 5 % "
                  "of the full cache's."};
  const study::StudyRow* best = lowest(far_smaller(rows), "logit_kl");
  if (!best || !best->figure("perplexity_ratio")) return claim;
  measure::Estimate ratio{.value = *best->figure("perplexity_ratio")};
  const auto low = best->figure("perplexity_ratio_low");
  const auto high = best->figure("perplexity_ratio_high");
  if (low && high) ratio.interval = {*low, *high};
  ratio.portions = best->texts.size();
  claim.verdict = verdict_below(kRatio, ratio);
  claim.evidence = "The closest of those points to the full cache has " + number(ratio.value) +
                   " times its perplexity (" + interval_text(ratio) + "), with " +
                   percent(1 - share_kept(*best)) + " fewer bytes (" + best->name + ").";
  return claim;
}

Claim attends_alike(std::span<const study::StudyRow> rows) {
  constexpr double kLargest = 0.1;
  Claim claim{.statement = "With 60 % fewer bytes, attention moves by a KL divergence below 0.1."};
  const study::StudyRow* best = lowest(far_smaller(rows), "attention_kl");
  if (!best) return claim;
  const measure::Estimate kl = over_texts(*best, "attention_kl", "attention_kl");
  claim.verdict = verdict_below(kLargest, kl);
  claim.evidence = "The lowest mean over steps and layers is " + number(kl.value) + " nats (" +
                   interval_text(kl) + "; " + best->name + ").";
  return claim;
}

Claim beats_window(std::span<const study::StudyRow> rows) {
  Claim claim{.statement =
                  "What the sketch keeps is worth more than the most recent positions: "
                  "a lower logit KL than the window's at the same capacity."};
  std::vector<Verdict> verdicts;
  for (const study::StudyRow* window : where(rows, [](const study::StudyRow& row) {
         return row.knobs.policy->keeps_latest && evicts(row);
       })) {
    const auto same = where(rows, [&](const study::StudyRow& row) {
      return uses_sketch(row) && row.knobs.max_cache_size == window->knobs.max_cache_size;
    });
    const auto own = study::median_of(same, "logit_kl"), other = window->figure("logit_kl");
    if (!own || !other) continue;
    const measure::Estimate difference = difference_between(same, {window}, "logit_kl");
    verdicts.push_back(verdict_below(0, difference));
    claim.evidence += (claim.evidence.empty() ? "Medians at capacity " : "; at ") +
                      std::to_string(window->knobs.max_cache_size) + ": " + number(*own) +
                      " against the window's " + number(*other) + difference_text(difference);
  }
  if (verdicts.empty()) return claim;
  claim.evidence += ".";
  claim.verdict = verdict_of_all(verdicts);
  return claim;
}

Claim width_helps(std::span<const study::StudyRow> rows) {
  Claim claim{.statement =
                  "A wider sketch decides better: a lower logit KL with the widest than "
                  "with the narrowest."};
  const Rows all =
      where(rows, [](const study::StudyRow& row) { return uses_sketch(row) && evicts(row); });
  if (all.empty()) return claim;
  const auto width = [](const study::StudyRow* row) { return row->knobs.sketch_width; };
  const auto [narrow, wide] = std::ranges::minmax(all, {}, width);
  if (width(narrow) == width(wide)) return claim;
  const auto as_wide_as = [&](const study::StudyRow* other) {
    Rows same;
    std::ranges::copy_if(all, std::back_inserter(same),
                         [&](const study::StudyRow* row) { return width(row) == width(other); });
    return same;
  };
  const Rows narrowest = as_wide_as(narrow), widest = as_wide_as(wide);
  const measure::Estimate difference = difference_between(widest, narrowest, "logit_kl");
  claim.verdict = verdict_below(0, difference);
  claim.evidence = "Median " + number(study::median_of(widest, "logit_kl").value_or(0)) + " with " +
                   std::to_string(width(wide)) + " counters a row, " +
                   number(study::median_of(narrowest, "logit_kl").value_or(0)) + " with " +
                   std::to_string(width(narrow)) + difference_text(difference) + ".";
  return claim;
}

Claim summary_helps(std::span<const study::StudyRow> rows) {
  Claim claim{.statement = "Approximating what was evicted loses less than leaving it out."};
  const auto of_read = [&](bool aggregate) {
    return where(rows, [&](const study::StudyRow& row) {
      return uses_sketch(row) && evicts(row) && row.knobs.read->reads_tail == aggregate;
    });
  };
  const Rows summarised = of_read(true), left_out = of_read(false);
  const auto with = study::median_of(summarised, "logit_kl"),
             without = study::median_of(left_out, "logit_kl");
  if (!with || !without) return claim;
  const measure::Estimate difference = difference_between(summarised, left_out, "logit_kl");
  claim.verdict = verdict_below(0, difference);
  claim.evidence = "Median logit KL " + number(*with) + " with the summary, " + number(*without) +
                   " without" + difference_text(difference) + ".";
  return claim;
}

Claim beats_int8(std::span<const study::StudyRow> rows) {
  Claim claim{.statement =
                  "It pays against keeping everything in 8 bits: as close to the full "
                  "cache in no more bytes."};
  const Rows stored =
      where(rows, [](const study::StudyRow& row) { return row.baseline == "int8"; });
  if (stored.empty() || !study::total_bytes(*stored.front()) ||
      !stored.front()->figure("logit_kl")) {
    return claim;
  }
  const study::StudyRow& int8 = *stored.front();
  const Rows smaller = where(rows, [&](const study::StudyRow& row) {
    return uses_sketch(row) && study::total_bytes(row) <= study::total_bytes(int8);
  });
  const std::string of_int8 = "int8 has a logit KL of " + number(*int8.figure("logit_kl")) +
                              " in " + plot::column_bytes(*study::total_bytes(int8));
  const study::StudyRow* best = lowest(smaller, "logit_kl");
  if (!best) {
    claim.evidence = of_int8 + "; no point is that small.";
    return claim;
  }
  const measure::Estimate difference = difference_between({best}, {&int8}, "logit_kl");
  claim.verdict = verdict_below(0, difference);
  claim.evidence = of_int8 + "; the best point in no more has " +
                   number(*best->figure("logit_kl")) + difference_text(difference) + ": " +
                   best->name + ".";
  return claim;
}

Claim estimates_hold(std::span<const study::StudyRow> rows) {
  Claim claim{.statement =
                  "Estimates lie within the sketch's bound, but for the share of them that "
                  "it allows.",
              .needs_readable_text = false};
  const study::StudyRow* worst = nullptr;
  const auto slack = [](const study::StudyRow& row) {  // excess over the limit of the claim
    return *row.figure("estimates.within_bound") - (1 - std::exp(-row.knobs.sketch_depth));
  };
  for (const study::StudyRow& row : rows) {
    if (!row.figure("estimates.within_bound")) continue;
    if (!worst || slack(row) < slack(*worst)) worst = &row;
  }
  if (!worst) return claim;
  const double allowed = std::exp(-worst->knobs.sketch_depth);
  const measure::Estimate within = over_texts(*worst, "estimates.within_bound", "within_bound");
  measure::Estimate outside{.value = 1 - within.value, .portions = within.portions};
  if (within.interval) outside.interval = {1 - within.interval->high, 1 - within.interval->low};
  claim.verdict = verdict_below(allowed, outside);
  claim.evidence = "At worst " + percent(outside.value) + " of the estimates do not (as a share, " +
                   interval_text(outside) + "), where " + percent(allowed) + " may.";
  return claim;
}

Claim costs_little_time(std::span<const study::StudyRow> rows) {
  constexpr double kShare = 0.1;
  Claim claim{.statement = "Policy, statistics and sketch take at most a tenth of a token's time.",
              .needs_readable_text = false};
  std::vector<measure::Portion> portions;
  for (const study::StudyRow* row : where(rows, uses_sketch)) {
    const auto own = row->figure("timing.own_policy_ms");
    const auto linear = row->figure("timing.linear_ms");
    const auto attention = row->figure("timing.attention_ms");
    if (!own || !linear || !attention) continue;
    portions.push_back({.sum = *own, .weight = *own + *linear + *attention});
  }
  const auto share = measure::estimate_mean(portions);
  if (!share) return claim;
  claim.verdict = verdict_below(kShare, *share);
  claim.evidence =
      "They take " + percent(share->value) + " over " + std::to_string(portions.size()) +
      " configurations" +
      (share->interval ? " (95 % interval over these " + percent(share->interval->low) + " to " +
                             percent(share->interval->high) + ")."
                       : ", too few for an interval and a verdict.");
  return claim;
}

}  // namespace

Verdict verdict_below(double limit, const measure::Estimate& estimate) {
  if (!estimate.interval) return Verdict::no_interval;
  const measure::ConfidenceInterval& whole = *estimate.interval;
  if (whole.high < limit) return Verdict::held;
  return whole.low >= limit ? Verdict::not_held : Verdict::undecided;
}

std::vector<Claim> check_claims(std::span<const study::StudyRow> rows, Texts texts) {
  std::vector<Claim> claims = {loses_little(rows),   attends_alike(rows),    beats_window(rows),
                               width_helps(rows),    summary_helps(rows),    beats_int8(rows),
                               estimates_hold(rows), costs_little_time(rows)};
  for (Claim& claim : claims) {
    const bool judged = claim.verdict != Verdict::not_measured;
    if (texts == Texts::unread && claim.needs_readable_text && judged) {
      claim.verdict = Verdict::unread;
    }
  }
  return claims;
}

}  // namespace sketchscope::report
