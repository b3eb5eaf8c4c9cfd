#include "gui/view/eviction_cost.hpp"

#include "gui/plot/value_format.hpp"

namespace sketchscope::view {
namespace {

using decode::SparedBy;

// The step that fed the first token whose prediction could miss the position.
std::int64_t first_step(const run::EvictionInquiry& inquiry) {
  return inquiry.step + 1;
}

StepSeries sums_of(const measure::SparedRun& run) {
  StepSeries sums;
  double sum = 0;
  for (const double change : run.changes) sums.push_back(sum += change);
  return sums;
}

}  // namespace

const run::EvictionInquiry* inquiry_of(const run::LiveState& state, EvictionPlace place,
                                       const record::EvictionRecord& eviction) {
  const run::EvictionInquiry* inquiry = state.cost.get();
  if (inquiry == nullptr || inquiry->step != place.step) return nullptr;
  const record::EvictionRecord& asked = inquiry->cost.eviction;
  const bool is_same = asked.layer == eviction.layer && asked.head == eviction.head &&
                       asked.position == eviction.position;
  return is_same ? inquiry : nullptr;
}

CostCurves cost_curves(const run::EvictionInquiry& inquiry) {
  CostCurves curves{.steps = {},
                    .next = sums_of(inquiry.cost.run(SparedBy::next)),
                    .extra = sums_of(inquiry.cost.run(SparedBy::extra))};
  for (std::size_t after = 0; after < curves.next.size(); ++after) {
    curves.steps.push_back(static_cast<double>(first_step(inquiry)) + static_cast<double>(after));
  }
  return curves;
}

std::string cost_words(const run::EvictionInquiry& inquiry, SparedBy by) {
  const measure::SparedRun& run = inquiry.cost.run(by);
  const auto tokens = static_cast<std::int64_t>(run.changes.size());
  std::string words = plot::digits_text(run.sum(), 3) + " nats in " + plot::count_text(tokens) +
                      (tokens == 1 ? " token since" : " tokens since");
  if (run.left_before) {
    words += ", gone again at step " +
             plot::count_text(inquiry.step + static_cast<std::int64_t>(*run.left_before));
  }
  return words;
}

DataTable cost_data(const run::EvictionInquiry& inquiry) {
  DataTable table{.columns = {"step", "cost_if_next_leaves", "cost_of_no_extra_slot"}};
  const std::vector<double>& next = inquiry.cost.run(SparedBy::next).changes;
  const std::vector<double>& extra = inquiry.cost.run(SparedBy::extra).changes;
  for (std::size_t after = 0; after < next.size(); ++after) {
    const std::int64_t step = first_step(inquiry) + static_cast<std::int64_t>(after);
    table.rows.push_back({std::to_string(step), exact_text(next[after]), exact_text(extra[after])});
  }
  return table;
}

}  // namespace sketchscope::view
