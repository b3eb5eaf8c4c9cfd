#include "engine/run/live_state.hpp"

#include <algorithm>
#include <functional>
#include <limits>
#include <numeric>
#include <utility>

#include "engine/decode/lane.hpp"
#include "engine/run/attended_slots.hpp"

namespace sketchscope::run {
namespace {

constexpr float kNotKnown = std::numeric_limits<float>::quiet_NaN();

std::size_t distinct(std::vector<std::uint32_t> ids) {
  std::ranges::sort(ids);
  return ids.size() - std::ranges::unique(ids).size();
}

// Returns the codes of the stored keys by position. The keys of evicted positions are not known.
std::vector<std::uint32_t> codes_by_position(const decode::TableView& table,
                                             std::size_t positions) {
  const std::span<const std::uint32_t> of_slots = table.items().codes;
  if (of_slots.empty()) return {};
  std::vector<std::uint32_t> codes(positions, sketch::ItemMap::kUnknownCode);
  for (std::size_t slot = 0; slot < of_slots.size(); ++slot) {
    codes[static_cast<std::size_t>(table.positions()[slot])] = of_slots[slot];
  }
  return codes;
}

/// Returns the first `count` of the audit's values by position.
std::vector<float> of_positions(std::span<const float> values, std::size_t count) {
  const auto known = values.first(count);
  return {known.begin(), known.end()};
}

TableState describe(const decode::Lane& lane, const decode::TableView& table) {
  const std::size_t count = lane.tokens().size();
  TableState state;
  state.positions.assign(table.positions().begin(), table.positions().end());
  state.scores = table.scores();
  if (table.audited()) {
    state.exact_mass = of_positions(table.exact_mass(), count);
    state.regret = of_positions(table.regret(), count);
  }
  return state;
}

/// All positions fed so far, evicted ones included, with buffers for one batch of sketch queries.
class AllPositions {
 public:
  explicit AllPositions(const decode::Lane& lane)
      : lane_(lane),
        positions_(lane.tokens().size()),
        ids_(positions_.size()),
        row_(positions_.size()) {
    std::iota(positions_.begin(), positions_.end(), 0);
  }

