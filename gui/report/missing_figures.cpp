#include "gui/report/missing_figures.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <string_view>

namespace sketchscope::report {
namespace {

/// What a figure is drawn over, which a study may not have.
enum class Over : std::uint8_t { bytes, capacity, sketch, layer, head };

/// A figure that a report can have.
struct KnownFigure {
  std::string_view name;
  Over over;
  std::string_view key;   ///< of the figure in a row or in a result
  std::string_view what;  ///< that must have been measured
  std::string_view how;   ///< it is measured
};

constexpr std::string_view kText = "a workload with text_tokens measures it";
constexpr std::string_view kAudit = "the audit of evicted positions measures it";
constexpr std::string_view kEvery = "a workload with attention_every measures it";

constexpr std::array kKnown = {
    KnownFigure{"quality-against-bytes", Over::bytes, "", "logit KL or perplexity", kText},
    KnownFigure{"perplexity-against-capacity", Over::capacity, "perplexity", "perplexity", kText},
    KnownFigure{"ratio-against-capacity", Over::capacity, "perplexity_ratio",
                "the ratio to the full cache's perplexity", kText},
    KnownFigure{"recall-against-capacity", Over::capacity, "recall.share",
                "recall of far-back facts", "a workload with questions measures it"},
    KnownFigure{"estimate-error-against-bound", Over::sketch, "estimates.bound",
                "the error of a sketch's estimates", "a configuration of policy sketch has it"},
    KnownFigure{"regret-by-layer", Over::layer, "regret", "regret", kAudit},
    KnownFigure{"attention-kl-by-layer", Over::layer, "attention_kl", "attention KL", kAudit},
    KnownFigure{"output-cosine-by-layer", Over::layer, "output_cosine",
                "the direction of the attention's output", kAudit},
    KnownFigure{"attention-kl-by-head", Over::head, "attention_kl", "attention by head", kEvery},
    KnownFigure{"peak-moved-by-head", Over::head, "peak_moved", "attention by head", kEvery},
};

std::string not_measured(const KnownFigure& figure) {
  return "no configuration has " + std::string(figure.what) + ": " + std::string(figure.how);
}

std::string why_without(const StudyView& study, const KnownFigure& figure) {
  const bool by_layer = figure.over == Over::layer || figure.over == Over::head;
  if (by_layer && study.at_layer_capacity.empty()) return "no configuration evicts anything";
  if (figure.over != Over::capacity) return not_measured(figure);
  const std::string key(figure.key);
  const auto has_it = [&](const study::StudyRow& row) { return row.figure(key).has_value(); };
  if (std::ranges::none_of(study.rows, has_it)) return not_measured(figure);
  std::set<int> capacities;
  for (const study::StudyRow& row : study.rows) {
    if (row.knobs.policy->evicts) capacities.insert(row.knobs.max_cache_size);
  }
  if (capacities.empty()) return "no configuration has a capacity";
  return "all have the capacity " + std::to_string(*capacities.begin()) + ": it needs two or more";
}

}  // namespace

std::vector<MissingFigure> missing_figures(const StudyView& study, const Document& document) {
  std::vector<MissingFigure> missing;
  const std::vector<const Figure*> drawn = figures_of(document);
  for (const KnownFigure& figure : kKnown) {
    if (std::ranges::find(drawn, figure.name, &Figure::name) != drawn.end()) continue;
    missing.push_back({std::string(figure.name), why_without(study, figure)});
  }
  return missing;
}

}  // namespace sketchscope::report
