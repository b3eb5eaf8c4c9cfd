#include "tests/support/reference_budgets.hpp"

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <utility>

namespace sketchscope::support {

ReferenceBudgets::ReferenceBudgets(const settings::Knobs& knobs, int layers)
    : knobs_(knobs), needs_(static_cast<std::size_t>(layers), 0) {
  share_out_slots();
  slots_ = wanted_;
}

void ReferenceBudgets::share_out_slots() {
  const int layers = static_cast<int>(needs_.size());
  const int safe =
      std::min(knobs_.sinks + std::max(knobs_.recent_window, 1), knobs_.max_cache_size);
  const int free = knobs_.max_cache_size - safe;
  const bool all_known = std::ranges::all_of(needs_, [](double need) { return need > 0; });
  double mean = 0;
  for (const double need : needs_) mean += need / layers;
  wanted_.clear();
  std::vector<std::pair<double, int>> remainders;
  int left = free * layers;
  for (int layer = 0; layer < layers; ++layer) {
    double weight = 1;
    if (knobs_.budget == settings::BudgetKind::pyramid && layers > 1)
      weight = 1.95 - 1.9 * layer / (layers - 1);
    if (knobs_.budget == settings::BudgetKind::adaptive && all_known)
      weight = 0.2 + 0.8 * needs_[layer] / mean;
    const double quota = weight * free;
    wanted_.push_back(safe + static_cast<int>(quota));
    left -= static_cast<int>(quota);
    remainders.push_back({-(quota - static_cast<int>(quota)), layer});
  }
  std::ranges::sort(remainders);
  for (int i = 0; i < left; ++i) ++wanted_[remainders[i].second];
}

void ReferenceBudgets::learn_need(int layer, const std::vector<Mass>& masses) {
  if (knobs_.budget != settings::BudgetKind::adaptive) return;
  double slots = 0;
  for (const Mass& of_heads : masses) {
    std::map<int, double> by_position;
    double whole = 0;
    for (const auto& [head, row] : of_heads) {
      for (const auto& [position, gained] : row) {
        by_position[position] += gained;
        whole += gained;
      }
    }
    std::vector<double> sorted;
    for (const auto& [position, gained] : by_position) sorted.push_back(gained);
    std::ranges::sort(sorted, std::greater<>());
    double held = 0;
    for (std::size_t i = 0; held < 0.95 * whole; ++i, ++slots) held += sorted[i];
  }
  slots /= static_cast<double>(masses.size());
  double& need = needs_[layer];
  need = need == 0 ? slots : 0.75 * need + 0.25 * slots;
}

bool ReferenceBudgets::adapt() {
  if (knobs_.budget != settings::BudgetKind::adaptive) return false;
  share_out_slots();
  bool moves = false;
  for (std::size_t layer = 0; layer < slots_.size(); ++layer) {
    const int change = std::abs(wanted_[layer] - slots_[layer]);
    moves = moves || (change > 0 && 8 * change >= slots_[layer]);
  }
  if (moves) slots_ = wanted_;
  return moves;
}

}  // namespace sketchscope::support
