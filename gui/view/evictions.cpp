#include "gui/view/evictions.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <limits>
#include <numeric>
#include <ranges>
#include <sstream>
#include <string>

#include "engine/core/error.hpp"
#include "engine/core/text.hpp"
#include "gui/plot/value_format.hpp"

namespace sketchscope::view {
namespace {

bool passes(const History& history, EvictionPlace place, const EvictionFilter& filter) {
  return !filter.layer || history.eviction(place)->layer == *filter.layer;
}

/// Places are in the order of steps.
std::span<const EvictionPlace> places_up_to(const History& history, std::int64_t step) {
  const auto places = history.eviction_places();
  const auto end = std::ranges::upper_bound(places, step, {}, &EvictionPlace::step);
  return places.first(static_cast<std::size_t>(end - places.begin()));
}

constexpr std::array<std::string_view, 8> kNames = {"step",  "layer", "position", "token",
                                                    "score", "exact", "margin",   "regret"};

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](unsigned char c) { return std::tolower(c); });
  return out;
}

bool is_looked_for(const record::EvictionRecord& eviction, const EvictionSearch& search,
                   const TokenText& text) {
  if (search.position && eviction.position != *search.position) return false;
  if (search.words.empty()) return true;
  std::string all =
      lower(text.of(eviction.token)) + '\n' + lower(record::reason_text(eviction.reason));
  if (eviction.degenerate) all += "\nno choice";
  return std::ranges::all_of(
      search.words, [&](const std::string& word) { return all.find(word) != std::string::npos; });
}

double number_of(const record::EvictionRecord& eviction, EvictionPlace place,
                 const run::LiveState& state, EvictionColumn column) {
  switch (column) {
    case EvictionColumn::step:
    case EvictionColumn::token:
      return static_cast<double>(place.step);
    case EvictionColumn::layer:
      return eviction.layer;
    case EvictionColumn::position:
      return eviction.position;
    case EvictionColumn::score:
      return eviction.score;
    case EvictionColumn::exact:
      return plot::or_missing(eviction.exact_score);
    case EvictionColumn::margin:
      return eviction.degenerate ? plot::kMissing : plot::or_missing(eviction.margin);
    case EvictionColumn::regret:
      return regret_of(&state, eviction.layer, eviction.position, eviction.head.value_or(0));
  }
  return plot::kMissing;
}

}  // namespace

std::vector<EvictionPlace> newest_evictions(const History& history, const EvictionFilter& filter,
                                            std::size_t count) {
  const auto places = places_up_to(history, filter.up_to_step);
  if (!filter.layer) {
    const auto last = places.last(std::min(count, places.size()));
    return {last.rbegin(), last.rend()};
  }
  std::vector<EvictionPlace> newest;
  for (const EvictionPlace place : places | std::views::reverse) {
    if (newest.size() == count) break;
    if (passes(history, place, filter)) newest.push_back(place);
  }
  return newest;
}

std::size_t count_evictions(const History& history, const EvictionFilter& filter) {
  const auto places = places_up_to(history, filter.up_to_step);
  if (!filter.layer) return places.size();
  return static_cast<std::size_t>(std::ranges::count_if(
      places, [&](EvictionPlace place) { return passes(history, place, filter); }));
}

EvictionRow eviction_row(const History& history, EvictionPlace place, const run::LiveState* state,
                         const TokenText& text) {
  const record::EvictionRecord& eviction = *history.eviction(place);
  return {.place = place,
          .layer = eviction.layer,
          .head = eviction.head,
          .position = eviction.position,
          .token = text.dotted(eviction.token),
          .score = eviction.score,
          .exact = plot::or_missing(eviction.exact_score),
          .margin = plot::or_missing(eviction.margin),
          .regret = regret_of(state, eviction.layer, eviction.position, eviction.head.value_or(0)),
          .degenerate = eviction.degenerate,
          .reason = record::reason_text(eviction.reason)};
}

double regret_of(const run::LiveState* state, int layer, int position, int head) {
  const run::TableState* table = state ? run::table_of(*state, layer, head) : nullptr;
  if (!table) return plot::kMissing;
  const bool known = position >= 0 && static_cast<std::size_t>(position) < table->regret.size();
  return known ? table->regret[static_cast<std::size_t>(position)] : plot::kMissing;
}

EvictionSearch parse_eviction_search(std::string_view text) {
  EvictionSearch search;
  std::istringstream stream{lower(text)};
  for (std::string word; stream >> word;) {
    const auto number = core::parse_number<int>(std::string_view(word).substr(1));
    if (number && word[0] == 'l') {
      search.layer = *number;
    } else if (number && word[0] == 'p') {
      search.position = *number;
    } else {
      search.words.push_back(word);
    }
  }
  return search;
}

std::string_view eviction_column_name(EvictionColumn column) {
  return kNames.at(static_cast<std::size_t>(column));
}

EvictionColumn eviction_column_of(std::string_view name) {
  const auto found = std::ranges::find(kNames, name);
  if (found != kNames.end()) return static_cast<EvictionColumn>(found - kNames.begin());
  throw core::UsageError({.what = "column of the table of evictions",
                          .found = "'" + std::string(name) + "'",
                          .expected = "one of " + core::join({kNames.begin(), kNames.end()})});
}