  /// Returns the sketch's estimate for each position, summed over the rows of items, (P); NaN if
  /// the position's item is not known any more. `codes` are the codes of keys by position.
  std::vector<float> estimates(const sketch::Sketch& sketch, const decode::TableView& table,
                               std::span<const std::uint32_t> codes) {
    sketch::ItemMap items = table.items();
    if (items.key == sketch::SketchKey::key_lsh && codes.empty()) {
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
  /// Returns the number of distinct tokens fed. It is computed on first use, as all layers share
  /// it.
  std::size_t distinct_tokens() {
    if (!distinct_tokens_) {
      distinct_tokens_ = distinct({lane_.tokens().begin(), lane_.tokens().end()});
    }
    return *distinct_tokens_;
  }

 private:
  const decode::Lane& lane_;
  std::vector<int> positions_;
  std::vector<std::uint32_t> ids_;
  std::vector<float> row_;
  std::optional<std::size_t> distinct_tokens_;
};

/// Returns the bytes of one exact counter per item. Positions index a plain array; other ids must
/// be stored with their counters.
std::size_t bytes_of_exact_counters(const decode::LayerView& layer, AllPositions& all) {
  const sketch::ItemMap items =
      layer.table(layer.table_count() - 1).items();  // its heads come last
  constexpr std::size_t kCounter = sizeof(float);
  constexpr std::size_t kCounterWithId = sizeof(float) + sizeof(std::uint32_t);
  switch (items.key) {
    case sketch::SketchKey::position:
      return all.count() * kCounter;
    case sketch::SketchKey::head_position:
      return all.count() * static_cast<std::size_t>(items.heads.first + items.rows()) * kCounter;
    case sketch::SketchKey::token:
      return all.distinct_tokens() * kCounterWithId;
    case sketch::SketchKey::key_lsh:
      break;
  }
  std::vector<std::uint32_t> codes;
  for (const decode::TableView& table : layer.tables()) {
    const std::span<const std::uint32_t> of_table = table.items().codes;
    codes.insert(codes.end(), of_table.begin(), of_table.end());
  }
  return distinct(std::move(codes)) * kCounterWithId;
}

/// Adds the layer's sketch to the state of its tables.
void add_sketch(const decode::LayerView& layer, AllPositions& all, LayerState& state) {
  const sketch::Sketch& sketch = *layer.sketch();
  for (int index = 0; index < layer.table_count(); ++index) {
    state.tables[static_cast<std::size_t>(index)].codes =
        codes_by_position(layer.table(index), all.count());
  }
  state.cells.assign(sketch.cells().begin(), sketch.cells().end());
  state.total_mass = sketch.total_mass();
  state.error_bound = sketch.error_bound();
  state.sketch_bytes = sketch.bytes();
  state.exact_bytes = bytes_of_exact_counters(layer, all);
  state.approximate = sketch.approximate();
}

/// Adds the sketch's estimates to the states of the layer's tables, which have their codes.
void add_estimates(const decode::LayerView& layer, AllPositions& all, LayerState& state) {
  for (int index = 0; index < layer.table_count(); ++index) {
    TableState& table = state.tables[static_cast<std::size_t>(index)];
    table.estimates = all.estimates(*layer.sketch(), layer.table(index), table.codes);
  }
}

/// Returns attention by head and position, (H, P); NaN if the head's table did not store the
/// position.
std::vector<float> attention_by_position(const decode::Lane& lane, int index) {
  const decode::LayerView layer = lane.layer(index);
  const decode::Attended& attended = layer.attended();
  if (attended.mass.empty()) return {};
  const std::size_t positions = lane.tokens().size();
  // A full cache has its slots in order of position, so that (H, S) equals (H, P).
  const bool in_order = layer.table_count() == 1 && attended.positions.size() == positions &&
                        std::ranges::is_sorted(attended.positions);
  if (in_order) return attended.mass;
  std::vector<float> attention;
  const auto make_room = [&](int heads) {
    attention.resize(std::max(attention.size(), static_cast<std::size_t>(heads) * positions),
                     kNotKnown);
  };
  make_room(for_each_attended(layer, [&](int head, int position, float mass) {
    make_room(head + 1);
    attention[static_cast<std::size_t>(head) * positions + static_cast<std::size_t>(position)] =
        mass;
  }));
  return attention;
}

}  // namespace

std::vector<LayerState> layer_states(const decode::Lane& lane, const decode::Lane* twin) {
  AllPositions all(lane);
  std::vector<LayerState> states;
  const std::vector<decode::LayerView> layers = lane.layers();
  states.reserve(layers.size());
  for (const decode::LayerView& layer : layers) {
    const auto index = static_cast<int>(states.size());
    LayerState state;
    for (const decode::TableView& table : layer.tables())
      state.tables.push_back(describe(lane, table));
    if (layer.sketch()) {
      add_sketch(layer, all, state);
      add_estimates(layer, all, state);
    }
    state.attention = attention_by_position(lane, index);
    if (twin) state.twin_attention = attention_by_position(*twin, index);
    states.push_back(std::move(state));
  }
  return states;
}

std::vector<LayerState> sketch_states(const decode::Lane& lane) {
  AllPositions all(lane);
  std::vector<LayerState> states;
  for (const decode::LayerView& layer : lane.layers()) {
    LayerState state;
    for (const decode::TableView& table : layer.tables()) {
      state.tables.emplace_back();
      if (!table.audited()) continue;
      state.tables.back().exact_mass = of_positions(table.exact_mass(), all.count());
    }
    if (layer.sketch()) add_sketch(layer, all, state);
    states.push_back(std::move(state));
  }
  return states;
}

const TableState* table_of(const LiveState& state, int layer, int head) {
  const auto at = static_cast<std::size_t>(layer);
  if (layer < 0 || head < 0 || at >= state.layers.size()) return nullptr;
  const auto& tables = state.layers[at].tables;
  const std::size_t index = tables.size() == 1 ? 0 : static_cast<std::size_t>(head);
  return index < tables.size() ? &tables[index] : nullptr;
}

std::optional<double> publish_ms_after(const LiveState& state, std::int64_t step) {
  const auto at = static_cast<std::size_t>(step);
  if (!state.publish_ms || step < 0 || at >= state.publish_ms->size()) return std::nullopt;
  return (*state.publish_ms)[at];
}

}  // namespace sketchscope::run
