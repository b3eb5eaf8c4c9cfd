#include "gui/panels/eviction_answers.hpp"

#include <cmath>

#include "gui/panels/panel_text.hpp"
#include "gui/plot/value_format.hpp"
#include "gui/view/eviction_cost.hpp"
#include "gui/view/head_text.hpp"
#include "gui/view/history.hpp"
#include "gui/view/position_life.hpp"

namespace sketchscope::panels {
namespace {

std::string way_to_cost(const PanelContext& context, view::EvictionPlace place) {
  if (context.state.phase == run::RunPhase::saved) return "continue the run, then press W";
  const bool newest = static_cast<std::size_t>(place.step) + 1 >= context.history.size();
  return newest ? "no token since: make a step first" : "press W to see";
}

void add_cost(const PanelContext& context, view::EvictionPlace place,
              const record::EvictionRecord& eviction, std::vector<EvictionAnswer>& list) {
  const run::EvictionInquiry* cost = view::inquiry_of(context.state, place, eviction);
  if (cost == nullptr) {
    if (context.print) return;
    list.push_back({"what it cost", way_to_cost(context, place)});
    return;
  }
  if (!cost->repeated_exactly) {
    const auto percent = static_cast<int>(std::floor(cost->done * 100));
    list.push_back({"what it cost", "repeating the run: " + std::to_string(percent) + " %"});
    return;
  }
  if (!*cost->repeated_exactly) {
    list.push_back({"what it cost", "not known: the run does not repeat exactly"});
    return;
  }
  list.push_back({"cost, next leaves", view::cost_words(*cost, decode::SparedBy::next)});
  list.push_back({"cost, a slot more", view::cost_words(*cost, decode::SparedBy::extra)});
}

std::string changes_words(const view::TopTokenChanges& changes) {
  if (changes.compared == 0) return std::string(plot::kAbsent);
  return "top token changed in " + plot::count_text(std::ssize(changes.steps)) + " of " +
         plot::count_text(changes.compared) + (changes.compared == 1 ? " step" : " steps") +
         " since";
}

std::string missed_words(double regret, std::int64_t from, std::int64_t until) {
  if (!std::isfinite(regret) || until < from) return std::string(plot::kAbsent);
  return plot::column_text(regret) +
         (from == until ? " in step " : " in steps " + plot::count_text(from) + " to ") +
         plot::count_text(until);
}

std::string margin_words(const PanelContext& context, const record::EvictionRecord& eviction) {
  std::string words = plot::column_text(plot::or_missing(eviction.margin));
  if (!eviction.next_position) return words;
  const auto index = static_cast<std::size_t>(*eviction.next_position);
  words += " (position " + plot::count_text(*eviction.next_position);
  if (index < context.history.tokens().size()) {
    words += " " + token_text(context.model).quoted(context.history.tokens()[index]);
  }
  return words + ")";
}

}  // namespace

std::string eviction_words(const PanelContext& context, view::EvictionPlace place) {
  const record::EvictionRecord& eviction = *context.history.eviction(place);
  return "step " + plot::count_text(place.step) + " · layer " + std::to_string(eviction.layer) +
         (eviction.head ? " " + view::table_head_text(context.model.config, *eviction.head) : "") +
         " · position " + plot::count_text(eviction.position) + " " +
         token_text(context.model).quoted(eviction.token);
}

std::vector<EvictionAnswer> EvictionAnswers::of(const PanelContext& context,
                                                view::EvictionPlace place,
                                                const record::EvictionRecord& eviction) {
  const settings::Knobs knobs = view::knobs_at(context.history, context.state.applied, place.step);
  const std::string candidates = plot::count_text(eviction.candidates);
  const double regret = view::regret_of(known_state(context), eviction.layer, eviction.position,
                                        eviction.head.value_or(0));
  const std::int64_t until = context.shown_step();
  std::vector<EvictionAnswer> list;
  // A figure has no card, whose title says it.
  if (context.print) {
    list = {{"evicted", eviction_words(context, place)},
            {"reason", std::string(record::reason_text(eviction.reason))}};
  }
  const std::vector<EvictionAnswer> measured = {
      {"rank at the decision", eviction.degenerate ? "none: everything was protected"
                                                   : "lowest of " + candidates + " unprotected"},
      {"score / exact mass", plot::column_text(eviction.score) + " / " +
                                 plot::column_text(plot::or_missing(eviction.exact_score))},
      {"inflated by", inflation(context, place, eviction, knobs)},
      {"margin to the next", margin_words(context, eviction)},
      {"protected", view::protection_text(eviction, knobs)},
      {"mass missed since", missed_words(regret, place.step, until)},
      {"all evictions together",
       changes_words(view::top_token_changes(context.history, place.step, until))}};
  list.insert(list.end(), measured.begin(), measured.end());
  add_cost(context, place, eviction, list);
  return list;
}

std::string EvictionAnswers::inflation(const PanelContext& context, view::EvictionPlace place,
                                       const record::EvictionRecord& eviction,
                                       const settings::Knobs& knobs) {
  if (!settings::uses_sketch(knobs)) return "no sketch: policy " + knobs.policy.name();
  if (!knobs.sketch->has_table) return "nothing: exact counters";
  if (!cells_ || !cells_->fits(knobs)) {
    cells_.emplace(knobs, context.model.config.heads, context.model.config.positions);
  }
  const auto fed = static_cast<std::size_t>(context.history.positions_at(place.step));
  const int head = eviction.head.value_or(0);
  const run::LiveState* state = known_state(context);
  const run::TableState* table = state ? run::table_of(*state, eviction.layer, head) : nullptr;
  const std::span<const float> exact =
      table ? std::span<const float>(table->exact_mass) : std::span<const float>();
  const view::SeenItems seen{.tokens = context.history.tokens().first(fed),
                             .codes = table ? std::span<const std::uint32_t>(table->codes)
                                            : std::span<const std::uint32_t>(),
                             .head = head};
  const auto sharing = view::limiting_cell(*cells_, seen, eviction.position, exact);
  if (!sharing) return "not known: the key is gone";
  const std::string row = "row " + std::to_string(sharing->row);
  // Without the head in its key, an item counts what all heads of the layer attend to.
  const bool of_all_heads = eviction.head && (knobs.sketch_key == sketch::SketchKey::position ||
                                              knobs.sketch_key == sketch::SketchKey::token);
  if (sharing->positions.empty()) {
    return (of_all_heads ? "the layer's other heads, alone in " : "nothing: alone in ") + row;
  }
  const std::size_t others = sharing->positions.size() - 1;
  return (of_all_heads ? "the layer's other heads, position " : "position ") +
         plot::count_text(sharing->positions.front()) +
         (others > 0 ? " and " + std::to_string(others) + " more" : "") + " in " + row;
}

}  // namespace sketchscope::panels
