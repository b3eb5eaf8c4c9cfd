#include "engine/study/findings.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "engine/schedule/run_totals.hpp"

namespace sketchscope {
namespace {

constexpr std::array<std::string_view, 6> kFamilyKnobs = {"policy",    "granularity", "read",
                                                          "aggregate", "kv",          "sketch"};

std::string family_of(const StudyRow& row, const std::set<std::string_view>& varying) {
  if (!row.baseline.empty()) return row.baseline;
  std::string family;
  for (const std::string_view name : kFamilyKnobs) {
    if (!varying.contains(name)) continue;
    std::string word = knob_text(row.knobs, knob_info(name));
    if (name == "read" && row.knobs.read->takes_k && varying.contains("read_k")) {
      word += " " + std::to_string(row.knobs.read_k);
    }
    family += (family.empty() ? "" : ", ") + word;
  }
  return family.empty() ? row.knobs.policy.name() : family;
}

}  // namespace

Criterion criterion_of(std::span<const StudyRow> rows) {
  const std::array<Criterion, 2> known = {
      {{"logit_kl", "logit KL against the full cache, nats"}, {"perplexity", "perplexity"}}};
  return *std::ranges::max_element(known, {}, [&](const Criterion& criterion) {
    return std::ranges::count_if(
        rows, [&](const StudyRow& row) { return row.figure(criterion.figure).has_value(); });
  });
}

std::optional<double> total_bytes(const StudyRow& row) {
  return row.figure("memory.total_bytes");
}

std::vector<std::size_t> pareto_front(std::span<const StudyRow> rows, const std::string& figure) {
  std::vector<std::size_t> order;
  for (std::size_t at = 0; at < rows.size(); ++at) {
    if (total_bytes(rows[at]) && rows[at].figure(figure)) order.push_back(at);
  }
  std::ranges::stable_sort(order, {}, [&](std::size_t at) {
    return std::pair(*total_bytes(rows[at]), *rows[at].figure(figure));
  });
  std::vector<std::size_t> front;
  for (const std::size_t at : order) {
    if (front.empty() || *rows[at].figure(figure) < *rows[front.back()].figure(figure)) {
      front.push_back(at);
    }
  }
  return front;
}

std::vector<std::string> families(std::span<const StudyRow> rows) {
  std::set<std::string_view> varying;
  for (const KnobInfo& knob : knob_table()) {
    std::set<std::string> texts;
    for (const StudyRow& row : rows) {
      if (row.baseline.empty()) texts.insert(knob_text(row.knobs, knob));
    }
    if (texts.size() > 1) varying.insert(knob.name);
  }
  std::vector<std::string> names;
  for (const StudyRow& row : rows) names.push_back(family_of(row, varying));
  return names;
}

std::optional<Estimate> difference_of(std::span<const StudyRow* const> left,
                                      std::span<const StudyRow* const> right,
                                      const std::string& figure) {
  if (left.empty() || right.empty()) return std::nullopt;
  const std::size_t texts = left.front()->texts.size();
  const auto median_at = [&](std::span<const StudyRow* const> rows,
                             std::size_t text) -> std::optional<double> {
    std::vector<double> values;
    for (const StudyRow* row : rows) {
      if (row->texts.size() != texts || !row->texts[text].figures.contains(figure)) {
        return std::nullopt;
      }
      values.push_back(row->texts[text].figures.at(figure));
    }
    return percentile(std::move(values), 0.5);
  };
  std::vector<Portion> differences;
  for (std::size_t text = 0; text < texts; ++text) {
    const auto of_left = median_at(left, text), of_right = median_at(right, text);
    if (!of_left || !of_right) return std::nullopt;
    const double steps = left.front()->texts[text].steps;
    differences.push_back({.sum = steps * (*of_left - *of_right), .weight = steps});
  }
  return estimate_mean(differences);
}

std::optional<double> median_of(std::span<const StudyRow* const> rows, const std::string& figure) {
  std::vector<double> values;
  for (const StudyRow* row : rows) {
    if (const auto value = row->figure(figure)) values.push_back(*value);
  }
  return percentile(std::move(values), 0.5);
}

}  // namespace sketchscope
