#include "gui/view/closeness.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace sketchscope::view {

std::string_view closeness_text(Closeness closeness) {
  constexpr std::array<std::string_view, 4> kTexts = {"close", "drifting", "repeating", "broken"};
  return kTexts[static_cast<std::size_t>(closeness)];
}

std::optional<Closeness> DrawnTokens::closeness(const ClosenessLimits& limits) const {
  if (!logit_kl || !top1_agreement || steps < kFewest) return std::nullopt;
  if (*logit_kl >= limits.broken_kl || *top1_agreement < limits.broken_agreement) {
    return Closeness::broken;
  }
  // A text that goes round in circles is foreseen by the full cache too, once it has read it.
  if (distinct < limits.repeating_tokens) return Closeness::repeating;
  const bool drifts =
      *logit_kl >= limits.drifting_kl || *top1_agreement < limits.drifting_agreement;
  return drifts ? Closeness::drifting : Closeness::close;
}

DrawnTokens drawn_tokens(std::span<const record::RecordPointer> records) {
  while (!records.empty() && records.front()->prompt_tokens > 0) records = records.subspan(1);
  records = records.last(std::min(records.size(), DrawnTokens::kLatest));
  DrawnTokens drawn{.steps = records.size()};
  if (records.empty()) return drawn;
  double kl = 0;
  double agreed = 0;
  bool measured = true;
  std::set<int> distinct;
  for (const record::RecordPointer& record : records) {
    measured = measured && record->logit_kl && record->top1_agrees;
    kl += record->logit_kl.value_or(0);
    agreed += record->top1_agrees.value_or(false) ? 1 : 0;
    distinct.insert(record->tokens.begin(), record->tokens.end());
  }
  const auto steps = static_cast<double>(records.size());
  drawn.distinct = static_cast<double>(distinct.size()) / steps;
  if (measured) {
    drawn.logit_kl = kl / steps;
    drawn.top1_agreement = agreed / steps;
  }
  return drawn;
}

}  // namespace sketchscope::view