EvictionOrder clicked_order(EvictionOrder order, EvictionColumn column) {
  if (order.column == column) return {column, !order.descending};
  return {column, column != EvictionColumn::token};
}

std::string order_text(EvictionOrder order) {
  if (order.column == EvictionColumn::step)
    return order.descending ? "newest first" : "oldest first";
  const bool words = order.column == EvictionColumn::token;
  const std::string by = "by " + std::string(eviction_column_name(order.column));
  if (words) return by + (order.descending ? ", from Z" : ", from A");
  return by + (order.descending ? ", greatest first" : ", lowest first");
}

void EvictionLines::update(const History& history, const run::LiveState& state,
                           const TokenText& text, std::int64_t up_to_step,
                           const EvictionSearch& search, EvictionOrder order) {
  const bool same = generation_ == history.generation() && revision_ == history.revision() &&
                    up_to_step_ == up_to_step && search_ == search && order_ == order;
  if (same && revision_ != 0) return;
  generation_ = history.generation();
  revision_ = history.revision();
  up_to_step_ = up_to_step;
  search_ = search;
  order_ = order;
  // Entries are logged in the order of steps, so this order needs no sorting.
  const bool newest_first = order.column == EvictionColumn::step && order.descending;
  const bool all = search == EvictionSearch();
  lines_.clear();
  logged_ =
      newest_first && all ? places_up_to(history, up_to_step) : std::span<const EvictionPlace>();
  if (newest_first && all) return;
  collect(history, text);
  lines_ = entries_;
  sorted_ = newest_first ? lines_.size() : 0;
  if (!newest_first) prepare_sorting(history, state, text);
}

void EvictionLines::collect(const History& history, const TokenText& text) {
  entries_ = newest_evictions(history, {.up_to_step = up_to_step_, .layer = search_.layer});
  if (!search_.position && search_.words.empty()) return;
  std::erase_if(entries_, [&](EvictionPlace place) {
    return !is_looked_for(*history.eviction(place), search_, text);
  });
}

void EvictionLines::prepare_sorting(const History& history, const run::LiveState& state,
                                    const TokenText& text) {
  rank_.resize(entries_.size());
  std::iota(rank_.begin(), rank_.end(), std::size_t{0});
  numbers_.clear();
  words_.clear();
  for (const EvictionPlace place : entries_) {
    const record::EvictionRecord& eviction = *history.eviction(place);
    numbers_.push_back(number_of(eviction, place, state, order_.column));
    if (order_.column == EvictionColumn::token) words_.emplace_back(text.of(eviction.token));
  }
}

void EvictionLines::sort_first(std::size_t count) {
  if (count <= sorted_) return;
  const auto before = [this](std::size_t a, std::size_t b) {
    if (!words_.empty() && words_[a] != words_[b]) {
      return (words_[a] < words_[b]) != order_.descending;
    }
    const bool a_missing = std::isnan(numbers_[a]);
    const bool b_missing = std::isnan(numbers_[b]);
    if (a_missing != b_missing) return b_missing;
    if (words_.empty() && !a_missing && numbers_[a] != numbers_[b]) {
      return (numbers_[a] < numbers_[b]) != order_.descending;
    }
    return a < b;
  };
  std::partial_sort(rank_.begin(), rank_.begin() + static_cast<std::ptrdiff_t>(count), rank_.end(),
                    before);
  for (std::size_t line = 0; line < count; ++line) lines_[line] = entries_[rank_[line]];
  sorted_ = count;
}

std::span<const EvictionPlace> EvictionLines::lines(std::size_t skip, std::size_t count) {
  const std::size_t first = std::min(skip, size());
  const std::size_t last = std::min(first + count, size());
  if (!logged_.empty()) {
    const auto part = logged_.subspan(logged_.size() - last, last - first);
    lines_.assign(part.rbegin(), part.rend());
    return lines_;
  }
  sort_first(last);
  return std::span(lines_).subspan(first, last - first);
}

std::string first_eviction_words(const record::StepRecord* record, const settings::Knobs& knobs,
                                 int positions) {
  if (!knobs.policy->evicts) return "Policy full never evicts: choose another one";
  if (knobs.max_cache_size > positions) {
    return "No table fills: the model has " + plot::count_text(positions) + " positions";
  }
  const auto room = [](const record::LayerRecord& layer) {
    return layer.capacity.value_or(std::numeric_limits<int>::max()) - layer.stored;
  };
  const record::LayerRecord* fullest = nullptr;
  if (record != nullptr && !record->layers.empty()) {
    fullest = &*std::ranges::min_element(record->layers, {}, room);
  }
  if (fullest == nullptr || !fullest->capacity) return "A position leaves when its table is full";
  const std::int64_t first = record->step + 1 + std::max(0, room(*fullest));
  return plot::count_text(fullest->stored) + " of " + plot::count_text(*fullest->capacity) +
         " slots are filled: step " + plot::count_text(first) + " is the first that evicts";
}

}  // namespace sketchscope::view
