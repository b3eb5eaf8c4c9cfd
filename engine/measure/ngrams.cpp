#include "engine/measure/ngrams.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace sketchscope {
namespace {

// The clipped n-gram precision of BLEU: the share of the candidate's n-grams that some reference
// has, each counted at most as often as it occurs there.
double clipped_precision(std::span<const int> candidate,
                         std::span<const std::vector<int>> references, int order) {
  NgramCounts allowed;
  for (const std::vector<int>& reference : references) {
    for (const auto& [run, count] : count_ngrams(reference, order)) {
      allowed[run] = std::max(allowed[run], count);
    }
  }
  int matched = 0;
  int all = 0;
  for (const auto& [run, count] : count_ngrams(candidate, order)) {
    const auto found = allowed.find(run);
    matched += found == allowed.end() ? 0 : std::min(count, found->second);
    all += count;
  }
  return all > 0 ? static_cast<double>(matched) / all : 0;
}

double brevity_penalty(std::size_t candidate, std::span<const std::vector<int>> references) {
  const auto distance = [&](const std::vector<int>& reference) {
    return std::abs(static_cast<double>(reference.size()) - static_cast<double>(candidate));
  };
  const auto nearest = std::ranges::min_element(references, [&](const auto& a, const auto& b) {
    return distance(a) != distance(b) ? distance(a) < distance(b) : a.size() < b.size();
  });
  if (candidate >= nearest->size()) return 1;
  return std::exp(1 - static_cast<double>(nearest->size()) / static_cast<double>(candidate));
}

}  // namespace

NgramCounts count_ngrams(std::span<const int> tokens, int order) {
  NgramCounts counts;
  const auto length = static_cast<std::size_t>(order);
  for (std::size_t start = 0; start + length <= tokens.size(); ++start) {
    const auto run = tokens.subspan(start, length);
    ++counts[{run.begin(), run.end()}];
  }
  return counts;
}

double bleu(std::span<const int> candidate, std::span<const std::vector<int>> references,
            int longest) {
  if (candidate.empty() || references.empty()) return 0;
  double log_sum = 0;
  for (int order = 1; order <= longest; ++order) {
    const double precision = clipped_precision(candidate, references, order);
    if (precision <= 0) return 0;
    log_sum += std::log(precision);
  }
  return brevity_penalty(candidate.size(), references) * std::exp(log_sum / longest);
}

}  // namespace sketchscope
