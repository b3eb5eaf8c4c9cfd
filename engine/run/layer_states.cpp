#include "engine/run/layer_states.hpp"

#include <algorithm>
#include <functional>
#include <limits>
#include <numeric>
#include <optional>
#include <utility>

namespace sketchscope {
namespace {

constexpr float kNotKnown = std::numeric_limits<float>::quiet_NaN();

std::size_t distinct(std::vector<std::uint32_t> ids) {
  std::ranges::sort(ids);
  return ids.size() - std::ranges::unique(ids).size();
}

// The codes of keys by position: those of stored ones are known, evicted keys are gone.
std::vector<std::uint32_t> codes_by_position(const HeadGroup& group, std::size_t positions) {
  if (group.codes.empty()) return {};
  std::vector<std::uint32_t> codes(positions, ItemMap::kUnknownCode);
  for (std::size_t slot = 0; slot < group.codes.size(); ++slot) {
    codes[static_cast<std::size_t>(group.table.positions()[slot])] = group.codes[slot];
  }
  return codes;
}

TableState describe(const Lane& lane, int layer, const HeadGroup& group) {
  const std::size_t count = lane.tokens().size();
  TableState state;
  state.positions.assign(group.table.positions().begin(), group.table.positions().end());
  state.scores.resize(state.positions.size());
  lane.score(layer, group, state.scores);
  if (group.audit) {
    const auto exact = group.audit->exact_mass().first(count);
    const auto regret = group.audit->regret().first(count);
    state.exact_mass.assign(exact.begin(), exact.end());
    state.regret.assign(regret.begin(), regret.end());
  }
  return state;
}

/// Every position fed so far, evicted ones too, with room to ask a sketch about all of them at
/// once.
class AllPositions {
 public:
  explicit AllPositions(const Lane& lane)
      : lane_(lane),
        positions_(lane.tokens().size()),
        ids_(positions_.size()),
        row_(positions_.size()) {
    std::iota(positions_.begin(), positions_.end(), 0);
  }

  /// What the sketch holds of each position's item, summed over the rows of items, (P); NaN where
  /// the item is no longer known. `codes` are those of keys by position.
  std::vector<float> estimates(const Sketch& sketch, const HeadGroup& group,
                               std::span<const std::uint32_t> codes) {
    ItemMap items = lane_.items_of(group);
    if (items.key == SketchKey::key_lsh && codes.empty()) {
      return std::vector<float>(positions_.size(), kNotKnown);
    }
    items.positions = positions_;
    items.tokens = lane_.tokens();
    items.codes = codes;
    std::vector<float> sums(positions_.size());
    for (int row = 0; row < items.rows(); ++row) {
      items.copy_ids(row, 0, ids_);
      sketch.estimate_all(ids_, row_);
      std::ranges::transform(sums, row_, sums.begin(), std::plus<>());
    }
    for (std::size_t position = 0; position < sums.size(); ++position) {
      if (!items.known(position)) sums[position] = kNotKnown;
    }
    return sums;
  }

  [[nodiscard]] std::size_t count() const { return positions_.size(); }
  /// Different tokens among those fed. They are counted when first asked for, as all layers share
  /// them.
  std::size_t distinct_tokens() {
    if (!distinct_tokens_) {
      distinct_tokens_ = distinct({lane_.tokens().begin(), lane_.tokens().end()});
    }
    return *distinct_tokens_;
  }

 private:
  const Lane& lane_;
  std::vector<int> positions_;
  std::vector<std::uint32_t> ids_;
  std::vector<float> row_;
  std::optional<std::size_t> distinct_tokens_;
};

/// One counter for each item that was counted. Positions index a plain array; other ids have to be
/// kept beside their counters.
std::size_t bytes_of_exact_counters(const LayerCache& cache, const ItemMap& items,
                                    AllPositions& all) {
  constexpr std::size_t kCounter = sizeof(float);
  constexpr std::size_t kCounterWithId = sizeof(float) + sizeof(std::uint32_t);
  switch (items.key) {
    case SketchKey::position:
      return all.count() * kCounter;
    case SketchKey::head_position: {
      const HeadRange& last = cache.groups.back().heads;
      return all.count() * static_cast<std::size_t>(last.first + last.count) * kCounter;
    }
    case SketchKey::token:
      return all.distinct_tokens() * kCounterWithId;
    case SketchKey::key_lsh:
      break;
  }
  std::vector<std::uint32_t> codes;
  for (const HeadGroup& group : cache.groups) {
    codes.insert(codes.end(), group.codes.begin(), group.codes.end());
  }
  return distinct(std::move(codes)) * kCounterWithId;
}

void add_sketch(const Lane& lane, const LayerCache& cache, AllPositions& all, LayerState& state) {
  const Sketch& sketch = *cache.sketch;
  for (std::size_t index = 0; index < cache.groups.size(); ++index) {
    const HeadGroup& group = cache.groups[index];
    TableState& table = state.tables[index];
    table.codes = codes_by_position(group, all.count());
    table.estimates = all.estimates(sketch, group, table.codes);
  }
  state.cells.assign(sketch.cells().begin(), sketch.cells().end());
  state.total_mass = sketch.total_mass();
  state.error_bound = sketch.error_bound();
  state.sketch_bytes = sketch.bytes();
  state.exact_bytes = bytes_of_exact_counters(cache, lane.items_of(cache.groups.front()), all);
  state.approximate = sketch.approximate();
}

/// (H, P), NaN where a head's table did not store the position.
std::vector<float> attention_by_position(const Lane& lane, std::size_t layer) {
  const LayerCache& cache = lane.layers()[layer];
  const Attended& attended = cache.attended;
  if (attended.mass.empty()) return {};
  const std::size_t tables = cache.groups.size();
  const std::size_t stored = attended.positions.size() / tables;
  const std::size_t heads = attended.mass.size() / stored;
  const std::size_t positions = lane.tokens().size();
  // A full cache has its slots in order of position: (H, S) is (H, P) already.
  const bool in_order =
      stored == positions && std::ranges::is_sorted(attended.positions) && tables == 1;
  if (in_order) return attended.mass;
  std::vector<float> attention(heads * positions, kNotKnown);
  for (std::size_t head = 0; head < heads; ++head) {
    const auto of_table =
        std::span(attended.positions).subspan(head * tables / heads * stored, stored);
    const auto mass = std::span(attended.mass).subspan(head * stored, stored);
    const auto row = std::span(attention).subspan(head * positions, positions);
    for (std::size_t slot = 0; slot < stored; ++slot) {
      row[static_cast<std::size_t>(of_table[slot])] = mass[slot];
    }
  }
  return attention;
}

}  // namespace

std::vector<LayerState> layer_states(const Lane& lane, const Lane* twin) {
  AllPositions all(lane);
  std::vector<LayerState> states;
  states.reserve(lane.layers().size());
  for (const LayerCache& cache : lane.layers()) {
    LayerState state;
    for (const HeadGroup& group : cache.groups) {
      state.tables.push_back(describe(lane, static_cast<int>(states.size()), group));
    }
    if (cache.sketch) add_sketch(lane, cache, all, state);
    state.attention = attention_by_position(lane, states.size());
    if (twin) state.twin_attention = attention_by_position(*twin, states.size());
    states.push_back(std::move(state));
  }
  return states;
}

}  // namespace sketchscope
