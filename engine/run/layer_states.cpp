#include "engine/run/layer_states.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

namespace sketchscope {
namespace {

// The codes of keys by position: those of stored ones are known, evicted keys are gone.
std::vector<std::uint32_t> codes_by_position(const HeadGroup& group, std::size_t positions) {
  if (group.codes.empty()) return {};
  std::vector<std::uint32_t> codes(positions, ItemMap::kUnknownCode);
  for (std::size_t slot = 0; slot < group.codes.size(); ++slot) {
    codes[static_cast<std::size_t>(group.table.positions()[slot])] = group.codes[slot];
  }
  return codes;
}

float estimate_of(const Sketch& sketch, const ItemMap& items, std::size_t position) {
  if (!items.known(position)) return std::numeric_limits<float>::quiet_NaN();
  float sum = 0;
  for (int row = 0; row < items.rows(); ++row) sum += sketch.estimate(items.id(row, position));
  return sum;
}

// One counter an item. Positions index a plain array; other ids have to be kept beside it.
std::size_t bytes_of_exact_counters(SketchKey key, std::vector<std::uint32_t>& ids) {
  std::ranges::sort(ids);
  const auto repeated = std::ranges::unique(ids);
  ids.erase(repeated.begin(), repeated.end());
  const bool array = key == SketchKey::position || key == SketchKey::head_position;
  return ids.size() * (sizeof(float) + (array ? 0 : sizeof(std::uint32_t)));
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

// The items of every position fed so far, evicted ones too.
struct AllPositions {
  explicit AllPositions(const Lane& lane) : positions(lane.tokens().size()) {
    std::iota(positions.begin(), positions.end(), 0);
  }
  [[nodiscard]] ItemMap items(const Lane& lane, const HeadGroup& group,
                              const TableState& state) const {
    ItemMap items = lane.items_of(group);
    items.positions = positions;
    items.tokens = lane.tokens();
    items.codes = state.codes;
    return items;
  }
  std::vector<int> positions;
};

void add_sketch(const Lane& lane, const LayerCache& cache, const AllPositions& all,
                LayerState& state) {
  const Sketch& sketch = *cache.sketch;
  std::vector<std::uint32_t> ids;
  for (std::size_t index = 0; index < cache.groups.size(); ++index) {
    const HeadGroup& group = cache.groups[index];
    TableState& table = state.tables[index];
    table.codes = codes_by_position(group, all.positions.size());
    const ItemMap items = all.items(lane, group, table);
    for (std::size_t position = 0; position < all.positions.size(); ++position) {
      table.estimates.push_back(estimate_of(sketch, items, position));
      if (!items.known(position)) continue;
      for (int row = 0; row < items.rows(); ++row) ids.push_back(items.id(row, position));
    }
  }
  state.cells.assign(sketch.cells().begin(), sketch.cells().end());
  state.total_mass = sketch.total_mass();
  state.error_bound = sketch.error_bound();
  state.sketch_bytes = sketch.bytes();
  state.exact_bytes = bytes_of_exact_counters(lane.items_of(cache.groups.front()).key, ids);
  state.approximate = sketch.approximate();
}

// (H, P), NaN where a head's table did not store the position.
std::vector<float> attention_by_position(const Lane& lane, std::size_t layer) {
  const LayerCache& cache = lane.layers()[layer];
  const Attended& attended = cache.attended;
  if (attended.mass.empty()) return {};
  const std::size_t stored = attended.positions.size() / cache.groups.size();
  const std::size_t heads = attended.mass.size() / stored;
  const std::size_t positions = lane.tokens().size();
  std::vector<float> attention(heads * positions, std::numeric_limits<float>::quiet_NaN());
  for (std::size_t head = 0; head < heads; ++head) {
    const std::size_t table = head * cache.groups.size() / heads;
    for (std::size_t slot = 0; slot < stored; ++slot) {
      const auto position = static_cast<std::size_t>(attended.positions[table * stored + slot]);
      attention[head * positions + position] = attended.mass[head * stored + slot];
    }
  }
  return attention;
}

}  // namespace

std::vector<LayerState> layer_states(const Lane& lane, const Lane* twin) {
  const AllPositions all(lane);
  std::vector<LayerState> states;
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
